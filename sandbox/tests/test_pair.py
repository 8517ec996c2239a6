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
