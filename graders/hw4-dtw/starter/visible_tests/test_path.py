"""The path: any of the cheapest ones is right, so no particular path is expected."""


from assay import both, points
from cases import ask, corridor, costs, steps_of
STEPS = {(0, 1), (1, 0), (1, 1)}


@points(5, title={"en": "The path leads from corner to corner", "zh": "路径从一角走到对角"})
def test_path_endpoints(student, reference, rng):
    for C in [corridor(rng, 6, 3), corridor(rng, 3, 6), costs(rng, 5, 5)]:
        n, m = C.shape
        path = steps_of(ask(student, C)[2])
        ends = (path[0], path[-1])
        assert ends == ((0, 0), (n - 1, m - 1)), both(
            f"the path through {n} x {m} costs must go from (0, 0) to {(n - 1, m - 1)}; "
            f"it goes from {path[0]} to {path[-1]}",
            f"{n} x {m} 代价矩阵的路径应从 (0, 0) 到 {(n - 1, m - 1)}；你的路径从 {path[0]} 到 {path[-1]}",
        )


@points(4, title={"en": "Each step goes down, right or both", "zh": "每一步向下、向右或对角"})
def test_path_steps(student, reference, rng):
    for n, m in [(4, 6), (6, 4), (5, 5)]:
        path = steps_of(ask(student, costs(rng, n, m))[2])
        assert len(path) >= min(n, m), both(
            f"no path through {n} x {m} costs has as few as {len(path)} cells",
            f"{n} x {m} 代价矩阵的路径不可能只有 {len(path)} 个格子",
        )
        for (i, j), (a, b) in zip(path, path[1:]):
            assert (a - i, b - j) in STEPS, both(
                f"the path steps from {(i, j)} to {(a, b)}; allowed are +1 in i, in j, or in both",
                f"路径从 {(i, j)} 走到 {(a, b)}；只允许 i 加 1、j 加 1 或两者都加 1",
            )


