import numpy as np


def info_nce(img, txt, tau):
    n = len(img)
    p, q = np.sqrt((img**2).sum(1))[:, None], np.sqrt((txt**2).sum(1))[:, None]
    u, v = img / p, txt / q
    e = np.exp((u @ v.T - 1) / tau)
    rows, columns = e / e.sum(1, keepdims=True), e / e.sum(0)
    loss = np.mean((-np.log(np.diag(rows)) - np.log(np.diag(columns))) / 2)
    g = (rows + columns) / 2
    g[np.arange(n), np.arange(n)] -= 1
    g /= n * tau
    du, dv = g @ v, g.T @ u
    return loss, (du - u * np.einsum("nd,nd->n", u, du)[:, None]) / p, (dv - v * np.einsum("nd,nd->n", v, dv)[:, None]) / q


def vse_loss(img, txt, margin, hard):
    img = img / np.linalg.norm(img, axis=1, keepdims=True)
    txt = txt / np.linalg.norm(txt, axis=1, keepdims=True)
    sim = img @ txt.T
    wrong = 1 - np.eye(len(sim))
    rows = np.clip(margin + sim - np.diag(sim)[:, None], 0, None) * wrong
    columns = np.clip(margin + sim - np.diag(sim), 0, None) * wrong
    reduce = np.max if hard else np.sum
    return np.float64(reduce(rows, axis=1).sum() + reduce(columns, axis=0).sum())


def cca_fit(X, Y, k, reg):
    p, q = X.shape[1], Y.shape[1]
    S = np.cov(np.hstack([X, Y]).T)
    Sxx, Sxy, Syy = S[:p, :p] + reg * np.eye(p), S[:p, p:], S[p:, p:] + reg * np.eye(q)
    L = np.linalg.inv(np.linalg.cholesky(Sxx))
    M = L @ Sxy @ np.linalg.solve(Syy, Sxy.T) @ L.T
    values, vectors = np.linalg.eigh((M + M.T) / 2)
    values, vectors = values[::-1][:k], vectors[:, ::-1][:, :k]
    rho = np.sqrt(np.clip(values, 0, None))
    A = L.T @ vectors
    B = np.linalg.solve(Syy, Sxy.T @ A) / rho
    return -A, -B, rho


def recall_at_k(sim, truth, k):
    wrong = np.ones(sim.shape, bool)
    for i, columns in enumerate(truth):
        wrong[i, columns] = False
    best = np.where(wrong, -np.inf, sim).max(axis=1)
    return np.mean((wrong & (sim >= best[:, None])).sum(axis=1) < k)
