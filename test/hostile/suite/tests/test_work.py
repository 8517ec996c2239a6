"""Three visible tests, whose inputs are the same for all, and two hidden ones, whose inputs are drawn.

CANARY-tests-7c1e90: no student may ever see this line.
"""


from pathlib import Path

import numpy as np
from assay import Handle, attach_image, attach_plot, both, close, leaderboard, points

DATA = (Path(__file__).parent.parent / "data" / "expected.txt").read_text()


@points(20, title=both("act adds one", "act 加一"))
def test_act(student, reference):
    x = np.arange(4.0)
    assert close(student.work.act(x), reference.work.act(np.arange(4.0)))


@points(20, title=both("double", "加倍"))
def test_double(student):
    x = np.linspace(-1.0, 1.0, 5)
    assert close(student.work.double(x), 2 * x)


@points(20, title=both("Nothing is left of earlier tests", "没有遗留"))
def test_leftovers(student):
    found = student.work.leftovers()
    assert type(found) is list and not found, f"found: {str(found)[:500]}"


@points(20, title=both("total", "求和"), visibility="after_due_date")
def test_total(student, reference, rng):
    word = f"CANARY-input-{int(rng.integers(10**14, 10**15))}"
    x = rng.integers(0, 1000, 6)
    got = student.work.total(word, x)
    leaderboard("total", float(x.sum()))
    if isinstance(got, str):
        attach_plot(got, {"x": [float(v) for v in x]})
    assert isinstance(got, str) and got == reference.work.total(word, x), f"total({word!r}) gave {got!r}"


@points(20, title=both("A running sum", "累加"), visibility="hidden")
def test_running(student, rng):
    values = rng.integers(1, 10**6, 3)
    running = student.work.start(f"CANARY-input-{int(values[0])}")
    for n in range(3):
        got = running.add(int(values[n]))
        assert not isinstance(got, Handle) and close(got, values[: n + 1].sum())
    attach_image("sums", np.outer(values, values) % 255)
