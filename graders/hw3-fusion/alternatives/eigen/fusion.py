import numpy as np


def early_fusion(feats, W, b):
    splits = np.cumsum([f.shape[1] for f in feats])[:-1]
    return sum(f @ part for f, part in zip(feats, np.split(W, splits))) + b


def late_fusion(scores, weights):
    logs = [s - np.logaddexp.reduce(s, axis=1)[:, None] for s in scores]
    return np.average(np.exp(logs), axis=0, weights=weights)


def tensor_fusion(a, v, t):
    return np.array([np.kron(np.kron(np.r_[1, x], np.r_[1, y]), np.r_[1, z]) for x, y, z in zip(a, v, t)])


def lowrank_fusion(feats, factors, weights, bias):
    out = np.tile(bias, (len(feats[0]), 1))
    for r, weight in enumerate(weights):
        product = np.full(out.shape, float(weight))
        for x, factor in zip(feats, factors):
            product *= factor[r, 0] + x @ factor[r, 1:]
        out += product
    return out


def gmu(x1, x2, W1, W2, Wz):
    z = 1 / (1 + np.exp(-np.hstack([x1, x2]).dot(Wz)))
    first, second = np.tanh(x1.dot(W1)), np.tanh(x2.dot(W2))
    return second + z * (first - second), z
