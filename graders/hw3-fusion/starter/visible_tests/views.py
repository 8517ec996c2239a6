"""Data for canonical correlation: two correlated views with a mean far from zero."""


import numpy as np
from answers import agree, parts
from assay import both
def two_views(rng, n, p, q):
    """X [n, p] and Y [n, q]: three common causes, features mixed, means around 5 and −3."""
    causes = rng.standard_normal((n, 3))
    X = np.concatenate([causes, rng.standard_normal((n, p - 3))], axis=1)
    noisy = causes * [1.0, 0.9, 0.5] + rng.standard_normal((n, 3)) * [0.2, 0.6, 1.0]
    Y = np.concatenate([noisy, rng.standard_normal((n, q - 3))], axis=1)
    return X @ mixing(p) + 5, Y @ mixing(q) - 3


def mixing(size):
    """An invertible matrix that correlates all features strongly."""
    return np.eye(size) + 0.8 * np.tri(size, k=-1)


def covariance(X, Y, reg=0.0):
    centred = (X - X.mean(axis=0)).T @ (Y - Y.mean(axis=0)) / (len(X) - 1)
    return centred + reg * np.eye(len(centred)) if X is Y else centred


def fit(student, X, Y, k, reg):
    """(A, B, rho) of the student with the right shapes."""
    A, B, rho = parts(student.coordination.cca_fit(X, Y, k, reg), "A", "B", "rho")
    for name, got, shape in [("A", A, (X.shape[1], k)), ("B", B, (Y.shape[1], k)), ("rho", rho, (k,))]:
        right = isinstance(got, np.ndarray) and got.shape == shape and got.dtype.kind == "f" and np.isfinite(got).all()
        assert right, both(f"{name} must be a finite array of shape {list(shape)}", f"{name} 应为形状 {list(shape)} 的有限数组")
    return A, B, rho


def whitened(A, X, reg, name, view):
    """Asserts AᵀΣA = I."""
    agree(A.T @ covariance(X, X, reg) @ A, np.eye(A.shape[1]), both(f"{name}ᵀΣ{name} for {view}", f"{view} 的 {name}ᵀΣ{name}"), rtol=1e-5, atol=1e-7)


