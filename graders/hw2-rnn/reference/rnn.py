"""Recurrent layers for captioning, forward and backward, in numpy.

Arrays are batch first: x[N, T, D], h[N, T, H]. A forward pass returns a `cache` that only the
matching backward pass reads. Backward passes over time walk from the last step to the first:
what reaches step t is its own dh[:, t] plus what flows back from step t + 1.
"""

import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    """One step: h = tanh(x·Wx + h_prev·Wh + b), [N, H]."""
    h = np.tanh(x @ Wx + h_prev @ Wh + b)
    return h, (x, h_prev, Wx, Wh, h)


def rnn_step_backward(dh, cache):
    """(dx, dh_prev, dWx, dWh, db) from the gradient of a step's output; tanh' = 1 - tanh²."""
    x, h_prev, Wx, Wh, h = cache
    da = dh * (1 - h**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h_prev.T @ da, da.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    """All steps from the initial state h0: h[N, T, H]."""
    h, state, caches = [], h0, []
    for t in range(x.shape[1]):
        state, cache = rnn_step_forward(x[:, t], state, Wx, Wh, b)
        h.append(state)
        caches.append(cache)
    return np.stack(h, axis=1), caches


def rnn_backward(dh, cache):
    """(dx, dh0, dWx, dWh, db): backpropagation through time."""
    dx, sums = [], [0.0, 0.0, 0.0]
    carried = 0.0
    for t in reversed(range(dh.shape[1])):
        dx_t, carried, *weights = rnn_step_backward(dh[:, t] + carried, cache[t])
        dx.append(dx_t)
        sums = [total + part for total, part in zip(sums, weights)]
    return np.stack(dx[::-1], axis=1), carried, *sums


def sigmoid(a):
    """1 / (1 + exp(-a)), written with tanh so that no exponential can overflow."""
    return 0.5 * (1 + np.tanh(0.5 * a))


def lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b):
    """One step: (h, c, cache), both [N, H]. The columns of Wx, Wh and b hold the gates i, f, o, g."""
    i, f, o, g = np.split(x @ Wx + h_prev @ Wh + b, 4, axis=1)
    i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c, (x, h_prev, c_prev, Wx, Wh, i, f, o, g, c)


def lstm_step_backward(dh, dc, cache):
    """(dx, dh_prev, dc_prev, dWx, dWh, db); c reaches the loss through h and through the next step."""
    x, h_prev, c_prev, Wx, Wh, i, f, o, g, c = cache
    tanh_c = np.tanh(c)
    dc = dc + dh * o * (1 - tanh_c**2)
    di = dc * g * i * (1 - i)
    df = dc * c_prev * f * (1 - f)
    do = dh * tanh_c * o * (1 - o)
    dg = dc * i * (1 - g**2)
    da = np.concatenate([di, df, do, dg], axis=1)
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, h_prev.T @ da, da.sum(axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    """All steps from h0 and a cell state of zeros: h[N, T, H]."""
    h, state, cell, caches = [], h0, np.zeros_like(h0), []
    for t in range(x.shape[1]):
        state, cell, cache = lstm_step_forward(x[:, t], state, cell, Wx, Wh, b)
        h.append(state)
        caches.append(cache)
    return np.stack(h, axis=1), caches


def lstm_backward(dh, cache):
    """(dx, dh0, dWx, dWh, db): both the hidden and the cell state carry gradients back."""
    dx, sums = [], [0.0, 0.0, 0.0]
    dh_carried, dc_carried = 0.0, 0.0
    for t in reversed(range(dh.shape[1])):
        dh_t = dh[:, t] + dh_carried
        dx_t, dh_carried, dc_carried, *weights = lstm_step_backward(dh_t, dc_carried, cache[t])
        dx.append(dx_t)
        sums = [total + part for total, part in zip(sums, weights)]
    return np.stack(dx[::-1], axis=1), dh_carried, *sums


def word_embedding_forward(x, W):
    """The rows of W[V, D] for word indices x[N, T]: out[N, T, D]."""
    return W[x], (x, W.shape)


def word_embedding_backward(dout, cache):
    """dW[V, D]. A word may occur often: np.add.at adds each time, where dW[x] += dout adds once."""
    x, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, x, dout)
    return dW


def temporal_affine_forward(x, w, b):
    """The same affine map at each step: out[N, T, M] = x[N, T, D]·w[D, M] + b[M]."""
    return x @ w + b, (x, w)


def temporal_affine_backward(dout, cache):
    """(dx, dw, db), the weights' gradients summed over samples and steps."""
    x, w = cache
    return dout @ w.T, np.einsum("ntd,ntm->dm", x, dout), dout.sum(axis=(0, 1))


def temporal_softmax_loss(x, y, mask):
    """(loss, dx): cross-entropy of scores x[N, T, V] for words y[N, T], where mask[N, T] is True.

    Summed over those steps, divided by N. The largest score is taken off first: exp cannot overflow.
    """
    N, T, _ = x.shape
    shifted = x - x.max(axis=2, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
    word = np.arange(N)[:, None], np.arange(T)[None, :], y
    loss = -np.sum(log_p[word] * mask) / N
    dx = np.exp(log_p)
    dx[word] -= 1
    return loss, dx * mask[:, :, None] / N
