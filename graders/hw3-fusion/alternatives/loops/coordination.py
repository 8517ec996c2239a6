import math

import numpy as np


def unit_rows(x):
    lengths = [math.sqrt(sum(value * value for value in row)) for row in x]
    return [[value / length for value in row] for row, length in zip(x, lengths)], lengths


def dot(p, q):
    return sum(a * b for a, b in zip(p, q))


def info_nce(img, txt, tau):
    N, D = img.shape
    u, u_len = unit_rows(img)
    v, v_len = unit_rows(txt)
    s = [[dot(u[i], v[j]) / tau for j in range(N)] for i in range(N)]
    loss, ds = 0.0, [[0.0] * N for _ in range(N)]
    for i in range(N):
        row, column = s[i], [s[j][i] for j in range(N)]
        for values, where in ((row, lambda j: (i, j)), (column, lambda j: (j, i))):
            top = max(values)
            total = sum(math.exp(value - top) for value in values)
            loss += (math.log(total) + top - values[i]) / (2 * N)
            for j in range(N):
                a, b = where(j)
                ds[a][b] += (math.exp(values[j] - top) / total - (1 if j == i else 0)) / (2 * N)
    dimg, dtxt = np.zeros((N, D)), np.zeros((N, D))
    for i in range(N):
        du = [sum(ds[i][j] * v[j][d] for j in range(N)) / tau for d in range(D)]
        dv = [sum(ds[j][i] * u[j][d] for j in range(N)) / tau for d in range(D)]
        for d in range(D):
            dimg[i, d] = (du[d] - dot(du, u[i]) * u[i][d]) / u_len[i]
            dtxt[i, d] = (dv[d] - dot(dv, v[i]) * v[i][d]) / v_len[i]
    return loss, dimg, dtxt


def vse_loss(img, txt, margin, hard):
    u, v = unit_rows(img)[0], unit_rows(txt)[0]
    N, loss = len(u), 0.0
    for i in range(N):
        true = dot(u[i], v[i])
        to_texts = [max(0.0, margin - true + dot(u[i], v[j])) for j in range(N) if j != i]
        to_images = [max(0.0, margin - true + dot(u[j], v[i])) for j in range(N) if j != i]
        loss += max(to_texts) + max(to_images) if hard else sum(to_texts) + sum(to_images)
    return loss


def covariance(X, Y):
    n = len(X)
    mx, my = [sum(c) / n for c in X.T], [sum(c) / n for c in Y.T]
    S = np.zeros((X.shape[1], Y.shape[1]))
    Xc = [[X[r, i] - mx[i] for r in range(n)] for i in range(X.shape[1])]
    Yc = [[Y[r, j] - my[j] for r in range(n)] for j in range(Y.shape[1])]
    for i in range(X.shape[1]):
        for j in range(Y.shape[1]):
            S[i, j] = dot(Xc[i], Yc[j]) / (n - 1)
    return S


def cca_fit(X, Y, k, reg):
    Sxx, Syy, Sxy = covariance(X, X), covariance(Y, Y), covariance(X, Y)
    for i in range(len(Sxx)):
        Sxx[i, i] += reg
    for i in range(len(Syy)):
        Syy[i, i] += reg
    Lx, Ly = np.linalg.cholesky(Sxx), np.linalg.cholesky(Syy)
    U, rho, Vt = np.linalg.svd(np.linalg.inv(Lx) @ Sxy @ np.linalg.inv(Ly).T)
    return np.linalg.inv(Lx).T @ U[:, :k], np.linalg.inv(Ly).T @ Vt.T[:, :k], rho[:k]


def recall_at_k(sim, truth, k):
    hits = 0
    for i in range(len(sim)):
        order = sorted(range(sim.shape[1]), key=lambda j: (-sim[i, j], j in truth[i]))
        if any(j in truth[i] for j in order[:k]):
            hits += 1
    return hits / len(sim)
