import numpy as np


class Tape:
    """what one step needs to walk back"""

    def __init__(self, **kw):
        self.__dict__.update(kw)


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    n_samples, width = h_prev.shape
    pre = np.zeros((n_samples, width))
    for s in range(n_samples):
        for j in range(width):
            pre[s, j] = np.dot(x[s], Wx[:, j]) + np.dot(h_prev[s], Wh[:, j]) + b[j]
    new = np.tanh(pre)
    return new, Tape(inp=x, old=h_prev, Wx=Wx, Wh=Wh, new=new)


def rnn_step_backward(grad, tape):
    slope = 1.0 - tape.new * tape.new
    g = grad * slope
    d_in = np.dot(g, tape.Wx.transpose())
    d_old = np.dot(g, tape.Wh.transpose())
    dWx = np.zeros_like(tape.Wx)
    dWh = np.zeros_like(tape.Wh)
    db = np.zeros(tape.Wx.shape[1])
    for s in range(g.shape[0]):
        dWx += np.outer(tape.inp[s], g[s])
        dWh += np.outer(tape.old[s], g[s])
        db += g[s]
    return d_in, d_old, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    steps = x.shape[1]
    out = np.empty((x.shape[0], steps, h0.shape[1]))
    tapes = []
    current = h0
    for step in range(steps):
        current, tape = rnn_step_forward(x[:, step, :], current, Wx, Wh, b)
        out[:, step, :] = current
        tapes.append(tape)
    return out, tapes


def rnn_backward(dh, tapes):
    first = tapes[0]
    steps = dh.shape[1]
    dx = np.empty((dh.shape[0], steps, first.inp.shape[1]))
    back = np.zeros(first.old.shape)
    tWx, tWh, tb = np.zeros_like(first.Wx), np.zeros_like(first.Wh), np.zeros(first.Wx.shape[1])
    step = steps - 1
    while step >= 0:
        arriving = dh[:, step, :] + back
        dx[:, step, :], back, a, c, d = rnn_step_backward(arriving, tapes[step])
        tWx += a
        tWh += c
        tb += d
        step -= 1
    return dx, back, tWx, tWh, tb


def squash(v):
    return np.where(v >= 0, 1 / (1 + np.exp(-np.abs(v))), np.exp(-np.abs(v)) / (1 + np.exp(-np.abs(v))))


def lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b):
    H = h_prev.shape[1]
    z = x.dot(Wx) + h_prev.dot(Wh) + b
    gi = squash(z[:, 0:H])
    gf = squash(z[:, H:2 * H])
    go = squash(z[:, 2 * H:3 * H])
    cand = np.tanh(z[:, 3 * H:])
    cell = gf * c_prev + gi * cand
    hidden = go * np.tanh(cell)
    tape = Tape(x=x, h=h_prev, c=c_prev, Wx=Wx, Wh=Wh, gi=gi, gf=gf, go=go, cand=cand, cell=cell)
    return hidden, cell, tape


def lstm_step_backward(dh, dc, t):
    H = dh.shape[1]
    th = np.tanh(t.cell)
    total = dc + dh * t.go * (1 - th ** 2)
    dz = np.zeros((dh.shape[0], 4 * H))
    dz[:, 0:H] = total * t.cand * t.gi * (1 - t.gi)
    dz[:, H:2 * H] = total * t.c * t.gf * (1 - t.gf)
    dz[:, 2 * H:3 * H] = dh * th * t.go * (1 - t.go)
    dz[:, 3 * H:] = total * t.gi * (1 - t.cand ** 2)
    db = np.zeros(4 * H)
    for row in dz:
        db = db + row
    return dz.dot(t.Wx.T), dz.dot(t.Wh.T), total * t.gf, t.x.T.dot(dz), t.h.T.dot(dz), db


def lstm_forward(x, h0, Wx, Wh, b):
    h, c = h0, np.zeros(h0.shape)
    hs, tapes = [], []
    for step in range(x.shape[1]):
        h, c, t = lstm_step_forward(x[:, step], h, c, Wx, Wh, b)
        hs.append(h)
        tapes.append(t)
    return np.array(hs).transpose(1, 0, 2), tapes


def lstm_backward(dh, tapes):
    back_h = np.zeros(tapes[0].h.shape)
    back_c = np.zeros(tapes[0].h.shape)
    dxs = []
    sums = None
    for step in range(len(tapes) - 1, -1, -1):
        dx, back_h, back_c, a, c, d = lstm_step_backward(dh[:, step] + back_h, back_c, tapes[step])
        dxs.insert(0, dx)
        sums = [a, c, d] if sums is None else [sums[0] + a, sums[1] + c, sums[2] + d]
    return np.array(dxs).transpose(1, 0, 2), back_h, sums[0], sums[1], sums[2]


def word_embedding_forward(x, W):
    out = np.empty(x.shape + (W.shape[1],))
    for n in range(x.shape[0]):
        for t in range(x.shape[1]):
            out[n, t] = W[x[n, t]]
    return out, (x, W)


def word_embedding_backward(dout, cache):
    x, W = cache
    dW = np.zeros(W.shape)
    for n in range(x.shape[0]):
        for t in range(x.shape[1]):
            dW[x[n, t]] += dout[n, t]
    return dW


def temporal_affine_forward(x, w, b):
    N, T, D = x.shape
    flat = x.reshape(N * T, D).dot(w) + b
    return flat.reshape(N, T, -1), (x, w)


def temporal_affine_backward(dout, cache):
    x, w = cache
    N, T, D = x.shape
    g = dout.reshape(N * T, -1)
    return g.dot(w.T).reshape(N, T, D), x.reshape(N * T, D).T.dot(g), g.sum(0)


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    loss, grad = 0.0, np.zeros(x.shape)
    for n in range(N):
        for t in range(T):
            if not mask[n, t]:
                continue
            e = np.exp(x[n, t] - np.max(x[n, t]))
            p = e / e.sum()
            loss -= np.log(p[y[n, t]])
            p[y[n, t]] -= 1
            grad[n, t] = p
    return loss / N, grad / N
