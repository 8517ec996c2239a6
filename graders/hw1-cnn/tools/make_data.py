"""Makes data/golden.npz (the cases of the visible tests) and data/digits.npz (scikit-learn's digits).

The golden answers come from PyTorch, not from the reference: a reference that is wrong consistently, forward
and backward, fails its own suite. Run in the development image: `python3 tools/make_data.py`.
"""
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

DATA = Path(__file__).parent.parent / "data"
cases = {}


def spread(rng, shape):
    """A shuffled, evenly spaced set of values: no two are equal, none is 0."""
    values = (np.arange(np.prod(shape)) + 0.5) / np.prod(shape) * 4 - 2
    return rng.permutation(values).reshape(shape)


def save(name, **arrays):
    for key, value in arrays.items():
        value = value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
        cases[f"{name}.{key}"] = value


def tensors(*arrays):
    return [torch.tensor(a, requires_grad=True) for a in arrays]


def convolution(name, seed, x, w, stride, pad):
    rng = np.random.default_rng(seed)
    x, w, b = tensors(*(rng.standard_normal(s).round(2) for s in (x, w, (w[0],))))
    out = F.conv2d(x, w, b, stride=stride, padding=pad)
    dout = torch.tensor(rng.standard_normal(out.shape).round(2))
    dx, dw, db = torch.autograd.grad(out, (x, w, b), dout)
    save(name, x=x, w=w, b=b, stride=stride, pad=pad, out=out, dout=dout, dx=dx, dw=dw, db=db)


def pooling(name, seed, x, kh, kw, stride):
    rng = np.random.default_rng(seed)
    (x,) = tensors(spread(rng, x))
    out = F.max_pool2d(x, (kh, kw), stride)
    dout = torch.tensor(rng.standard_normal(out.shape).round(2))
    (dx,) = torch.autograd.grad(out, x, dout)
    save(name, x=x, kh=kh, kw=kw, stride=stride, out=out, dout=dout, dx=dx)


def affine(name, seed, x, m):
    rng = np.random.default_rng(seed)
    x, w, b = tensors(*(rng.standard_normal(s).round(2) for s in (x, (int(np.prod(x[1:])), m), (m,))))
    out = x.flatten(1) @ w + b
    dout = torch.tensor(rng.standard_normal(out.shape).round(2))
    dx, dw, db = torch.autograd.grad(out, (x, w, b), dout)
    save(name, x=x, w=w, b=b, out=out, dout=dout, dx=dx, dw=dw, db=db)


def softmax(name, seed, n, c):
    rng = np.random.default_rng(seed)
    (scores,) = tensors(2 * rng.standard_normal((n, c)).round(2))
    y = torch.tensor(rng.integers(c, size=n))
    loss = F.cross_entropy(scores, y)
    (dscores,) = torch.autograd.grad(loss, scores)
    save(name, scores=scores, y=y, loss=loss, dscores=dscores)


convolution("rectangle", 1, (2, 3, 5, 8), (4, 3, 3, 2), stride=1, pad=0)
convolution("remainder", 2, (2, 2, 6, 6), (3, 2, 3, 3), stride=2, pad=0)
convolution("padded", 3, (2, 3, 5, 4), (4, 3, 3, 3), stride=1, pad=1)
convolution("unpadded", 4, (2, 2, 5, 6), (3, 2, 3, 3), stride=1, pad=0)
pooling("disjoint", 5, (2, 3, 4, 6), 2, 2, stride=2)
pooling("overlapping", 6, (2, 2, 6, 5), 3, 3, stride=1)
affine("affine", 7, (3, 2, 4, 5), 6)
softmax("softmax", 8, 5, 7)

np.savez_compressed(DATA / "golden.npz", **cases)
digits = load_digits()
np.savez_compressed(DATA / "digits.npz", images=digits.images.astype(np.uint8), labels=digits.target.astype(np.uint8))
