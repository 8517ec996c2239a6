"""Learning and measuring a common space of two modalities; row i of one belongs to row i of the other."""
import numpy as np


def normalize(x):
    """Rows of length 1, and the lengths they had."""
    length = np.linalg.norm(x, axis=1, keepdims=True)
    return x / length, length


def through_normalization(dunit, unit, length):
    """The gradient of x, given that of x / |x|: what points along x is lost."""
    along = np.sum(dunit * unit, axis=1, keepdims=True)
    return (dunit - along * unit) / length


def log_softmax(scores, axis):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def info_nce(img, txt, tau):
    """Symmetric InfoNCE as in CLIP: (loss, dimg, dtxt)."""
    u, u_length = normalize(img)
    v, v_length = normalize(txt)
    logits = u @ v.T / tau
    to_txt, to_img = log_softmax(logits, axis=1), log_softmax(logits, axis=0)
    n = len(img)
    loss = -(np.trace(to_txt) + np.trace(to_img)) / (2 * n)
    dlogits = (np.exp(to_txt) + np.exp(to_img) - 2 * np.eye(n)) / (2 * n)
    du = dlogits @ v / tau
    dv = dlogits.T @ u / tau
    dimg = through_normalization(du, u, u_length)
    dtxt = through_normalization(dv, v, v_length)
    return loss, dimg, dtxt


def vse_loss(img, txt, margin, hard):
    """Hinge loss over all wrong pairs (VSE), or over the hardest in each row and column (VSE++)."""
    sim = normalize(img)[0] @ normalize(txt)[0].T
    true = np.diag(sim)
    by_image = np.maximum(0, margin + sim - true[:, None])
    by_text = np.maximum(0, margin + sim - true[None, :])
    for cost in (by_image, by_text):
        np.fill_diagonal(cost, 0)
    if hard:
        return by_image.max(axis=1).sum() + by_text.max(axis=0).sum()
    return by_image.sum() + by_text.sum()


def inverse_root(S):
    """S^(-1/2) of a symmetric positive matrix."""
    values, vectors = np.linalg.eigh(S)
    return vectors / np.sqrt(values) @ vectors.T


def cca_fit(X, Y, k, reg):
    """Canonical correlations: A [p, k], B [q, k], rho [k] in falling order."""
    X, Y = X - X.mean(axis=0), Y - Y.mean(axis=0)
    n = len(X)
    Sxx = X.T @ X / (n - 1) + reg * np.eye(X.shape[1])
    Syy = Y.T @ Y / (n - 1) + reg * np.eye(Y.shape[1])
    Sxy = X.T @ Y / (n - 1)
    Rx, Ry = inverse_root(Sxx), inverse_root(Syy)
    U, rho, Vt = np.linalg.svd(Rx @ Sxy @ Ry)
    return Rx @ U[:, :k], Ry @ Vt[:k].T, rho[:k]


def recall_at_k(sim, truth, k):
    """The share of queries (rows) with a true column among the first k; at equal similarity others come first."""
    hits = 0
    for row, columns in zip(sim, truth):
        best = row[columns].max()
        ahead = np.sum(np.delete(row, columns) >= best)
        hits += ahead < k
    return hits / len(sim)
