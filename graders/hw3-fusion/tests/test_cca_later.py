"""Canonical correlation analysis, the part that opens after the due date."""
import numpy as np
from answers import agree
from assay import both, points
from views import covariance, fit, two_views


@points(3, title={"en": "CCA: the correlations", "zh": "CCA：相关系数"}, visibility="after_due_date")
def test_cca_correlations(student, rng):
    X, Y = two_views(rng, 90, 4, 6)
    _, _, rho = fit(student, X, Y, 3, 0.0)
    Qx, Qy = (np.linalg.qr(Z - Z.mean(axis=0))[0] for Z in (X, Y))  # another way than the homework's
    want = np.linalg.svd(Qx.T @ Qy, compute_uv=False)[:3]
    agree(rho, want, "rho", advice=both("Falling order, by an independent method.", "按降序，用另一种方法求得。"), rtol=1e-5, atol=1e-7)


@points(3, title={"en": "CCA: the columns belong together", "zh": "CCA：两组方向互相对应"}, visibility="after_due_date")
def test_cca_pairs(student, reference, rng):
    X, Y = two_views(rng, 70, 5, 5)
    reg = 0.3
    A, B, rho = fit(student, X, Y, 2, reg)
    want = reference.coordination.cca_fit(X, Y, 2, reg)[2]
    agree(rho, want, both("rho with reg = 0.3", "reg = 0.3 时的 rho"), rtol=1e-5, atol=1e-7)
    agree(A.T @ covariance(X, Y) @ B, np.diag(want), both("AᵀΣ_xy B (which is diag(rho))", "AᵀΣ_xy B（应等于 diag(rho)）"), rtol=1e-5, atol=1e-7)
