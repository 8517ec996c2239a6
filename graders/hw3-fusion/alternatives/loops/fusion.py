import math

import numpy as np


def early_fusion(feats, W, b):
    N, O = feats[0].shape[0], len(b)
    out = np.zeros((N, O))
    for n in range(N):
        joined = []
        for f in feats:
            joined.extend(f[n].tolist())
        for o in range(O):
            total = b[o]
            for i, value in enumerate(joined):
                total += value * W[i, o]
            out[n, o] = total
    return out


def late_fusion(scores, weights):
    N, O = scores[0].shape
    total_weight = sum(weights)
    out = np.zeros((N, O))
    for s, weight in zip(scores, weights):
        for n in range(N):
            top = max(s[n])
            exps = [math.exp(value - top) for value in s[n]]
            for o in range(O):
                out[n, o] += weight / total_weight * exps[o] / sum(exps)
    return out


def tensor_fusion(a, v, t):
    rows = []
    for n in range(len(a)):
        row = []
        for x in [1.0, *a[n]]:
            for y in [1.0, *v[n]]:
                for z in [1.0, *t[n]]:
                    row.append(x * y * z)
        rows.append(row)
    return np.array(rows)


def lowrank_fusion(feats, factors, weights, bias):
    N, O = len(feats[0]), len(bias)
    out = np.zeros((N, O))
    for n in range(N):
        for o in range(O):
            out[n, o] = bias[o]
            for r in range(len(weights)):
                product = weights[r]
                for x, factor in zip(feats, factors):
                    total = factor[r, 0, o]
                    for i in range(x.shape[1]):
                        total += x[n, i] * factor[r, i + 1, o]
                    product *= total
                out[n, o] += product
    return out


def gmu(x1, x2, W1, W2, Wz):
    N, H = len(x1), W1.shape[1]
    h, z = np.zeros((N, H)), np.zeros((N, H))
    for n in range(N):
        both = list(x1[n]) + list(x2[n])
        for k in range(H):
            gate = 1 / (1 + math.exp(-sum(value * Wz[i, k] for i, value in enumerate(both))))
            first = math.tanh(sum(value * W1[i, k] for i, value in enumerate(x1[n])))
            second = math.tanh(sum(value * W2[i, k] for i, value in enumerate(x2[n])))
            z[n, k], h[n, k] = gate, gate * first + (1 - gate) * second
    return h, z
