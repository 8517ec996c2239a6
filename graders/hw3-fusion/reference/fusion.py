"""Five ways to join modalities; every feature matrix has one sample a row."""
from functools import reduce

import numpy as np


def with_one(x):
    """[1, x] for each row: a product of such rows keeps every modality on its own as well."""
    return np.concatenate([np.ones((len(x), 1)), x], axis=1)


def softmax(scores):
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * x))  # exact, and without overflow


def early_fusion(feats, W, b):
    """Features side by side, then one affine map: [N, O]."""
    return np.concatenate(feats, axis=1) @ W + b


def late_fusion(scores, weights):
    """The weighted mean of each modality's class probabilities: [N, O]."""
    probabilities = np.stack([softmax(s) for s in scores])
    shares = np.asarray(weights) / np.sum(weights)
    return np.einsum("k,kno->no", shares, probabilities)


def tensor_fusion(a, v, t):
    """The outer product of [1, a], [1, v] and [1, t], a row for each sample."""
    outer = np.einsum("ni,nj,nk->nijk", with_one(a), with_one(v), with_one(t))
    return outer.reshape(len(a), -1)


def lowrank_fusion(feats, factors, weights, bias):
    """Tensor fusion and a linear map of rank R, without ever building the tensor (Liu et al., 2018)."""
    projected = [np.einsum("ni,rio->rno", with_one(x), factor) for x, factor in zip(feats, factors)]
    product = reduce(np.multiply, projected)
    return np.einsum("r,rno->no", weights, product) + bias


def gmu(x1, x2, W1, W2, Wz):
    """Gated multimodal unit (Arevalo et al., 2017): z says how much of the first modality to trust."""
    z = sigmoid(np.concatenate([x1, x2], axis=1) @ Wz)
    h = z * np.tanh(x1 @ W1) + (1 - z) * np.tanh(x2 @ W2)
    return h, z
