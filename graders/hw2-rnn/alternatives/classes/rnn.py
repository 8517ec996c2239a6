"""Layers as objects: each forward pass makes one, and hands itself out as the cache."""

import numpy as np
from numpy import einsum, tanh


class Cell:
    """What an RNN step and an LSTM step share: a linear map of x and h."""

    def __init__(self, x, h_prev, Wx, Wh, b):
        self.x, self.h_prev, self.Wx, self.Wh = x, h_prev, Wx, Wh
        self.a = einsum("nd,dk->nk", x, Wx) + einsum("nh,hk->nk", h_prev, Wh) + b[None]

    def linear_gradients(self, da):
        to_inputs = [einsum("nk,dk->nd", da, self.Wx), einsum("nk,hk->nh", da, self.Wh)]
        to_weights = [einsum("nd,nk->dk", self.x, da), einsum("nh,nk->hk", self.h_prev, da), einsum("nk->k", da)]
        return to_inputs, to_weights


class TanhCell(Cell):
    def forward(self):
        self.h = tanh(self.a)
        return self.h

    def backward(self, dh):
        return self.linear_gradients(dh - dh * self.h * self.h)


class LongCell(Cell):
    def forward(self, c_prev):
        self.c_prev = c_prev
        N, H = c_prev.shape
        gates = self.a.reshape(N, 4, H)
        self.i, self.f, self.o = (1 / (1 + np.exp(-gates[:, k])) for k in range(3))
        self.g = tanh(gates[:, 3])
        self.c = self.f * c_prev + self.i * self.g
        return self.o * tanh(self.c), self.c

    def backward(self, dh, dc):
        t = tanh(self.c)
        dc = dc + dh * self.o * (1 - t * t)
        gates = [
            dc * self.g * (self.i - self.i**2),
            dc * self.c_prev * (self.f - self.f**2),
            dh * t * (self.o - self.o**2),
            dc * self.i * (1 - self.g**2),
        ]
        to_inputs, to_weights = self.linear_gradients(np.hstack(gates))
        return to_inputs, dc * self.f, to_weights


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    cell = TanhCell(x, h_prev, Wx, Wh, b)
    return cell.forward(), cell


def rnn_step_backward(dh, cache):
    to_inputs, to_weights = cache.backward(dh)
    return [*to_inputs, *to_weights]


def rnn_forward(x, h0, Wx, Wh, b):
    cells, states = [], [h0]
    for x_t in np.moveaxis(x, 1, 0):
        cells.append(TanhCell(x_t, states[-1], Wx, Wh, b))
        states.append(cells[-1].forward())
    return np.stack(states[1:]).swapaxes(0, 1), cells


def rnn_backward(dh, cache):
    dx = np.empty((dh.shape[0], dh.shape[1], cache[0].x.shape[1]))
    dh_next, totals = 0, 0
    for t, cell in reversed(list(enumerate(cache))):
        (dx[:, t], dh_next), parts = cell.backward(dh[:, t] + dh_next)
        totals = parts if t == len(cache) - 1 else [a + b for a, b in zip(totals, parts)]
    return [dx, dh_next, *totals]


def lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b):
    cell = LongCell(x, h_prev, Wx, Wh, b)
    h, c = cell.forward(c_prev)
    return h, c, cell


def lstm_step_backward(dh, dc, cache):
    to_inputs, dc_prev, to_weights = cache.backward(dh, dc)
    return (*to_inputs, dc_prev, *to_weights)


def lstm_forward(x, h0, Wx, Wh, b):
    cells, out, h, c = [], [], h0, h0 * 0
    for t in range(x.shape[1]):
        cells.append(LongCell(x[:, t], h, Wx, Wh, b))
        h, c = cells[-1].forward(c)
        out.append(h[:, None])
    return np.concatenate(out, axis=1), cells


def lstm_backward(dh, cache):
    dx = np.empty((dh.shape[0], dh.shape[1], cache[0].x.shape[1]))
    dh_next, dc, totals = 0, 0, 0
    for t, cell in reversed(list(enumerate(cache))):
        (dx[:, t], dh_next), dc, parts = cell.backward(dh[:, t] + dh_next, dc)
        totals = parts if t == len(cache) - 1 else [a + b for a, b in zip(totals, parts)]
    return (dx, dh_next, *totals)


def word_embedding_forward(x, W):
    return np.take(W, x, axis=0), np.eye(len(W))[x]


def word_embedding_backward(dout, cache):
    return einsum("ntv,ntd->vd", cache, dout)


def temporal_affine_forward(x, w, b):
    N, T, D = x.shape
    flat = x.reshape(N * T, D)
    return (flat.dot(w) + b).reshape(N, T, -1), (flat, w, x.shape)


def temporal_affine_backward(dout, cache):
    flat, w, shape = cache
    dflat = dout.reshape(-1, dout.shape[2])
    return dflat.dot(w.T).reshape(shape), flat.T.dot(dflat), dflat.sum(0)


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    flat, right, counts = x.reshape(N * T, V), y.reshape(-1), mask.reshape(-1).astype(float)
    p = np.exp(flat - flat.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    correct = flat - flat.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(correct).sum(axis=1))
    loss = np.sum(counts * (log_sum - correct[np.arange(N * T), right])) / N
    dx = p - np.eye(V)[right]
    return loss, (dx * counts[:, None] / N).reshape(N, T, V)
