"""Homework 3, part 1: fusion. Write the functions; keep their names and arguments.

All arrays are numpy.float64 with one sample a row. No function may change its inputs.
"""
import numpy as np


def early_fusion(feats, W, b):
    """feats: list of [N, d_i], W [d_1 + ... + d_K, O], b [O] -> [N, O]: concatenate in order, then affine"""
    raise NotImplementedError("early_fusion")


def late_fusion(scores, weights):
    """scores: list of K arrays [N, O], weights [K] positive, any sum -> [N, O]: weighted mean of the softmaxes"""
    raise NotImplementedError("late_fusion")


def tensor_fusion(a, v, t):
    """a [N, A], v [N, V], t [N, T] -> [N, (A+1)(V+1)(T+1)]: outer product of [1, a], [1, v], [1, t] in C order"""
    raise NotImplementedError("tensor_fusion")


def lowrank_fusion(feats, factors, weights, bias):
    """feats: list of [N, d_i], factors: list of [R, d_i + 1, O] (row 0 is that of the one),
    weights [R], bias [O] -> [N, O]
    """
    raise NotImplementedError("lowrank_fusion")


def gmu(x1, x2, W1, W2, Wz):
    """x1 [N, D1], x2 [N, D2], W1 [D1, H], W2 [D2, H], Wz [D1 + D2, H] -> (h [N, H], z [N, H])"""
    raise NotImplementedError("gmu")
