"""Convolution, the part that opens after the due date: other shapes, new values for each submission."""
from answers import GRADIENT, agree, border_hint, normal, parts, unread_hint
from assay import numeric_gradient, opaque, points

opaque("cnn.*_forward", -1)


@points(4, title={"en": "Convolution forward", "zh": "卷积前向"}, visibility="after_due_date")
def test_conv_forward(student, reference, rng):
    x, w, b = normal(rng, (3, 4, 7, 7), (5, 4, 3, 3), (5,))
    compare_forward(student, reference, x, w, b, stride=1, pad=1)


@points(2, title={"en": "Convolution with a 1 × 1 kernel", "zh": "卷积：1×1 核"}, visibility="after_due_date")
def test_conv_forward_one_by_one(student, reference, rng):
    x, w, b = normal(rng, (1, 3, 4, 5), (1, 3, 1, 1), (1,))
    compare_forward(student, reference, x, w, b, stride=1, pad=0)


@points(2, title={"en": "Convolution in steps of 2", "zh": "卷积：步长 2"}, visibility="after_due_date")
def test_conv_forward_stride(student, reference, rng):
    x, w, b = normal(rng, (2, 2, 9, 7), (3, 2, 3, 5), (3,))
    compare_forward(student, reference, x, w, b, stride=2, pad=1)


@points(4, title={"en": "Convolution: the last partial step is dropped", "zh": "卷积：舍去最后不完整的一步"}, visibility="after_due_date")
def test_conv_forward_remainder(student, reference, rng):
    for shape, stride in [((2, 2, 8, 8), 2), ((1, 3, 8, 11), 3)]:
        x, w, b = normal(rng, shape, (3, shape[1], 3, 3), (3,))
        compare_forward(student, reference, x, w, b, stride, pad=0)


def compare_forward(student, reference, x, w, b, stride, pad):
    out, _ = parts(student.cnn.conv2d_forward(x, w, b, stride, pad), "out", "cache")
    agree(out, reference.cnn.conv2d_forward(x, w, b, stride, pad)[0], "out")


@points(4, title={"en": "Convolution backward, pad 1: dx", "zh": "卷积反向，pad 为 1：dx"}, visibility="after_due_date")
def test_conv_backward_padded_dx(student, reference, rng):
    case = Case(student, reference, rng, (2, 2, 6, 4), (3, 2, 3, 3), stride=1, pad=1)
    agree(case.dx, case.numeric("x"), "dx", hint=border_hint(1), **GRADIENT)


@points(3, title={"en": "Convolution backward, pad 1: dw", "zh": "卷积反向，pad 为 1：dw"}, visibility="after_due_date")
def test_conv_backward_padded_dw(student, reference, rng):
    case = Case(student, reference, rng, (3, 2, 4, 6), (2, 2, 3, 3), stride=1, pad=1)
    agree(case.dw, case.numeric("w"), "dw", **GRADIENT)


@points(1, title={"en": "Convolution backward, pad 1: db", "zh": "卷积反向，pad 为 1：db"}, visibility="after_due_date")
def test_conv_backward_padded_db(student, reference, rng):
    case = Case(student, reference, rng, (4, 2, 5, 3), (3, 2, 3, 3), stride=1, pad=1)
    agree(case.db, case.numeric("b"), "db", **GRADIENT)


@points(4, title={"en": "Convolution backward in steps of 2", "zh": "卷积反向：步长 2"}, visibility="after_due_date")
def test_conv_backward_stride(student, reference, rng):
    case = Case(student, reference, rng, (2, 2, 5, 7), (3, 2, 3, 3), stride=2, pad=0)
    agree(case.dx, case.numeric("x"), "dx", **GRADIENT)
    agree(case.dw, case.numeric("w"), "dw", **GRADIENT)


@points(5, title={"en": "Convolution backward with a remainder", "zh": "卷积反向：有余数"}, visibility="after_due_date")
def test_conv_backward_remainder(student, reference, rng):
    case = Case(student, reference, rng, (2, 2, 6, 8), (2, 2, 3, 3), stride=2, pad=0)
    agree(case.dx, case.numeric("x"), "dx", hint=unread_hint(5, 7), **GRADIENT)
    agree(case.dw, case.numeric("w"), "dw", **GRADIENT)


class Case:
    """The student's gradients of one convolution, and the reference's by central differences."""

    def __init__(self, student, reference, rng, x, w, stride, pad):
        self.inputs = dict(zip("xwb", normal(rng, x, w, w[:1])))
        self.settings, self.forward = (stride, pad), reference.cnn.conv2d_forward
        self.dout = rng.standard_normal(self.forward(*self.inputs.values(), stride, pad)[0].shape)
        _, cache = parts(student.cnn.conv2d_forward(*self.inputs.values(), stride, pad), "out", "cache")
        self.dx, self.dw, self.db = parts(student.cnn.conv2d_backward(self.dout, cache), "dx", "dw", "db")

    def numeric(self, name):
        def forward(value):
            return self.forward(*{**self.inputs, name: value}.values(), *self.settings)[0]

        return numeric_gradient(forward, self.inputs[name], self.dout)
