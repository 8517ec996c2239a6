"""ReLU, affine layer and softmax loss, the visible part."""


import numpy as np
from answers import GRADIENT, agree, golden, parts
from assay import opaque, points
opaque("cnn.*_forward", -1)


@points(1, title={"en": "Affine forward", "zh": "全连接层前向"})
def test_affine_forward(student):
    c = golden("affine")
    out, _ = parts(student.cnn.affine_forward(c.x, c.w, c.b), "out", "cache")
    agree(out, c.out, "out")


@points(1, title={"en": "ReLU forward", "zh": "ReLU 前向"})
def test_relu_forward(student):
    x = np.linspace(-0.5, 0.5, 12).reshape(3, 4)
    out, _ = parts(student.cnn.relu_forward(x), "out", "cache")
    agree(out, np.where(x > 0, x, 0.0), "out")


@points(2, title={"en": "Softmax loss", "zh": "softmax 损失"})
def test_softmax_loss_example(student):
    c = golden("softmax")
    loss, _ = parts(student.cnn.softmax_loss(c.scores, c.y), "loss", "dscores")
    agree(loss, c.loss, "loss")


@points(2, title={"en": "Gradient of the softmax loss", "zh": "softmax 损失的梯度"})
def test_softmax_gradient_example(student):
    c = golden("softmax")
    _, dscores = parts(student.cnn.softmax_loss(c.scores, c.y), "loss", "dscores")
    agree(dscores, c.dscores, "dscores", **GRADIENT)


