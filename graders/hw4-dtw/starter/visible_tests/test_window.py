"""The Sakoe-Chiba window. Random costs hardly notice a missing one, so bumps stand far apart."""


import numpy as np
from assay import close, points
from cases import ask, costs, expect_distance, gap
def bumps(rng, length, at):
    """Flat but for one frame: to match two bumps, the path must leave the diagonal that far."""
    series = np.zeros(length)
    series[at] = rng.uniform(3, 5)
    return series


def expect_windowed(student, reference, C, windows):
    wants = [reference.dtw.dtw(C, w)[0] for w in windows]
    for w, want in zip(windows, wants):
        n, m = C.shape
        en, zh = f"through {n} x {m} costs with window {w}", f"{n} x {m} 代价矩阵、window={w} 时"
        expect_distance(student, C, want, en, zh, window=w)


@points(4, title={"en": "Window: each width has its distance", "zh": "窗口：不同宽度的距离"})
def test_window_distance(student, reference, rng):
    x, y = bumps(rng, 7, 1), bumps(rng, 7, 5)
    expect_windowed(student, reference, gap(x, y) + 0.1, [0, 2, 3, 4])


@points(2, title={"en": "Window: D is inf outside it", "zh": "窗口：窗外的 D 为 inf"})
def test_infinite_outside_window(student, reference, rng):
    for n, m, w in [(6, 6, 1), (4, 6, 2)]:
        C = costs(rng, n, m)
        D, want = ask(student, C, w)[1], reference.dtw.dtw(C, w)[1]
        assert close(D, want, name=f"D ({n} x {m}, window={w})")


