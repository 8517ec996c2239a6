"""`python3 desk.py SUITE_DIR`: writes the desk kit into the suite's starter/ (see README.md, "The desk kit")."""

import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SANDBOX = os.path.dirname(HERE)
sys.path[:0] = [HERE, os.path.join(SANDBOX, "wire"), os.path.join(SANDBOX, "runner")]

from assay import current  # noqa: E402
from assay.collecting import collect  # noqa: E402
from assay.inprocess import Reference, run_test  # noqa: E402
from assay.oracle import NotHere, Recorder  # noqa: E402
from pruning import visible_sources  # noqa: E402

KEY = bytes(32)
# The parts of the harness that a student's machine needs, and nothing of how a server runs them.
VENDORED = """__init__ check collecting comparison current errors gradient inprocess marks oracle outcome record
    seeds student words""".split()
STUB = '''"""The desk kit: `python -m assay_check` beside your files runs the visible tests."""

import os
import sys

KIT = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(KIT, "vendor"))

from assay.check import main  # noqa: E402

main(KIT)
'''


def build(suite):
    """Writes starter/assay_check and starter/visible_tests. Returns the names of tests left to the server."""
    kit, visible = (os.path.join(suite, "starter", name) for name in ("assay_check", "visible_tests"))
    for folder in (kit, visible):
        shutil.rmtree(folder, ignore_errors=True)
    sys.dont_write_bytecode = True
    current.set_suite_folder(suite)
    tests = collect(os.path.join(suite, "tests"))
    recorder = Recorder(Reference(os.path.join(suite, "reference")))
    left = _record([t for t in tests if t.mark.visibility == "visible"], suite, recorder)
    _write_kit(kit, recorder, [t for t in tests if t.mark.visibility != "visible"])
    _write_tests(suite, visible)
    return left


def _record(tests, suite, recorder):
    """Runs the visible tests against the reference; stops at one that the reference fails."""
    current.set_oracle(recorder)
    left = []
    for test in tests:
        try:
            result = run_test(test, os.path.join(suite, "reference"), recorder, KEY)
        except NotHere:
            left.append(test.name)
            continue
        if result["score"] < 1:
            sys.exit(f"{test.name}: the reference does not pass: {result['message']}")
    current.set_oracle(None)
    return left


def _write_kit(kit, recorder, hidden):
    vendor = os.path.join(kit, "vendor", "assay")
    os.makedirs(vendor)
    for name in VENDORED:
        shutil.copy(os.path.join(HERE, "assay", f"{name}.py"), vendor)
    shutil.copy(os.path.join(SANDBOX, "wire", "wire.py"), os.path.dirname(vendor))
    shutil.copy(os.path.join(SANDBOX, "runner", "answer.py"), os.path.dirname(vendor))
    _write(os.path.join(kit, "__init__.py"), "")
    _write(os.path.join(kit, "__main__.py"), STUB)
    remaining = {"count": len(hidden), "points": sum(t.mark.hundredths for t in hidden) / 100}
    _write(os.path.join(kit, "remaining.json"), json.dumps(remaining) + "\n")
    with open(os.path.join(kit, "expected.bin"), "wb") as file:
        file.write(recorder.packed())


def _write_tests(suite, visible):
    """The visible tests, what they use of their neighbours, and the data files that they opened."""
    os.makedirs(visible)
    for name, source in visible_sources(os.path.join(suite, "tests")).items():
        _write(os.path.join(visible, name), source)
    for name in current.data_used():
        source = os.path.join(suite, "data", name)
        if os.path.isfile(source):
            target = os.path.join(visible, "data", name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(source, target)


def _write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 desk.py SUITE_DIR")
    for name in build(os.path.realpath(sys.argv[1])):
        print(f"{name}: asks the reference for what a kit cannot hold; left to the server")
