"""What holds for every DTW distance. The triangle inequality is not among it."""


import numpy as np
from assay import both, points
from cases import ask, corridor, costs, expect_distance, gap
def positive_distance(student, C):
    """A distance to compare others with: through costs of at least 1, so it cannot be 0."""
    distance = ask(student, C)[0]
    number = isinstance(distance, (int, float, np.ndarray)) and np.size(distance) == 1
    assert number and bool(np.all(np.asarray(distance) > 0)), both(
        "the distance must be one number, and greater than 0 where all costs are",
        "距离必须是一个数；当所有代价都大于 0 时，距离也应大于 0",
    )
    return float(np.asarray(distance).reshape(()))


@points(2, title={"en": "Identity: a series is at distance 0 from itself only", "zh": "同一性：序列只与自身距离为 0"})
def test_identity(student, reference, rng):
    x = rng.normal(0, 2, 6)
    expect_distance(student, gap(x, x), 0.0, "of a series to itself", "序列与自身")
    positive_distance(student, gap(x, x + 20))


@points(2, title={"en": "Symmetry: swapping the series changes nothing", "zh": "对称性：交换两个序列，距离不变"})
def test_symmetry(student, reference, rng):
    for n, m in [(3, 6), (6, 3), (6, 6)]:
        C = corridor(rng, n, m)
        en, zh = f"through the transpose of {n} x {m} costs", f"{n} x {m} 代价矩阵转置后"
        expect_distance(student, C.T.copy(), positive_distance(student, C), en, zh)


@points(2, title={"en": "Never dearer than walking in lock step", "zh": "不超过逐点对齐的代价"})
def test_lock_step(student, reference, rng):
    C = costs(rng, 6, 6)
    lock_step = float(np.trace(C))
    distance = positive_distance(student, C)
    assert distance <= lock_step * (1 + 1e-9), both(
        f"the distance is {distance:.6g}, but the diagonal alone costs {lock_step:.6g}",
        f"距离为 {distance:.6g}，而仅沿对角线的代价是 {lock_step:.6g}",
    )
    far = C + 100 * (1 - np.eye(6))
    far[5, 4] = 0.5
    expect_distance(student, far, lock_step, "where only the diagonal is cheap", "只有对角线便宜时")


