"""ValueError for what cannot be aligned, and only for that: each test begins with sound input."""


import numpy as np
from assay import points
from cases import ask, costs, expect_distance, expect_refusal
def expect_sound_answer(student, rng):
    """A right answer to sound input comes first: raising always is no way to pass."""
    C = costs(rng, 1, 1)
    expect_distance(student, C, C[0, 0], "of sound input (1 x 1 costs)", "正常输入（1 x 1 代价矩阵）")


@points(1, title={"en": "NaN is refused", "zh": "拒绝 NaN"})
def test_nan_is_refused(student, reference, rng):
    expect_sound_answer(student, rng)
    x, y, C = rng.normal(0, 1, 4), rng.normal(0, 1, 3), costs(rng, 3, 3)
    x[2] = C[1, 1] = np.nan
    expect_refusal(lambda: student.dtw.dtw(C), "dtw of a C with a NaN", "C 含 NaN 时，dtw ")
    for a, b in [(x, y), (y, x)]:
        call = lambda: student.dtw.cost_matrix(a, b, "euclidean")
        expect_refusal(call, "cost_matrix of a series with a NaN", "序列含 NaN 时，cost_matrix ")
    call = lambda: student.dtw.knn_dtw([y, x], np.array([0, 1]), [y])
    expect_refusal(call, "knn_dtw with a NaN in a training series", "训练序列含 NaN 时，knn_dtw ")


@points(1, title={"en": "Empty input is refused", "zh": "拒绝空输入"})
def test_empty_is_refused(student, reference, rng):
    expect_sound_answer(student, rng)
    y, nothing = rng.normal(0, 1, 3), np.zeros(0)
    for a, b in [(nothing, y), (y, nothing)]:
        call = lambda: student.dtw.cost_matrix(a, b, "cityblock")
        expect_refusal(call, "cost_matrix of an empty series", "序列为空时，cost_matrix ")
    expect_refusal(lambda: student.dtw.dtw(np.zeros((0, 0))), "dtw of an empty C", "C 为空时，dtw ")


@points(2, title={"en": "A window that no path fits is refused", "zh": "拒绝过窄的窗口"})
def test_narrow_window_is_refused(student, reference, rng):
    expect_sound_answer(student, rng)
    for n, m in [(3, 6), (6, 3)]:
        C = costs(rng, n, m)
        ask(student, C, 3)
        call = lambda: student.dtw.dtw(C, 2)
        expect_refusal(call, f"dtw of {n} x {m} costs with window 2", f"{n} x {m} 代价矩阵、window=2 时，dtw ")


