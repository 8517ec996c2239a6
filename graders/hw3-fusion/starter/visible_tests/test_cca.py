"""Canonical correlation analysis, the visible part."""


import numpy as np
from answers import agree
from assay import points
from views import fit, mixing, two_views, whitened
@points(2, title={"en": "CCA: an invertible map correlates perfectly", "zh": "CCA：可逆映射下相关系数为 1"})
def test_cca_invertible(student, rng):
    X, _ = two_views(rng, 60, 4, 4)
    _, _, rho = fit(student, X, X @ mixing(4).T + 2, 4, 0.0)
    agree(rho, np.ones(4), "rho", rtol=1e-5)


@points(4, title={"en": "CCA: AᵀΣA = I and BᵀΣB = I", "zh": "CCA：AᵀΣA = I 且 BᵀΣB = I"})
def test_cca_whitens(student, rng):
    X, Y = two_views(rng, 80, 5, 4)
    for reg in (0.0, 0.5):
        A, B, _ = fit(student, X, Y, 3, reg)
        whitened(A, X, reg, "A", f"X, reg = {reg}")
        whitened(B, Y, reg, "B", f"Y, reg = {reg}")


