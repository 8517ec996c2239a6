"""Homework 3, part 2: coordination. Write the functions; keep their names and arguments.

All arrays are numpy.float64; row i of the first modality belongs to row i of the second. No function may
change its inputs.
"""
import numpy as np


def info_nce(img, txt, tau):
    """img [N, D], txt [N, D], tau > 0 -> (loss: a number, dimg [N, D], dtxt [N, D])

    Rows are normalised to length 1 inside; the gradients are those of img and txt as they were given.
    """
    raise NotImplementedError("info_nce")


def vse_loss(img, txt, margin, hard):
    """img [N, D], txt [N, D], margin > 0, hard: bool -> loss: a number"""
    raise NotImplementedError("vse_loss")


def cca_fit(X, Y, k, reg):
    """X [n, p], Y [n, q], k <= min(p, q), reg >= 0 -> (A [p, k], B [q, k], rho [k] in falling order)"""
    raise NotImplementedError("cca_fit")


def recall_at_k(sim, truth, k):
    """sim [n, m] similarities, truth: for each row the list of its true columns, k >= 1 -> a number in [0, 1]"""
    raise NotImplementedError("recall_at_k")
