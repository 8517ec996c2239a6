"""HW4: dynamic time warping. Fill in the three functions; the sheet explains each of them.

Use numpy and the standard library only. You may add functions and files of your own.
"""

import numpy as np


def cost_matrix(x, y, metric="euclidean"):
    """Distances between the frames of two series.

    x: float64[n] or float64[n, d]   (a 1-D series counts as d = 1)
    y: float64[m] or float64[m, d]
    metric: "euclidean", "sqeuclidean" or "cityblock"
    Returns C: float64[n, m], C[i, j] = distance between x[i] and y[j].
    Raises ValueError for an empty series, a NaN, or different d.
    """
    n, m = len(x), len(y)
    C = np.zeros((n, m))
    # TODO: fill in C
    return C


def dtw(C, window=None):
    """The cheapest warping path through a cost matrix.

    C: float64[n, m], not negative
    window: None, or an integer w: only cells with |i - j| <= w may be used
    Returns (distance, D, path):
      distance: float, the cost of the cheapest path (not divided by anything)
      D: float64[n, m], D[i, j] = cost of the cheapest path from (0, 0) to (i, j);
         inf in cells outside the window
      path: list of (i, j) from (0, 0) to (n - 1, m - 1)
    Raises ValueError for an empty C, a NaN, or a window smaller than |n - m|.
    """
    D = np.zeros(np.shape(C))
    path = []
    # TODO: fill in D, then walk back through it
    return 0.0, D, path


def knn_dtw(X_train, y_train, X_test, k=1, window=None, metric="euclidean"):
    """Labels of series by their k nearest neighbours under DTW.

    X_train, X_test: lists of series, as for cost_matrix; their lengths may differ
    y_train: int[len(X_train)]
    Returns labels: int[len(X_test)], the most common label among the k nearest;
    in a tie the smallest label.
    """
    # TODO
    return np.zeros(len(X_test), dtype=int)
