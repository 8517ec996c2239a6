"""The homework in plain loops."""
import math

import numpy as np


def out_size(n, k, stride, pad=0):
    return (n + 2 * pad - k) // stride + 1


def conv2d_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    H2, W2 = out_size(H, kh, stride, pad), out_size(W, kw, stride, pad)
    xs, ws = x.tolist(), w.tolist()
    out = np.zeros((N, F, H2, W2))
    for n in range(N):
        for f in range(F):
            for i in range(H2):
                for j in range(W2):
                    total = float(b[f])
                    for c in range(C):
                        for a in range(kh):
                            row = i * stride + a - pad
                            if not 0 <= row < H:
                                continue
                            for d in range(kw):
                                column = j * stride + d - pad
                                if 0 <= column < W:
                                    total += xs[n][c][row][column] * ws[f][c][a][d]
                    out[n, f, i, j] = total
    return out, [x, w, b, stride, pad]


def conv2d_backward(dout, cache):
    x, w, b, stride, pad = cache
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    g = dout[n, f, i, j]
                    db[f] += g
                    for c in range(C):
                        for a in range(kh):
                            for d in range(kw):
                                row, column = i * stride + a - pad, j * stride + d - pad
                                if 0 <= row < H and 0 <= column < W:
                                    dx[n, c, row, column] += g * w[f, c, a, d]
                                    dw[f, c, a, d] += g * x[n, c, row, column]
    return dx, dw, db


def max_pool_forward(x, kh, kw, stride):
    N, C, H, W = x.shape
    H2, W2 = out_size(H, kh, stride), out_size(W, kw, stride)
    out = np.zeros((N, C, H2, W2))
    winners = {}
    for n in range(N):
        for c in range(C):
            for i in range(H2):
                for j in range(W2):
                    best = -math.inf
                    for a in range(kh):
                        for d in range(kw):
                            value = x[n, c, i * stride + a, j * stride + d]
                            if value > best:
                                best = value
                                winners[n, c, i, j] = (i * stride + a, j * stride + d)
                    out[n, c, i, j] = best
    return out, (x.shape, winners)


def max_pool_backward(dout, cache):
    shape, winners = cache
    dx = np.zeros(shape)
    for (n, c, i, j), (row, column) in winners.items():
        dx[n, c, row, column] += dout[n, c, i, j]
    return dx


def relu_forward(x):
    out = x.copy()
    for index in np.ndindex(x.shape):
        if out[index] < 0:
            out[index] = 0
    return out, x


def relu_backward(dout, x):
    dx = dout.copy()
    for index in np.ndindex(x.shape):
        if x[index] <= 0:
            dx[index] = 0
    return dx


def affine_forward(x, w, b):
    flat = x.reshape(x.shape[0], -1)
    out = np.zeros((len(flat), w.shape[1]))
    for n in range(len(flat)):
        for m in range(w.shape[1]):
            out[n, m] = sum(flat[n, d] * w[d, m] for d in range(w.shape[0])) + b[m]
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    flat = x.reshape(x.shape[0], -1)
    dflat, dw, db = np.zeros(flat.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n in range(len(flat)):
        for m in range(w.shape[1]):
            db[m] += dout[n, m]
            for d in range(w.shape[0]):
                dflat[n, d] += dout[n, m] * w[d, m]
                dw[d, m] += dout[n, m] * flat[n, d]
    return dflat.reshape(x.shape), dw, db


def softmax_loss(scores, y):
    N, C = scores.shape
    loss, dscores = 0.0, np.zeros((N, C))
    for n in range(N):
        top = max(scores[n])
        exps = [math.exp(s - top) for s in scores[n]]
        total = sum(exps)
        loss += math.log(total) - (scores[n, y[n]] - top)
        for c in range(C):
            dscores[n, c] = (exps[c] / total - (c == y[n])) / N
    return loss / N, dscores


class SmallCNN:
    def __init__(self, input_dim=(1, 8, 8), num_filters=4, filter_size=3, hidden_dim=32,
                 num_classes=10, weight_scale=1e-2, reg=0.0, seed=0):
        C, H, W = input_dim
        self.reg, self.pad = reg, (filter_size - 1) // 2
        np.random.seed(seed)
        size = num_filters * (H // 2) * (W // 2)
        self.params = dict(
            W1=np.random.normal(0, weight_scale, (num_filters, C, filter_size, filter_size)),
            b1=np.zeros(num_filters),
            W2=np.random.normal(0, weight_scale, (size, hidden_dim)), b2=np.zeros(hidden_dim),
            W3=np.random.normal(0, weight_scale, (hidden_dim, num_classes)), b3=np.zeros(num_classes),
        )

    def set_params(self, params):
        for name in params:
            self.params[name] = params[name].copy()

    def predict(self, X):
        return [int(np.argmax(row)) for row in self.loss(X)]

    def loss(self, X, y=None):
        p = self.params
        a, c1 = conv2d_forward(X, p["W1"], p["b1"], 1, self.pad)
        a, c2 = relu_forward(a)
        a, c3 = max_pool_forward(a, 2, 2, 2)
        a, c4 = affine_forward(a, p["W2"], p["b2"])
        a, c5 = relu_forward(a)
        scores, c6 = affine_forward(a, p["W3"], p["b3"])
        if y is None:
            return scores
        loss, d = softmax_loss(scores, y)
        g = {}
        d, g["W3"], g["b3"] = affine_backward(d, c6)
        d = relu_backward(d, c5)
        d, g["W2"], g["b2"] = affine_backward(d, c4)
        d = max_pool_backward(d, c3)
        d = relu_backward(d, c2)
        d, g["W1"], g["b1"] = conv2d_backward(d, c1)
        for name in ["W1", "W2", "W3"]:
            loss = loss + self.reg / 2 * (p[name] * p[name]).sum()
            g[name] = g[name] + self.reg * p[name]
        return loss, g
