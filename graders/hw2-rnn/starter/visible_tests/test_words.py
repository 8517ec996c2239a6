"""The layers around the recurrent one: word embedding before it, an affine map after it."""


import numpy as np
from assay import close, numeric_gradient, points
from inputs import expect_gradients, parts
@points(1, title={"en": "Word embedding forward", "zh": "词嵌入前向"})
def test_embedding_forward(student, reference, rng):
    x, W = rng.integers(0, 6, (3, 4)), rng.standard_normal((6, 5))
    x[0, 0] = 5
    out, _ = parts(student.rnn.word_embedding_forward(x, W), "word_embedding_forward", "out", "cache")
    assert close(out, reference.rnn.word_embedding_forward(x, W)[0], name="out")


@points(3, title={"en": "Word embedding backward: a word may occur often", "zh": "词嵌入反向：同一个词出现多次"})
def test_embedding_backward(student, reference, rng):
    x = rng.permutation(5)[np.array([[0, 1, 1, 2], [1, 3, 0, 0], [3, 3, 3, 3]])]
    W, dout = rng.standard_normal((7, 3)), rng.standard_normal((3, 4, 3))
    _, cache = parts(student.rnn.word_embedding_forward(x, W), "word_embedding_forward", "out", "cache")
    want = numeric_gradient(lambda W: reference.rnn.word_embedding_forward(x, W)[0], W, dout)
    dW = student.rnn.word_embedding_backward(dout, cache)
    assert close(dW, want, rtol=1e-5, atol=1e-7, name="dW")


@points(2, title={"en": "Temporal affine layer, both ways", "zh": "时序仿射层：前向与反向"})
def test_temporal_affine(student, reference, rng):
    x, w, b = (rng.standard_normal(shape) for shape in ((2, 3, 4), (4, 5), (5,)))
    dout, forward = rng.standard_normal((2, 3, 5)), reference.rnn.temporal_affine_forward
    answer = student.rnn.temporal_affine_forward(x, w, b)
    out, cache = parts(answer, "temporal_affine_forward", "out", "cache")
    assert close(out, forward(x, w, b)[0], name="out")
    want = {
        "dx": numeric_gradient(lambda x: forward(x, w, b)[0], x, dout),
        "dw": numeric_gradient(lambda w: forward(x, w, b)[0], w, dout),
        "db": numeric_gradient(lambda b: forward(x, w, b)[0], b, dout),
    }
    answer = student.rnn.temporal_affine_backward(dout, cache)
    expect_gradients(dict(zip(want, parts(answer, "temporal_affine_backward", *want))), want)


