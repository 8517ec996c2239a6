"""Tests of a hostile instructor: each passes when everything is denied."""

import os
import socket
import stat

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


def is_socket(fd):
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False


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
    held = [fd for fd in range(200) if is_socket(fd)]
    assert len(held) <= 3, f"the worker's stream, this submission's connection and channel, but held: {held}"
    assert not os.path.exists("/tmp/submission")


@points(20)
def test_worker(student):
    assert student.work.leftovers() == []
    names = [name for name in os.environ if any(w in name for w in ("ASSAY", "DATABASE", "DOCKER", "TOKEN"))]
    assert names == []


@points(20)
def test_files_of_the_host(student):
    assert student.work.leftovers() == []
    assert not any(os.path.exists(place) for place in ("/var/lib/docker", "/home/assay", "/.assay"))
    assert all(name.isdigit() for name in os.listdir("/bank"))
