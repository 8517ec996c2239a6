"""Max pooling, the part that opens after the due date."""
import numpy as np
from answers import GRADIENT, agree, parts, spread, unread_hint
from assay import numeric_gradient, opaque, points

opaque("cnn.*_forward", -1)


@points(3, title={"en": "Max pooling of negative values, with a remainder", "zh": "最大池化：负数与余数"}, visibility="after_due_date")
def test_pool_forward(student, reference, rng):
    x = spread(rng, (2, 3, 8, 6)) - 5
    out, _ = parts(student.cnn.max_pool_forward(x, 3, 2, 2), "out", "cache")
    agree(out, reference.cnn.max_pool_forward(x, 3, 2, 2)[0], "out")


@points(3, title={"en": "Max pooling backward, steps wider than the window", "zh": "最大池化反向：步长大于窗口"}, visibility="after_due_date")
def test_pool_backward_disjoint(student, reference, rng):
    x = spread(rng, (2, 2, 7, 8))
    compare_backward(student, reference, rng, x, 2, 3, 3, hint=unread_hint(5, 6))


@points(4, title={"en": "Max pooling backward, 3 × 3 in steps of 2", "zh": "最大池化反向：3×3 窗口，步长 2"}, visibility="after_due_date")
def test_pool_backward_overlapping(student, reference, rng):
    x = spread(rng, (2, 2, 7, 5))
    x[:, :, 2, 2] += 10  # the winner of four windows
    compare_backward(student, reference, rng, x, 3, 3, 2)


@points(3, title={"en": "Max pooling backward, every pixel in several windows", "zh": "最大池化反向：每个像素属于多个窗口"}, visibility="after_due_date")
def test_pool_backward_dense(student, reference, rng):
    x = spread(rng, (1, 3, 5, 6))
    x[:, :, 2, 3] += 10
    compare_backward(student, reference, rng, x, 2, 3, 1)


@points(2, title={"en": "Max pooling: the first in row-major order", "zh": "最大池化：按行优先的第一个"}, visibility="after_due_date")
def test_pool_backward_ties(student, rng):
    window = np.array([[0.0, 1.0, 5.0], [5.0, 2.0, 5.0], [3.0, 5.0, 4.0]])
    x = np.tile(window, (2, 2, 2, 3)) * np.arange(1.0, 3.0)[:, None, None, None]
    dout = rng.standard_normal((2, 2, 2, 3))
    want = np.zeros(x.shape)
    want[:, :, 0::3, 2::3] = dout
    _, cache = parts(student.cnn.max_pool_forward(x, 3, 3, 3), "out", "cache")
    agree(student.cnn.max_pool_backward(dout, cache), want, "dx", **GRADIENT)


def compare_backward(student, reference, rng, x, kh, kw, stride, hint=None):
    def forward(x):
        return reference.cnn.max_pool_forward(x, kh, kw, stride)[0]

    dout = rng.standard_normal(forward(x).shape)
    _, cache = parts(student.cnn.max_pool_forward(x, kh, kw, stride), "out", "cache")
    dx = student.cnn.max_pool_backward(dout, cache)
    agree(dx, numeric_gradient(forward, x, dout), "dx", hint=hint, **GRADIENT)
