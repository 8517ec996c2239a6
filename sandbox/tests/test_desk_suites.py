"""The desk kits of the course's suites agree with the server: what fails there fails here.

What the server says of the reference and of a mutant stands in mutant.yaml, and `assay suite validate` has
proved it; the starter runs in a real harness and runner here. Every sixth mutant runs here; `DESK_ALL=1` takes all of them.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

GRADERS = Path(__file__).resolve().parents[2] / "graders"
SUITES = [path.parents[1].name for path in sorted(GRADERS.glob("*/starter/assay_check"))]
NEVER_SENT = ("mutants", "alternatives")
STEP = 1 if os.environ.get("DESK_ALL") else 6
# On a busy machine; each takes some seconds.
PATIENCE_S = 240
# Out of time on the server; here, where nothing ends a test, it goes on for ever.
ENDLESS = {"exponential-recursion"}


def cases():
    for suite in SUITES:
        mutants = sorted(path.parent.name for path in (GRADERS / suite / "mutants").glob("*/mutant.yaml"))
        for name in ["reference", "starter", *mutants[::STEP]]:
            yield pytest.param(suite, name, id=f"{suite}-{name}")


def contents(folder, without=()):
    """{path: bytes} of every file below the folder."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    named = {path.relative_to(folder): path for path in paths}
    return {str(name): path.read_bytes() for name, path in named.items() if name.parts[0] not in without}


def of_the_pair(pair, suite):
    """The names of the visible tests that the starter does not pass in a harness and a runner."""
    place = GRADERS / suite
    settings = yaml.safe_load((place / "grader.yaml").read_text("utf-8"))
    limits = {"per_test_s": PATIENCE_S, "wall_s": 5 * PATIENCE_S}
    there = pair(suite=contents(place, NEVER_SENT), preload=settings["preload"], limits=limits)
    visible = [test["name"] for test in there.collected["tests"] if test["visibility"] == "visible"]
    results = there.run(contents(place / "starter"), tests=visible)
    assert list(results) == visible
    # A test without a partial score of its own is worth all or nothing.
    return {name for name, test in results.items() if test["ended"] != "passed" and (test.get("score") or 0) < 1}


def lay_out(suite, name, folder):
    """A student's folder: the starter with its kit, and the solution's files over it. Answers what must fail."""
    shutil.copytree(GRADERS / suite / "starter", folder)
    if name == "starter":
        return None
    shutil.copytree(GRADERS / suite / "reference", folder, dirs_exist_ok=True)
    if name == "reference":
        return set()
    place = GRADERS / suite / "mutants" / name
    mutant = yaml.safe_load((place / "mutant.yaml").read_text("utf-8"))
    changes = mutant.get("change", [])
    for change in changes if isinstance(changes, list) else [changes]:
        file = folder / change["file"]
        text = file.read_text("utf-8")
        assert text.count(change["find"]) == 1
        file.write_text(text.replace(change["find"], change["replace"]), "utf-8")
    shutil.copytree(place, folder, dirs_exist_ok=True)
    return set(mutant["fails"])


@pytest.mark.parametrize("suite, name", cases())
def test_desk_kit_agrees_with_the_server(suite, name, tmp_path, pair):
    fails = lay_out(suite, name, tmp_path / "work")
    if fails is None:
        fails = of_the_pair(pair, suite)
    command = [sys.executable, "-m", "assay_check", "--json"]
    if name in ENDLESS:
        with pytest.raises(subprocess.TimeoutExpired):
            subprocess.run(command, cwd=tmp_path / "work", capture_output=True, timeout=20)
        return
    run = subprocess.run(command, cwd=tmp_path / "work", capture_output=True, text=True, timeout=PATIENCE_S)
    # What the kit itself leaves to the server (a speed against the reference's) has no word here.
    tests = [test for test in json.loads(run.stdout)["tests"] if test["word"] != "left"]
    failed = {test["name"] for test in tests if test["word"] != "passed"}
    names = {test["name"] for test in tests}
    assert names
    assert failed == fails & names
