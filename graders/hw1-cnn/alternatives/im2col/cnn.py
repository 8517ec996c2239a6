"""The homework with matrices of columns; each cache is a dict."""
import numpy as np
from layers.unfold import fold, unfold


def conv2d_forward(x, w, b, stride, pad):
    (N, C, H, W), (F, _, kh, kw) = x.shape, w.shape
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    columns, size = unfold(padded, kh, kw, stride)
    columns = columns.reshape(N, C * kh * kw, -1)
    out = (w.reshape(F, -1) @ columns + b.reshape(-1, 1)).reshape(N, F, *size)
    return out, {"columns": columns, "w": w, "x": x.shape, "padded": padded.shape, "stride": stride, "pad": pad}


def conv2d_backward(dout, cache):
    w, pad, (N, C, H, W) = cache["w"], cache["pad"], cache["x"]
    F, _, kh, kw = w.shape
    dout = dout.reshape(N, F, -1)
    dw = (dout @ cache["columns"].transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)
    dcolumns = (w.reshape(F, -1).T @ dout).reshape(N, C, kh * kw, -1)
    dx = fold(dcolumns, cache["padded"], kh, kw, cache["stride"])[:, :, pad : pad + H, pad : pad + W]
    return [dx, dw, dout.sum(axis=2).sum(axis=0)]


def max_pool_forward(x, kh, kw, stride):
    columns, size = unfold(x, kh, kw, stride)
    first = np.argmax(columns, axis=2)[:, :, None]
    out = np.take_along_axis(columns, first, axis=2)
    return out.reshape(*x.shape[:2], *size), {"first": first, "columns": columns.shape, "x": x.shape, "window": (kh, kw, stride)}


def max_pool_backward(dout, cache):
    dcolumns = np.zeros(cache["columns"])
    np.put_along_axis(dcolumns, cache["first"], dout.reshape(cache["first"].shape), axis=2)
    return fold(dcolumns, cache["x"], *cache["window"])


def relu_forward(x):
    return x * (x >= 0), {"x": x}


def relu_backward(dout, cache):
    return np.where(cache["x"] >= 0, dout, 0)


def affine_forward(x, w, b):
    flat = x.reshape(x.shape[0], -1)
    return flat.dot(w) + b, {"x": x, "flat": flat, "w": w}


def affine_backward(dout, cache):
    return np.reshape(dout.dot(cache["w"].T), cache["x"].shape), cache["flat"].T.dot(dout), np.ones(len(dout)).dot(dout)


def softmax_loss(scores, y):
    p = np.exp(scores - scores.max(axis=1)[:, None])
    p /= p.sum(axis=1)[:, None]
    target = np.eye(scores.shape[1])[y]
    return -np.sum(target * np.log(np.maximum(p, 1e-300))) / len(y), (p - target) / len(y)


class SmallCNN:
    def __init__(self, input_dim=(1, 8, 8), num_filters=4, filter_size=3, hidden_dim=32,
                 num_classes=10, weight_scale=1e-2, reg=0.0, seed=0):
        rng = np.random.RandomState(seed)
        channels, height, width = input_dim
        shapes = [(num_filters, channels, filter_size, filter_size),
                  (num_filters * (height // 2) * (width // 2), hidden_dim), (hidden_dim, num_classes)]
        self.reg, self.same, self.params = reg, filter_size // 2, {}
        for layer, shape in zip(("conv", "hidden", "out"), shapes):
            fan_in = np.prod(shape[1:]) if layer == "conv" else shape[0]
            self.params[layer + ".weight"] = rng.randn(*shape) * np.sqrt(2 / fan_in)
            self.params[layer + ".bias"] = np.zeros(shape[0] if layer == "conv" else shape[1])

    def set_params(self, params):
        self.params = {name: np.array(value) for name, value in params.items()}

    def predict(self, X):
        return np.argmax(self.loss(X), axis=1)

    def loss(self, X, y=None):
        w = lambda layer: (self.params[layer + ".weight"], self.params[layer + ".bias"])
        layers = [
            ("conv", lambda a: conv2d_forward(a, *w("conv"), 1, self.same), conv2d_backward),
            (None, lambda a: max_pool_forward(a, 2, 2, 2), max_pool_backward),
            (None, relu_forward, relu_backward),
            ("hidden", lambda a: affine_forward(a, *w("hidden")), affine_backward),
            (None, relu_forward, relu_backward),
            ("out", lambda a: affine_forward(a, *w("out")), affine_backward),
        ]
        tape, activation = [], X
        for name, forward, backward in layers:
            activation, cache = forward(activation)
            tape.append((name, backward, cache))
        if y is None:
            return activation
        loss, d = softmax_loss(activation, y)
        grads = {}
        for name, backward, cache in reversed(tape):
            d = backward(d, cache)
            if name:
                d, grads[name + ".weight"], grads[name + ".bias"] = d
        for name, value in self.params.items():
            loss += self.reg / 2 * np.sum(value**2)
            grads[name] = grads[name] + self.reg * value
        return loss, grads
