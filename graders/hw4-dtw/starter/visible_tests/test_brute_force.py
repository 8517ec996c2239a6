"""Against every path there is: slow, and beyond doubt."""


from assay import points
from cases import cheapest_by_trying_all, costs, expect_distance
def rugged(rng, n, m):
    """Costs of three magnitudes, so that detours pay."""
    return costs(rng, n, m) * rng.choice([0.1, 1.0, 10.0], (n, m))


def expect_cheapest(student, C):
    n, m = C.shape
    en, zh = f"through {n} x {m} costs (the cheapest of all paths)", f"{n} x {m} 代价矩阵（所有路径中最便宜者）"
    expect_distance(student, C, cheapest_by_trying_all(C), en, zh)


@points(6, title={"en": "The cheapest of all paths", "zh": "所有路径中最便宜的"})
def test_cheapest_of_all_paths(student, reference, rng):
    for n in [3, 4, 5, 6] * 5:
        expect_cheapest(student, rugged(rng, n, n))


