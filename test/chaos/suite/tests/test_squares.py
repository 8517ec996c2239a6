"""Five tests of a fifth of a second each: long enough that most kills meet a grading, without needing a processor."""

from assay import points


def squared(student, rng):
    number = float(rng.standard_normal())
    assert student.work.slowly_squared(number) == number * number


@points(20, title={"en": "A first number", "zh": "第一个数"})
def test_first(student, rng):
    squared(student, rng)


@points(20, title={"en": "A second number", "zh": "第二个数"})
def test_second(student, rng):
    squared(student, rng)


@points(20, title={"en": "A third number", "zh": "第三个数"})
def test_third(student, rng):
    squared(student, rng)


@points(20, title={"en": "A fourth number", "zh": "第四个数"}, visibility="hidden")
def test_fourth(student, rng):
    squared(student, rng)


@points(20, title={"en": "A fifth number", "zh": "第五个数"}, visibility="hidden")
def test_fifth(student, rng):
    squared(student, rng)
