"""Dynamic time warping (Sakoe and Chiba, 1978): exact, with a band, and a classifier on top."""

import numpy as np

METRICS = {
    "euclidean": lambda gap: np.sqrt(np.sum(gap**2, axis=-1)),
    "sqeuclidean": lambda gap: np.sum(gap**2, axis=-1),
    "cityblock": lambda gap: np.sum(np.abs(gap), axis=-1),
}


def cost_matrix(x, y, metric="euclidean"):
    """C[i, j] = distance between frame i of x and frame j of y; float64[n, m]."""
    x, y = as_series(x), as_series(y)
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"frames of {x.shape[1]} values cannot be compared with frames of {y.shape[1]}")
    return METRICS[metric](x[:, None] - y[None, :])


def dtw(C, window=None):
    """The cheapest warping path through C: (its cost, the accumulated costs D[n, m], the path)."""
    C = without_nan(np.asarray(C, dtype=float))
    n, m = C.shape
    if window is not None:
        if window < abs(n - m):
            raise ValueError(f"no path from corner to corner of {n} x {m} stays within window {window}")
        C = np.where(off_diagonal(n, m) <= window, C, np.inf)
    D = accumulate(C)
    path = walk_back(D)
    return float(D[-1, -1]), D, path


def knn_dtw(X_train, y_train, X_test, k=1, window=None, metric="euclidean"):
    """The label that most of the k nearest training series bear; the smallest one in a tie."""
    y_train = np.asarray(y_train)
    labels = []
    for x in X_test:
        distances = [dtw(cost_matrix(x, other, metric), window)[0] for other in X_train]
        nearest = np.lexsort((y_train, distances))[:k]
        labels.append(most_common(y_train[nearest]))
    return np.array(labels)


def as_series(x):
    """float64[n, d]; a series of plain numbers has d = 1."""
    x = without_nan(np.asarray(x, dtype=float))
    return x[:, None] if x.ndim == 1 else x


def without_nan(values):
    """The values themselves: NaN poisons every minimum after it, so it stops here."""
    if values.size == 0:
        raise ValueError("empty input")
    if np.isnan(values).any():
        raise ValueError("NaN in the input")
    return values


def off_diagonal(n, m):
    """|i - j| for every cell."""
    return np.abs(np.arange(n)[:, None] - np.arange(m)[None, :])


def accumulate(C):
    """D[i, j] = C[i, j] + min(D[i-1, j-1], D[i-1, j], D[i, j-1]).

    The cells of one anti-diagonal depend only on the two before it, so each is a single
    vector step. A border of inf, with one 0 to start from, spares the edge cases.
    """
    n, m = C.shape
    D = np.full((n + 1, m + 1), np.inf)
    D[0, 0] = 0.0
    for total in range(2, n + m + 1):
        i = np.arange(max(1, total - m), min(n, total - 1) + 1)
        j = total - i
        best = np.minimum(D[i - 1, j - 1], np.minimum(D[i - 1, j], D[i, j - 1]))
        D[i, j] = C[i - 1, j - 1] + best
    return D[1:, 1:]


def walk_back(D):
    """From the last cell, always to the cheapest predecessor: no second table is needed."""
    i, j = D.shape[0] - 1, D.shape[1] - 1
    path = [(i, j)]
    while i > 0 or j > 0:
        before = [(i - 1, j - 1), (i - 1, j), (i, j - 1)]
        i, j = min((cell for cell in before if min(cell) >= 0), key=lambda cell: D[cell])
        path.append((i, j))
    return path[::-1]


def most_common(labels):
    """np.unique sorts, and argmax takes the first: the smallest of equally common labels."""
    values, counts = np.unique(labels, return_counts=True)
    return values[np.argmax(counts)]
