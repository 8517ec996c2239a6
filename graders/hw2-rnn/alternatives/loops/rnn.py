import math

import numpy as np


def matmul(a, b):
    rows, inner, columns = len(a), len(b), len(b[0])
    a, b = np.asarray(a).tolist(), np.asarray(b).tolist()
    out = [[0.0] * columns for _ in range(rows)]
    for i in range(rows):
        for j in range(columns):
            total = 0.0
            for k in range(inner):
                total += a[i][k] * b[k][j]
            out[i][j] = total
    return np.array(out)


def preactivation(x, h_prev, Wx, Wh, b):
    a = matmul(x, Wx) + matmul(h_prev, Wh)
    for n in range(a.shape[0]):
        for k in range(a.shape[1]):
            a[n, k] += b[k]
    return a


def linear_backward(da, x, h_prev, Wx, Wh):
    db = np.zeros(da.shape[1])
    for n in range(da.shape[0]):
        for k in range(da.shape[1]):
            db[k] += da[n, k]
    return matmul(da, Wx.T), matmul(da, Wh.T), matmul(x.T, da), matmul(h_prev.T, da), db


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    h = np.vectorize(math.tanh)(preactivation(x, h_prev, Wx, Wh, b))
    return h, {"x": x, "h_prev": h_prev, "Wx": Wx, "Wh": Wh, "h": h}


def rnn_step_backward(dh, cache):
    da = np.zeros(dh.shape)
    for n in range(dh.shape[0]):
        for k in range(dh.shape[1]):
            da[n, k] = dh[n, k] * (1 - cache["h"][n, k] ** 2)
    return linear_backward(da, cache["x"], cache["h_prev"], cache["Wx"], cache["Wh"])


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, _ = x.shape
    h, cache, state = np.zeros((N, T, h0.shape[1])), {}, h0
    for t in range(T):
        state, cache[t] = rnn_step_forward(x[:, t], state, Wx, Wh, b)
        h[:, t] = state
    return h, cache


def rnn_backward(dh, cache):
    N, T, H = dh.shape
    dnext = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        dx_t, dnext, dWx_t, dWh_t, db_t = rnn_step_backward(dh[:, t] + dnext, cache[t])
        if t == T - 1:
            dx = np.zeros((N, T, dx_t.shape[1]))
            dWx, dWh, db = np.zeros(dWx_t.shape), np.zeros(dWh_t.shape), np.zeros(db_t.shape)
        dx[:, t] = dx_t
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    return dx, dnext, dWx, dWh, db


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b):
    H = h_prev.shape[1]
    a = preactivation(x, h_prev, Wx, Wh, b)
    i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 2 * H : 3 * H])
    g = np.tanh(a[:, 3 * H :])
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c, (x, h_prev, c_prev, Wx, Wh, i, f, o, g, c)


def lstm_step_backward(dh, dc, cache):
    x, h_prev, c_prev, Wx, Wh, i, f, o, g, c = cache
    N, H = dh.shape
    da, dc_prev = np.zeros((N, 4 * H)), np.zeros((N, H))
    for n in range(N):
        for k in range(H):
            tanh_c = math.tanh(c[n, k])
            to_c = dc[n, k] + dh[n, k] * o[n, k] * (1 - tanh_c**2)
            da[n, k] = to_c * g[n, k] * i[n, k] * (1 - i[n, k])
            da[n, H + k] = to_c * c_prev[n, k] * f[n, k] * (1 - f[n, k])
            da[n, 2 * H + k] = dh[n, k] * tanh_c * o[n, k] * (1 - o[n, k])
            da[n, 3 * H + k] = to_c * i[n, k] * (1 - g[n, k] ** 2)
            dc_prev[n, k] = to_c * f[n, k]
    dx, dh_prev, dWx, dWh, db = linear_backward(da, x, h_prev, Wx, Wh)
    return dx, dh_prev, dc_prev, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
    h, state, cell, caches = np.zeros((*x.shape[:2], h0.shape[1])), h0, np.zeros(h0.shape), []
    for t in range(x.shape[1]):
        state, cell, cache = lstm_step_forward(x[:, t], state, cell, Wx, Wh, b)
        h[:, t] = state
        caches.append(cache)
    return h, tuple(caches)


def lstm_backward(dh, cache):
    N, T, H = dh.shape
    dh_next, dc_next = np.zeros((N, H)), np.zeros((N, H))
    dxs, totals = [], None
    for t in range(T - 1, -1, -1):
        dx, dh_next, dc_next, *parts = lstm_step_backward(dh[:, t] + dh_next, dc_next, cache[t])
        dxs.insert(0, dx)
        totals = parts if totals is None else [a + b for a, b in zip(totals, parts)]
    return np.array(dxs).transpose(1, 0, 2), dh_next, totals[0], totals[1], totals[2]


def word_embedding_forward(x, W):
    out = np.zeros((*x.shape, W.shape[1]))
    for n in range(x.shape[0]):
        for t in range(x.shape[1]):
            out[n, t] = W[x[n, t]]
    return out, [x, W]


def word_embedding_backward(dout, cache):
    x, W = cache
    dW = np.zeros(W.shape)
    for n in range(x.shape[0]):
        for t in range(x.shape[1]):
            dW[x[n, t]] += dout[n, t]
    return dW


def temporal_affine_forward(x, w, b):
    out = np.stack([matmul(sample, w) for sample in x])
    return out + b, (x, w)


def temporal_affine_backward(dout, cache):
    x, w = cache
    dw, db = np.zeros(w.shape), np.zeros(w.shape[1])
    for n in range(x.shape[0]):
        dw += matmul(x[n].T, dout[n])
        for t in range(x.shape[1]):
            db += dout[n, t]
    return np.stack([matmul(sample, w.T) for sample in dout]), dw, db


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    loss, dx = 0.0, np.zeros(x.shape)
    for n in range(N):
        for t in range(T):
            if not mask[n, t]:
                continue
            largest = max(x[n, t])
            powers = [math.exp(value - largest) for value in x[n, t]]
            total = sum(powers)
            loss -= x[n, t, y[n, t]] - largest - math.log(total)
            for v in range(V):
                dx[n, t, v] = (powers[v] / total - (1 if v == y[n, t] else 0)) / N
    return loss / N, dx
