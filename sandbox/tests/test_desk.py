"""The desk kit: holds the visible tests and nothing else, and agrees with the server."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from rig import SANDBOX
from suites import HEAD

TESTS = (
    HEAD
    + """
import helper
from helper import secret_inputs
SECRET = "canary-constant"

def secret_check(got):
    return got == "canary-function"

@points(3, title={"en": "gradient", "zh": "梯度"})
def test_gradient(student, reference, rng):
    x, dout = helper.inputs(rng)
    want = numeric_gradient(lambda v: reference.sub.square(v), x, dout)
    assert close(student.sub.back(x, dout), want, rtol=1e-5, atol=1e-7, name="dx")

@points(2)
def test_square(student, reference, rng):
    x, _ = helper.inputs(rng)
    assert close(student.sub.square(x), reference.sub.square(x))
    assert student.mutated == []

@points(1)
def test_large(student, reference, rng):
    x = rng.standard_normal((200, 200))
    total, whole = reference.sub.large(x)
    assert close(student.sub.large(x)[0], total)

@points(1)
def test_whole(student, reference, rng):
    x = rng.standard_normal((200, 200))
    assert close(student.sub.large(x)[1], reference.sub.large(x)[1])

@points(5, visibility="hidden")
def test_hidden(student, rng):
    assert student.sub.square(secret_inputs(rng)) == SECRET or secret_check(1)
"""
)
HELPER = """
import numpy as np
from assay import data_path
SCALE = 2.0
def unused_secret_table(): return "canary-unused"
def inputs(rng): return SCALE * rng.standard_normal((2, 3)), np.loadtxt(data_path("dout.txt"))
def secret_inputs(rng): return "canary-helper", data_path("secret.txt")
"""
REFERENCE = """
def square(x): return x * x
def back(x, dout): return 2 * x * dout  # canary-reference
def large(x): return float(x.sum()), x + 1
"""
MUTANTS = {
    "reference": REFERENCE,
    "no factor": REFERENCE.replace("2 * x", "x"),
    "in place": REFERENCE.replace("return x * x", "x *= x; return x"),
    "sum": REFERENCE.replace("x.sum()", "x.mean()"),
    "empty": "",
}


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suite")
    files = {"tests/test_it.py": TESTS, "tests/helper.py": HELPER, "reference/sub.py": REFERENCE, "starter/sub.py": ""}
    files |= {"data/dout.txt": "1 2 3\n4 5 6\n", "data/secret.txt": "canary-data"}
    files |= {"tests/test_hidden_only.py": HEAD + "@points(1, visibility='after_due_date')\ndef test_canary(student): pass\n"}
    for name, text in files.items():
        os.makedirs(folder / os.path.dirname(name), exist_ok=True)
        (folder / name).write_text(text)
    subprocess.run([sys.executable, f"{SANDBOX}/harness/desk.py", str(folder)], check=True)
    return folder / "starter", files


def check(kit, tmp_path, source, *options):
    shutil.copytree(kit[0], tmp_path / "work")
    (tmp_path / "work" / "sub.py").write_text(source)
    command = [sys.executable, "-m", "assay_check", *options]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    ran = subprocess.run(command, cwd=tmp_path / "work", env=environment, capture_output=True, text=True)
    assert ran.returncode in (0, 1) and not ran.stderr, ran.stderr
    return ran


def test_nothing_hidden_is_in_the_kit(kit):
    found = []
    for folder, _, names in os.walk(kit[0]):
        for name in names:
            data = open(os.path.join(folder, name), "rb").read()
            found += [(name, word) for word in (b"canary", b"test_hidden", b"secret_", b"secret.") if word in data or word.decode() in name]
    assert found == []


@pytest.mark.parametrize("name", MUTANTS)
def test_the_kit_agrees_with_the_pair(kit, pair, tmp_path, name):
    ran = check(kit, tmp_path, MUTANTS[name], "--json")
    here = {r["name"]: r for r in json.loads(ran.stdout)["tests"]}
    assert here.pop("test_whole")["word"] == ("failed" if name == "empty" else "left")
    there = pair(suite=kit[1]).run({"sub.py": MUTANTS[name]})
    assert {n: r["ended"] for n, r in here.items()} == {n: there[n]["ended"] for n in here}
    assert ran.returncode == (0 if name == "reference" else 1)


def test_the_kit_says_what_remains_on_the_server(kit, tmp_path):
    text = check(kit, tmp_path, MUTANTS["no factor"], "--lang", "en").stdout
    assert "FAILED  gradient  (0/3)\n    dx: first mismatch at [0, 0]" in text
    assert "3 of 6 points in the tests that run here." in text
    assert "3 more tests worth 7 points run on the server." in text


def test_the_students_traceback_has_no_frame_of_the_kit(kit, tmp_path):
    text = check(kit, tmp_path, "def square(x):\n    return x[99]\n").stdout
    assert 'File "sub.py", line 2, in square' in text and "vendor" not in text
