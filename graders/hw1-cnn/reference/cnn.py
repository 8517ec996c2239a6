"""A small convolutional network in numpy: every layer is a forward/backward pair sharing a `cache`."""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def windows(x, kh, kw, stride):
    """All kh × kw windows of x[N, C, H, W] as a view [N, C, H', W', kh, kw]; a last partial step is dropped."""
    return sliding_window_view(x, (kh, kw), axis=(2, 3), writeable=True)[:, :, ::stride, ::stride]


def add_windows(dwindows, shape, stride):
    """The transpose of `windows`: adds each window's values where they were read; unread places stay 0."""
    dx = np.zeros(shape)
    kh, kw = dwindows.shape[4:]
    view = windows(dx, kh, kw, stride)
    for i, j in np.ndindex(kh, kw):  # for one (i, j) no two windows share a pixel, so += loses nothing
        view[..., i, j] += dwindows[..., i, j]
    return dx


def conv2d_forward(x, w, b, stride, pad):
    """Cross-correlates x[N, C, H, W] with w[F, C, kh, kw] and adds b[F]; returns out[N, F, H', W'], cache."""
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    view = windows(padded, *w.shape[2:], stride)
    out = np.einsum("nchwij,fcij->nfhw", view, w, optimize=True) + b[:, None, None]
    return out, (padded.shape, view, w, stride, pad)


def conv2d_backward(dout, cache):
    """Gradients dx, dw, db of sum(out * dout)."""
    shape, view, w, stride, pad = cache
    db = dout.sum(axis=(0, 2, 3))
    dw = np.einsum("nfhw,nchwij->fcij", dout, view, optimize=True)
    dview = np.einsum("nfhw,fcij->nchwij", dout, w, optimize=True)
    dpadded = add_windows(dview, shape, stride)
    height, width = shape[2:]
    dx = dpadded[:, :, pad:height - pad, pad:width - pad]
    return dx, dw, db


def max_pool_forward(x, kh, kw, stride):
    """The maximum of each kh × kw window of x[N, C, H, W]: out[N, C, H', W'], cache."""
    view = windows(x, kh, kw, stride)
    candidates = view.reshape(*view.shape[:4], kh * kw)
    winner = candidates.argmax(axis=-1)  # of equals the first in row-major order
    return candidates.max(axis=-1), (x.shape, winner, (kh, kw), stride)


def max_pool_backward(dout, cache):
    """dx: each window hands its gradient to its winner; a pixel that wins twice receives both."""
    shape, winner, kernel, stride = cache
    n, c, row, column = np.indices(winner.shape, sparse=True)
    i, j = np.unravel_index(winner, kernel)
    dx = np.zeros(shape)
    np.add.at(dx, (n, c, stride * row + i, stride * column + j), dout)
    return dx


def relu_forward(x):
    """max(x, 0), elementwise."""
    return np.maximum(x, 0), x > 0


def relu_backward(dout, cache):
    """The gradient passes where x was positive."""
    return dout * cache


def affine_forward(x, w, b):
    """Flattens x[N, ...] to [N, D] and returns x · w[D, M] + b[M], cache."""
    return x.reshape(len(x), -1) @ w + b, (x, w)


def affine_backward(dout, cache):
    """Gradients dx (with x's own shape), dw, db."""
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


def softmax_loss(scores, y):
    """Mean cross-entropy of scores[N, C] against labels y[N], and its gradient."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    dscores = np.exp(log_p)
    dscores[rows, y] -= 1
    return -log_p[rows, y].mean(), dscores / len(y)


class SmallCNN:
    """conv (stride 1, same size) – ReLU – 2 × 2 max pool – affine – ReLU – affine – softmax."""

    def __init__(self, input_dim=(1, 8, 8), num_filters=4, filter_size=3, hidden_dim=32,
                 num_classes=10, weight_scale=1e-2, reg=0.0, seed=0):
        channels, height, width = input_dim
        rng = np.random.default_rng(seed)
        pooled = num_filters * (height // 2) * (width // 2)
        self.reg = reg
        self.pad = filter_size // 2
        self.params = {
            "W1": weight_scale * rng.standard_normal((num_filters, channels, filter_size, filter_size)),
            "b1": np.zeros(num_filters),
            "W2": weight_scale * rng.standard_normal((pooled, hidden_dim)),
            "b2": np.zeros(hidden_dim),
            "W3": weight_scale * rng.standard_normal((hidden_dim, num_classes)),
            "b3": np.zeros(num_classes),
        }

    def set_params(self, params):
        self.params = params

    def predict(self, X):
        return self.loss(X).argmax(axis=1)

    def loss(self, X, y=None):
        """Scores of X; with labels y: the loss and its gradient for every parameter."""
        p = self.params
        maps, conv = conv2d_forward(X, p["W1"], p["b1"], stride=1, pad=self.pad)
        active, relu1 = relu_forward(maps)
        pooled, pool = max_pool_forward(active, 2, 2, stride=2)
        hidden, affine1 = affine_forward(pooled, p["W2"], p["b2"])
        features, relu2 = relu_forward(hidden)
        scores, affine2 = affine_forward(features, p["W3"], p["b3"])
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        grads = {}
        dfeatures, grads["W3"], grads["b3"] = affine_backward(dscores, affine2)
        dhidden = relu_backward(dfeatures, relu2)
        dpooled, grads["W2"], grads["b2"] = affine_backward(dhidden, affine1)
        dmaps = relu_backward(max_pool_backward(dpooled, pool), relu1)
        _, grads["W1"], grads["b1"] = conv2d_backward(dmaps, conv)
        for name in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.sum(p[name] ** 2)
            grads[name] += self.reg * p[name]
        return loss, grads
