"""Max pooling, the visible part."""


import numpy as np
from answers import GRADIENT, agree, golden, parts
from assay import both, opaque, points
opaque("cnn.*_forward", -1)


@points(3, title={"en": "Max pooling forward", "zh": "最大池化前向"})
def test_pool_forward_example(student):
    c = golden("disjoint")
    out, _ = parts(student.cnn.max_pool_forward(c.x, c.kh, c.kw, c.stride), "out", "cache")
    agree(out, c.out, "out")


@points(3, title={"en": "Max pooling backward, disjoint windows", "zh": "最大池化反向：窗口不重叠"})
def test_pool_backward_disjoint_example(student):
    c = golden("disjoint")
    agree(backward(student, c.x, c.kh, c.kw, c.stride, c.dout), c.dx, "dx", **GRADIENT)


@points(3, title={"en": "Max pooling backward, overlapping windows", "zh": "最大池化反向：窗口重叠"})
def test_pool_backward_overlapping_example(student):
    c = golden("overlapping")
    agree(backward(student, c.x, c.kh, c.kw, c.stride, c.dout), c.dx, "dx", **GRADIENT)


@points(2, title={"en": "Max pooling: of equal values the first takes all", "zh": "最大池化：相等时梯度全归第一个"})
def test_pool_backward_equal(student):
    dout = np.array([[[[1.0, -2.0], [3.0, 0.5]]]])
    want = np.zeros((1, 1, 4, 4))
    want[..., ::2, ::2] = dout
    hint = both("All values of x are 7: ", "x 的值全为 7：")
    dx = backward(student, np.full((1, 1, 4, 4), 7.0), 2, 2, 2, dout)
    agree(dx, want, hint + "dx", **GRADIENT)


def backward(student, x, kh, kw, stride, dout):
    _, cache = parts(student.cnn.max_pool_forward(x, kh, kw, stride), "out", "cache")
    return student.cnn.max_pool_backward(dout, cache)


