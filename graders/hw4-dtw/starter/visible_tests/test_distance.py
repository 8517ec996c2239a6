"""The distance, and the table of accumulated costs that it is read from."""


import numpy as np
from assay import close, points
from cases import ask, costs, expect_distance, gap, late_start, pulses
BOOK_X, BOOK_Y = np.array([1.0, 3, 3, 8, 1]), np.array([2.0, 0, 0, 8, 7, 2])


BOOK_D = np.array(
    [
        [1.0, 2, 3, 10, 16, 17],
        [2, 4, 5, 8, 12, 13],
        [3, 5, 7, 10, 12, 13],
        [9, 11, 13, 7, 8, 14],
        [10, 10, 11, 14, 13, 9],
    ]
)


@points(3, title={"en": "Textbook examples", "zh": "教科书中的例子"})
def test_textbook_examples(student, reference, rng):
    examples = [
        (BOOK_X, BOOK_Y, 9.0),
        (np.array([1.0, 2, 3]), np.array([1.0, 2, 2, 3, 4]), 1.0),
        (np.array([0.0, 1, 1]), np.array([2.0, 0, 1]), 2.0),
    ]
    for x, y, want in examples:
        series = f"{x.astype(int).tolist()} ~ {y.astype(int).tolist()}"
        expect_distance(student, gap(x, y), want, f"of {series}", series)


@points(3, title={"en": "Accumulated costs D", "zh": "累积代价矩阵 D"})
def test_accumulated_costs(student, reference, rng):
    for C, want in [
        (gap(BOOK_X, BOOK_Y), BOOK_D),
        (C := costs(rng, 4, 4), reference.dtw.dtw(C)[1]),
    ]:
        D = ask(student, C)[1]
        assert close(D, want, name="D")


@points(6, title={"en": "Long, strongly warped series", "zh": "强烈扭曲的长序列"})
def test_warped_series(student, reference, rng):
    heights = rng.uniform(2, 4, 5)
    x = pulses(80, [5, 12, 20, 30, 40], heights) + rng.normal(0, 0.5, 80)
    y = pulses(80, [35, 45, 57, 64, 74], heights) + rng.normal(0, 0.5, 80)
    C = gap(*late_start(rng, x, y, 10))
    en, zh = "of two long series (80 and 80 frames)", "两个长序列（80 帧与 80 帧）"
    expect_distance(student, C, reference.dtw.dtw(C)[0], en, zh)


