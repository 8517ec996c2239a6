"""ValueError for what cannot be aligned, and only for that: each case has a sound twin."""

import numpy as np

from assay import points, raises
from cases import costs, expect_distance


def expect_sound_answer(student, rng):
    """A right answer to sound input comes first: raising always is no way to pass."""
    C = costs(rng, 1, 4)
    expect_distance(student, C, C.sum(), "of sound input (1 x 4 costs)", "正常输入（1 x 4 代价矩阵）")


@points(1, title={"en": "NaN is refused", "zh": "拒绝 NaN"})
def test_nan_is_refused(student, reference, rng):
    expect_sound_answer(student, rng)
    x, y, C = rng.normal(0, 1, 4), rng.normal(0, 1, 3), costs(rng, 3, 3)
    x[2] = C[1, 1] = np.nan
    with raises("ValueError"):
        student.dtw.dtw(C)
    with raises("ValueError"):
        student.dtw.cost_matrix(x, y, "euclidean")
    with raises("ValueError"):
        student.dtw.knn_dtw([y, x], [0, 1], [y])


@points(1, title={"en": "Empty input is refused", "zh": "拒绝空输入"})
def test_empty_is_refused(student, reference, rng):
    expect_sound_answer(student, rng)
    y, nothing = rng.normal(0, 1, 3), np.zeros(0)
    with raises("ValueError"):
        student.dtw.cost_matrix(nothing, y, "euclidean")
    with raises("ValueError"):
        student.dtw.cost_matrix(y, nothing, "cityblock")
    with raises("ValueError"):
        student.dtw.dtw(np.zeros((0, 0)))


@points(
    1,
    title={"en": "Frames of different sizes are refused", "zh": "拒绝维数不同的帧"},
    visibility="after_due_date",
)
def test_dimension_mismatch_is_refused(student, reference, rng):
    expect_sound_answer(student, rng)
    for d, e in [(2, 3), (1, 3)]:
        with raises("ValueError"):
            student.dtw.cost_matrix(rng.normal(0, 1, (4, d)), rng.normal(0, 1, (3, e)), "euclidean")


@points(2, title={"en": "A window that no path fits is refused", "zh": "拒绝过窄的窗口"})
def test_narrow_window_is_refused(student, reference, rng):
    for n, m in [(3, 6), (6, 3)]:
        C = costs(rng, n, m)
        en, zh = f"through {n} x {m} costs with window 5", f"{n} x {m} 代价矩阵、window=5 时"
        expect_distance(student, C, reference.dtw.dtw(C)[0], en, zh, window=5)
        with raises("ValueError"):
            student.dtw.dtw(C, 2)
