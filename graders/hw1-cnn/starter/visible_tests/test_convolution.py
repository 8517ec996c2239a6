"""Convolution, the visible part: published and precomputed values."""


import numpy as np
from answers import GRADIENT, agree, border_hint, golden, parts
from assay import opaque, points
opaque("cnn.*_forward", -1)


LINSPACE_OUT = [
    [[[-0.08759809, -0.10987781], [-0.18387192, -0.2109216]],
     [[0.21027089, 0.21661097], [0.22847626, 0.23004637]],
     [[0.50813986, 0.54309974], [0.64082444, 0.67101435]]],
    [[[-0.98053589, -1.03143541], [-1.19128892, -1.24695841]],
     [[0.69108355, 0.66880383], [0.59480972, 0.56776003]],
     [[2.36270298, 2.36904306], [2.38090835, 2.38247847]]],
]  # fmt: skip


@points(4, title={"en": "Convolution: a worked example", "zh": "卷积：算例"})
def test_conv_forward_example(student):
    x = np.linspace(-0.1, 0.5, 96).reshape(2, 3, 4, 4)
    w = np.linspace(-0.2, 0.3, 144).reshape(3, 3, 4, 4)
    b = np.linspace(-0.1, 0.2, 3)
    out, _ = parts(student.cnn.conv2d_forward(x, w, b, 2, 1), "out", "cache")
    agree(out, np.array(LINSPACE_OUT), "out")


@points(2, title={"en": "Convolution: height and width differ", "zh": "卷积：高和宽不同"})
def test_conv_forward_rectangle(student):
    c = golden("rectangle")
    out, _ = parts(student.cnn.conv2d_forward(c.x, c.w, c.b, c.stride, c.pad), "out", "cache")
    agree(out, c.out, "out")


@points(2, title={"en": "Convolution: 6 × 6 by 3 × 3 in steps of 2", "zh": "卷积：6×6 图像，3×3 核，步长 2"})
def test_conv_forward_six_by_six(student):
    c = golden("remainder")
    out, _ = parts(student.cnn.conv2d_forward(c.x, c.w, c.b, c.stride, c.pad), "out", "cache")
    agree(out, c.out, "out")


@points(4, title={"en": "Convolution backward with pad 1", "zh": "卷积反向传播：pad 为 1"})
def test_conv_backward_padded(student):
    c = golden("padded")
    dx, dw, db = backward(student, c)
    agree(dx, c.dx, "dx", hint=border_hint(1), **GRADIENT)
    agree(dw, c.dw, "dw", **GRADIENT)
    agree(db, c.db, "db", **GRADIENT)


@points(3, title={"en": "Convolution backward without padding", "zh": "卷积反向传播：没有填充"})
def test_conv_backward_unpadded(student):
    c = golden("unpadded")
    dx, dw, db = backward(student, c)
    agree(dx, c.dx, "dx", **GRADIENT)
    agree(dw, c.dw, "dw", **GRADIENT)
    agree(db, c.db, "db", **GRADIENT)


def backward(student, c):
    _, cache = parts(student.cnn.conv2d_forward(c.x, c.w, c.b, c.stride, c.pad), "out", "cache")
    return parts(student.cnn.conv2d_backward(c.dout, cache), "dx", "dw", "db")


