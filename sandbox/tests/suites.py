"""Small suites that the tests run."""

HEAD = "import numpy as np\nfrom assay import *\n"


def suite(body, reference="", extra=None):
    return {"tests/test_it.py": HEAD + body, "reference/ref.py": reference, **(extra or {})}


ADD = suite(
    """
@points(2, visibility="hidden")
def test_hidden(student, rng):
    x = rng.standard_normal(3)
    assert close(student.sub.add(x, 1.0), x + 1)

@points(1.5, title={"en": "adds", "zh": "加法"})
def test_add(student, reference, rng):
    x = rng.standard_normal((2, 3))
    assert close(student.sub.add(x, 2.0), reference.ref.add(x, 2.0))
    assert student.mutated == []
""",
    reference="def add(x, y):\n    return x + y\n",
)
GOOD = {"sub.py": "def add(x, y):\n    return x + y\n"}
