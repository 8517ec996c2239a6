from collections import Counter

import numpy as np

INF = float("inf")


def frames(series):
    rows = [list(map(float, np.atleast_1d(frame))) for frame in series]
    if not rows or any(value != value for row in rows for value in row):
        raise ValueError("a series needs frames, and no NaN")
    return rows


def cost_matrix(x, y, metric="euclidean"):
    x, y = frames(x), frames(y)
    if len(x[0]) != len(y[0]):
        raise ValueError("frames differ in size")
    power = 1 if metric == "cityblock" else 2
    sums = [[sum(abs(a - b) ** power for a, b in zip(p, q)) for q in y] for p in x]
    return np.array(sums) ** (0.5 if metric == "euclidean" else 1)


def dtw(C, window=None):
    C = np.asarray(C).tolist()
    if not C or not C[0] or any(c != c for row in C for c in row):
        raise ValueError("C is empty or holds NaN")
    n, m = len(C), len(C[0])
    window = n + m if window is None else int(window)
    if abs(n - m) > window:
        raise ValueError("no path fits the window")
    D, came = [], {}
    for i in range(n):
        above = D[-1] if D else None
        row = [INF] * m
        for j in range(m):
            if abs(i - j) > window:
                continue
            options = [(0.0, None)] if i == j == 0 else []
            if above is not None:
                options.append((above[j], (i - 1, j)))
                if j:
                    options.append((above[j - 1], (i - 1, j - 1)))
            if j:
                options.append((row[j - 1], (i, j - 1)))
            best, came[i, j] = min(options, key=lambda option: option[0])
            row[j] = C[i][j] + best
        D.append(row)
    path, cell = [], (n - 1, m - 1)
    while cell is not None:
        path.append(cell)
        cell = came[cell]
    return np.array(D[-1][-1]), np.array(D), np.array(path[::-1], dtype=np.int32)


def knn_dtw(X_train, y_train, X_test, k=1, window=None, metric="euclidean"):
    def label(x):
        ranked = sorted((float(dtw(cost_matrix(x, t, metric), window)[0]), l) for t, l in zip(X_train, y_train))
        votes = Counter(l for _, l in ranked[:k])
        return min(votes, key=lambda l: (-votes[l], l))

    return np.array([label(x) for x in X_test])
