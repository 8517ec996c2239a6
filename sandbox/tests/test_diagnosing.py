"""Naming the mistake behind a failed test: behind the report, by the suite's own code alone."""

import json
import time

import pytest
from suites import suite

REFERENCE = """
import numpy as np
def forward(x):
    return x * 2, (x, "cache")
def backward(dout, cache):
    x, _ = cache
    return dout * 2 + 0 * x
def count(n):
    return n + 1
"""
TESTS = """
opaque("sub.forward", -1)

@points(1)
def test_forward(student, rng):
    x = rng.standard_normal(3)
    assert close(student.sub.forward(x)[0], x * 2)
    assert student.mutated == []

@points(1)
def test_backward(student, rng):
    x = rng.standard_normal(3)
    _, cache = student.sub.forward(x)
    assert close(student.sub.backward(np.ones(3), cache), 2 * np.ones(3))

@points(1)
def test_count(student):
    assert student.sub.count(1) == 2 and student.sub.count(5) == 6
"""
MUTANTS = [
    ("halved", "return x * 2,", "return x / 2,", ["test_forward"]),
    ("in-place", "return x * 2,", "x *= 2; return x,", ["test_forward"]),
    ("dout-kept", "return dout * 2", "return dout * 1", ["test_backward"]),
    ("off-by-one", "return n + 1", "return n + 2", ["test_count"]),
    ("off-by-ten", "return n + 1", "return n + 11", ["test_count"]),
]


def with_mutants(mutants=MUTANTS, reference=REFERENCE, tests=TESTS):
    rows = [
        {"name": name, "fails": fails, "change": [{"file": "sub.py", "find": find, "replace": put}]}
        for name, find, put, fails in mutants
    ]
    files = suite(tests, reference)
    files["reference/sub.py"] = files.pop("reference/ref.py")
    return {**files, "mutants/index.json": json.dumps(rows)}


def diagnosed(p, files, slot=0, seconds=5, pairs=False):
    """{test: names} that follow the run's end."""
    p.sandbox(slot, files)
    p.order(slot, diagnose={"run": f"run-{slot}", "seconds": seconds, "pairs": pairs})
    p.results(files)
    if not p.finished.get("diagnosing"):
        return None
    told = p.until("diagnosed", 60)
    assert told["run"] == f"run-{slot}"
    return {test["name"]: [test["mutants"], *test["others"]] for test in told["tests"]}


NAMED = [
    ("another's style", {"return x * 2, (x": "return [v / 2 for v in x], (x"}, {"test_forward": [["halved"]]}),
    ("what is changed in place", {"return x * 2, (x": "x += x; return x, (x"}, {"test_forward": [["in-place"]]}),
    ("one of two", {"return n + 1": "return n + 11"}, {"test_count": [["off-by-ten"]]}),
    ("two in two tests", {"return n + 1": "return n + 2", "return dout * 2": "return dout"},
     {"test_count": [["off-by-one"]], "test_backward": [["dout-kept"]]}),
    ("a mistake that nobody knows", {"return n + 1": "return n + 7"}, {}),
    ("an exception", {"return n + 1": "raise ValueError('no')"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changes", "wanted"), NAMED, ids=[n[0] for n in NAMED])
def test_the_mistake_that_answers_alike_is_named(pair, name, changes, wanted):
    code = REFERENCE
    for find, put in changes.items():
        assert find in code
        code = code.replace(find, put)
    assert diagnosed(pair(suite=with_mutants()), {"sub.py": code}) == wanted


def test_where_nothing_failed_nothing_is_looked_for(pair):
    assert diagnosed(pair(suite=with_mutants()), {"sub.py": REFERENCE}) is None


def test_a_cache_of_the_students_own_class_is_the_replaying_modules_own(pair):
    code = """
class Cache:
    def __init__(self, x): self.x = x
def forward(x): return x * 2, Cache(x)
def backward(dout, cache): return dout + 0 * cache.x
def count(n): return n + 1
"""
    assert diagnosed(pair(suite=with_mutants()), {"sub.py": code}) == {"test_backward": [["dout-kept"]]}


def test_two_mistakes_in_one_answer_are_named_together(pair):
    tests = """
@points(1)
def test_sum(student):
    assert student.sub.sum(1.0, 2.0) == 4.0
"""
    mutants = [
        ("a-doubled", "a = a", "a = 2 * a", ["test_sum"]),
        ("one-forgotten", "+ 1", "+ 0", ["test_sum"]),
        ("b-squared", "b = b", "b = b * b", ["test_sum"]),
    ]
    files = with_mutants(mutants, "def sum(a, b):\n    a = a\n    b = b\n    return a + b + 1\n", tests)
    p = pair(suite=files, slots=2)
    code = "def sum(first, second):\n    return 2 * first + second ** 2 + 1\n"
    assert diagnosed(p, {"sub.py": code}, pairs=True) == {"test_sum": [["a-doubled", "b-squared"]]}
    assert diagnosed(p, {"sub.py": code}, slot=1, pairs=False) == {}


def test_the_next_submission_does_not_wait_for_it(pair):
    slow = [("slow", "return n + 1", "while True: pass", ["test_count"])]
    p = pair(suite=with_mutants(slow), slots=2)
    wrong = {"sub.py": REFERENCE.replace("n + 1", "n + 7")}
    p.sandbox(0, wrong)
    p.order(0, diagnose={"run": "first", "seconds": 2, "pairs": False})
    p.results(wrong)
    assert p.finished["diagnosing"] is True
    ended = p.run({"sub.py": REFERENCE}, slot=1)
    assert {frame["ended"] for frame in ended.values()} == {"passed"}
    told = [e for e in p.events if e["op"] == "diagnosed"] or [p.until("diagnosed", 30)]
    assert told[0]["run"] == "first" and told[0]["tests"] == []


def states(p):
    """Of the harness's forks, as the kernel says: T stands still."""
    pid = p.harness.process.pid
    forks = open(f"/proc/{pid}/task/{pid}/children").read().split()
    return [open(f"/proc/{fork}/stat").read().rsplit(")", 1)[1].split()[0] for fork in forks]


def test_while_submissions_follow_each_other_nothing_is_looked_for(pair):
    slow = [("slow", "return n + 1", "while True: pass", ["test_count"])]
    p = pair(suite=with_mutants(slow), slots=2)
    wrong = {"sub.py": REFERENCE.replace("n + 1", "n + 7")}
    for slot in range(2):
        p.sandbox(slot, wrong)
    for slot in range(2):
        p.order(slot, diagnose={"run": f"run-{slot}", "seconds": 20, "pairs": False})
        p.results(wrong)
        comes(lambda stands=slot + 1: states(p) == ["T"] * stands)
    comes(lambda: "R" in states(p))


def comes(true):
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline


def test_what_is_too_slow_to_be_asked_may_be_the_one(pair):
    slow = [*MUTANTS, ("slow", "return n + 1", "while True: pass", ["test_count"])]
    p = pair(suite=with_mutants(slow))
    named = diagnosed(p, {"sub.py": REFERENCE.replace("n + 1", "n + 2")}, seconds=20)
    assert named == {"test_count": [["off-by-one"], ["slow"]]}


def test_of_two_that_answer_alike_it_is_the_one_that_is_out_of_time_in_the_same_tests(pair):
    reference = REFERENCE + "def slow(n):\n    return n\n"
    tests = TESTS + "\n@points(1, per_test=1)\ndef test_slow(student):\n    assert student.sub.slow(1) == 1\n"
    mutants = [
        ("quick", "return n + 1", "return n + 2", ["test_count"]),
        ("slow", "return n + 1", "return 2 + n", ["test_count", "test_slow"]),
    ]
    p = pair(suite=with_mutants(mutants, reference, tests), slots=2)
    code = reference.replace("n + 1", "n + 2")
    assert diagnosed(p, {"sub.py": code}) == {"test_count": [["quick"]]}
    hangs = code.replace("def slow(n):", "def slow(n):\n    while True: pass")
    assert diagnosed(p, {"sub.py": hangs}, slot=1) == {"test_count": [["slow"]]}


def test_a_mutant_that_ends_its_process_costs_the_diagnosis_alone(pair):
    bad = [("ends", "return n + 1", "import os; os._exit(1)", ["test_count"])]
    p = pair(suite=with_mutants(bad), slots=2)
    assert diagnosed(p, {"sub.py": REFERENCE.replace("n + 1", "n + 2")}) == {}
    assert {f["ended"] for f in p.run({"sub.py": REFERENCE}, slot=1).values()} == {"passed"}


def test_without_the_wish_nothing_is_kept_or_told(pair):
    p = pair(suite=with_mutants())
    p.run({"sub.py": REFERENCE.replace("n + 1", "n + 2")})
    assert "diagnosing" not in p.finished
