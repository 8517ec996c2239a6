# Zeitreihen vergleichen, alles mit Schleifen
import math


def _frames(series):
    frames = []
    for s in series:
        if hasattr(s, "__len__"):
            frames.append([float(v) for v in s])
        else:
            frames.append([float(s)])
    if not frames:
        raise ValueError("nothing there")
    for f in frames:
        for v in f:
            if math.isnan(v):
                raise ValueError("nan!")
    return frames


def _dist(p, q, metric):
    if metric == "cityblock":
        total = 0.0
        for u, v in zip(p, q):
            total += abs(u - v)
        return total
    total = 0.0
    for u, v in zip(p, q):
        total += (u - v) ** 2
    if metric == "euclidean":
        total = math.sqrt(total)
    return total


def cost_matrix(x, y, metric="euclidean"):
    import numpy
    a, b = _frames(x), _frames(y)
    if len(a[0]) != len(b[0]):
        raise ValueError("dimensions")
    table = numpy.zeros((len(a), len(b)))
    for row in range(len(a)):
        for col in range(len(b)):
            table[row][col] = _dist(a[row], b[col], metric)
    return table


class Table:
    """accumulated costs, filled row after row"""

    def __init__(self, costs, band):
        self.rows, self.cols = len(costs), len(costs[0])
        self.costs, self.band = costs, band
        self.acc = [[math.inf] * self.cols for _ in range(self.rows)]

    def inside(self, r, c):
        return self.band is None or abs(r - c) <= self.band

    def best(self, r, c):
        options = []
        if r > 0 and c > 0:
            options.append(self.acc[r - 1][c - 1])
        if r > 0:
            options.append(self.acc[r - 1][c])
        if c > 0:
            options.append(self.acc[r][c - 1])
        if not options:
            return 0.0
        return min(options)

    def fill(self):
        for r in range(self.rows):
            for c in range(self.cols):
                if self.inside(r, c):
                    self.acc[r][c] = self.costs[r][c] + self.best(r, c)
        return self

    def route(self):
        r, c = self.rows - 1, self.cols - 1
        steps = [[r, c]]
        while r > 0 or c > 0:
            if r == 0:
                c -= 1
            elif c == 0:
                r -= 1
            else:
                diagonal, up, left = self.acc[r - 1][c - 1], self.acc[r - 1][c], self.acc[r][c - 1]
                if diagonal <= up and diagonal <= left:
                    r, c = r - 1, c - 1
                elif up <= left:
                    r -= 1
                else:
                    c -= 1
            steps.append([r, c])
        steps.reverse()
        return steps


def dtw(C, window=None):
    import numpy
    costs = [[float(v) for v in row] for row in C]
    if len(costs) == 0 or len(costs[0]) == 0:
        raise ValueError("empty")
    for row in costs:
        for v in row:
            if v != v:
                raise ValueError("nan")
    if window is not None and window < abs(len(costs) - len(costs[0])):
        raise ValueError("window")
    t = Table(costs, window).fill()
    total = t.acc[t.rows - 1][t.cols - 1]
    return total, numpy.array(t.acc), t.route()


def knn_dtw(X_train, y_train, X_test, k=1, window=None, metric="euclidean"):
    answers = []
    for q in X_test:
        scored = []
        for known, label in zip(X_train, y_train):
            scored.append((dtw(cost_matrix(q, known, metric), window)[0], label))
        scored.sort()
        votes = {}
        for _, label in scored[:k]:
            votes[label] = votes.get(label, 0) + 1
        most = max(votes.values())
        answers.append(min(label for label in votes if votes[label] == most))
    import numpy
    return numpy.array(answers)
