"""Tests of a hostile instructor: each passes when everything is denied."""

import os
import socket

from assay import points


def denied(action):
    try:
        action()
    except OSError:
        return True
    return False


def connect(family, address):
    with socket.socket(family) as end:
        end.settimeout(1)
        end.connect(address)


@points(20)
def test_network(student):
    assert student.work.leftovers() == []
    assert denied(lambda: connect(socket.AF_INET, ("1.1.1.1", 443)))
    assert denied(lambda: socket.getaddrinfo("example.org", 80))
    assert os.listdir("/sys/class/net") == ["lo"]


@points(20)
def test_engine_and_host(student):
    assert student.work.leftovers() == []
    assert denied(lambda: connect(socket.AF_UNIX, "/var/run/docker.sock"))
    assert denied(lambda: open("/opt/assay/harness/main.py", "a"))
    assert denied(lambda: os.setuid(0)) and denied(lambda: os.unshare(0x10000000))


@points(20)
def test_other_submissions(student):
    assert student.work.leftovers() == []
    assert all(denied(lambda: connect(socket.AF_UNIX, f"/bank/{n}/s")) for n in range(40))
    assert not os.path.exists("/tmp/submission")


@points(20)
def test_worker(student):
    assert student.work.leftovers() == []
    names = [name for name in os.environ if any(w in name for w in ("ASSAY", "DATABASE", "DOCKER", "TOKEN"))]
    assert names == []


@points(20)
def test_secret(student):
    assert student.work.leftovers() == []
    from assay import current

    text = repr(vars(current)) + repr(dict(os.environ))
    assert "secret" not in text
