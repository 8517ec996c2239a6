"""ReLU, affine layer and softmax loss, the part that opens after the due date."""
import numpy as np
from answers import GRADIENT, agree, normal, parts, spread
from assay import both, numeric_gradient, opaque, points

opaque("cnn.*_forward", -1)


@points(2, title={"en": "Affine backward", "zh": "全连接层反向"}, visibility="after_due_date")
def test_affine_backward(student, reference, rng):
    x, w, b, dout = normal(rng, (4, 3, 2, 2), (12, 5), (5,), (4, 5))
    _, cache = parts(student.cnn.affine_forward(x, w, b), "out", "cache")
    dx, dw, db = parts(student.cnn.affine_backward(dout, cache), "dx", "dw", "db")
    forward = reference.cnn.affine_forward
    agree(dx, numeric_gradient(lambda x: forward(x, w, b)[0], x, dout), "dx", **GRADIENT)
    agree(dw, numeric_gradient(lambda w: forward(x, w, b)[0], w, dout), "dw", **GRADIENT)
    agree(db, numeric_gradient(lambda b: forward(x, w, b)[0], b, dout), "db", **GRADIENT)


@points(2, title={"en": "ReLU backward", "zh": "ReLU 反向"}, visibility="after_due_date")
def test_relu_backward(student, reference, rng):
    x = spread(rng, (3, 2, 4, 4))
    dout = rng.standard_normal(x.shape)
    _, cache = parts(student.cnn.relu_forward(x), "out", "cache")
    want = numeric_gradient(lambda x: reference.cnn.relu_forward(x)[0], x, dout)
    agree(student.cnn.relu_backward(dout, cache), want, "dx", **GRADIENT)


@points(2, title={"en": "Softmax loss, as many classes as samples", "zh": "softmax 损失：类别数等于样本数"}, visibility="after_due_date")
def test_softmax_loss(student, reference, rng):
    scores, y = 2 * rng.standard_normal((6, 6)), rng.integers(6, size=6)
    loss, dscores = parts(student.cnn.softmax_loss(scores, y), "loss", "dscores")
    agree(loss, reference.cnn.softmax_loss(scores, y)[0], "loss")
    want = numeric_gradient(lambda s: reference.cnn.softmax_loss(s, y)[0], scores, 1.0)
    agree(dscores, want, "dscores", **GRADIENT)


@points(2, title={"en": "Softmax loss of very large scores", "zh": "softmax 损失：很大的分数"}, visibility="after_due_date")
def test_softmax_large_scores(student, reference, rng):
    scores, y = rng.standard_normal((4, 7)), rng.integers(7, size=4)
    want_loss, want_dscores = reference.cnn.softmax_loss(scores, y)
    shift = np.array([[1000.0], [1000.0], [-1000.0], [0.0]])  # one number a row: the softmax stays as it is
    loss, dscores = parts(student.cnn.softmax_loss(scores + shift, y), "loss", "dscores")
    where = both("with rows shifted by 1000, ", "各行平移 1000 后，")
    agree(loss, want_loss, where + "loss")
    agree(dscores, want_dscores, where + "dscores", **GRADIENT)
