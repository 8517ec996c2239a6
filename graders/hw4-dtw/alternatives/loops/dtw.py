import math

import numpy as np


def check(values):
    if values.size == 0 or np.isnan(values).any():
        raise ValueError("empty or NaN")


def cost_matrix(x, y, metric="euclidean"):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    check(x)
    check(y)
    x = x.reshape(len(x), -1)
    y = y.reshape(len(y), -1)
    if x.shape[1] != y.shape[1]:
        raise ValueError("d differs")
    C = np.zeros((len(x), len(y)))
    for i in range(len(x)):
        for j in range(len(y)):
            total = 0.0
            for a, b in zip(x[i], y[j]):
                total += abs(a - b) if metric == "cityblock" else (a - b) ** 2
            C[i, j] = math.sqrt(total) if metric == "euclidean" else total
    return C


def dtw(C, window=None):
    C = np.asarray(C, dtype=float)
    check(C)
    n, m = C.shape
    w = max(n, m) if window is None else window
    if w < abs(n - m):
        raise ValueError("window too narrow")
    D = np.full((n, m), np.inf)
    for i in range(n):
        for j in range(max(0, i - w), min(m, i + w + 1)):
            best = np.inf
            if i == 0 and j == 0:
                best = 0.0
            if i > 0:
                best = min(best, D[i - 1, j])
            if j > 0:
                best = min(best, D[i, j - 1])
            if i > 0 and j > 0:
                best = min(best, D[i - 1, j - 1])
            D[i, j] = C[i, j] + best
    i, j = n - 1, m - 1
    path = [[i, j]]
    while (i, j) != (0, 0):
        if i == 0:
            j -= 1
        elif j == 0:
            i -= 1
        elif D[i - 1, j] <= D[i, j - 1] and D[i - 1, j] <= D[i - 1, j - 1]:
            i -= 1
        elif D[i, j - 1] <= D[i - 1, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
        path.insert(0, [i, j])
    return D[n - 1, m - 1], D, path


def knn_dtw(X_train, y_train, X_test, k=1, window=None, metric="euclidean"):
    labels = []
    for x in X_test:
        near = []
        for other, label in zip(X_train, y_train):
            near.append((dtw(cost_matrix(x, other, metric), window)[0], int(label)))
        votes = {}
        for _, label in sorted(near)[:k]:
            votes[label] = votes.get(label, 0) + 1
        most = max(votes.values())
        labels.append(min(label for label in votes if votes[label] == most))
    return labels
