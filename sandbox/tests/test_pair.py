"""The way of one submission through two real processes."""

from suites import ADD, GOOD, suite


def test_a_right_submission_passes_and_visible_tests_come_first(pair):
    p = pair(suite=ADD)
    assert [(t["name"], t["points"], t["visibility"], t["number"]) for t in p.collected["tests"]] == [
        ("test_add", 150, "visible", "2"),
        ("test_hidden", 200, "hidden", "1"),
    ]
    assert p.collected["libraries"]["numpy"]
    done = p.run(GOOD)
    assert {n: (t["ended"], t["score"]) for n, t in done.items()} == {
        "test_add": ("passed", 1.0),
        "test_hidden": ("passed", 1.0),
    }
    assert p.finished["op"] == "run_finished" and not p.finished["tainted"]

STAGED = suite(
    """
STAGE = "after_due"

@points(1)
def test_later(student):
    assert student.sub.add(1, 1) == 2

@points(1, stage="staff", visibility="hidden")
def test_ours(student):
    assert student.sub.add(1, 1) == 2

@points(1, stage="submit", visibility="until_due_date")
def test_now(student):
    assert student.sub.add(1, 1) == 2
"""
)


def test_a_test_says_when_it_runs_and_a_file_says_it_for_all_of_its(pair):
    p = pair(suite=STAGED)
    assert [(t["name"], t["stage"], t["visibility"]) for t in p.collected["tests"]] == [
        ("test_later", "after_due", "visible"),
        ("test_now", "submit", "until_due_date"),
        ("test_ours", "staff", "hidden"),
    ]
    assert set(p.run(GOOD, tests=["test_now"])) == {"test_now"}

