"""One step of the tanh RNN, forward and backward."""


import numpy as np
from assay import close, points
from inputs import expect_gradients, gradients, parts, ramp, step_inputs
GOLDEN = np.array(
    [
        [-0.58172089, -0.50182032, -0.41232771, -0.31410098],
        [0.66854692, 0.79562378, 0.87755553, 0.92795967],
        [0.97934501, 0.99144213, 0.99646691, 0.99854353],
    ]
)


@points(4, title={"en": "One step forward, published values", "zh": "单步前向：公开数值"})
def test_step_golden(student, reference, rng):
    args = ramp(-0.4, 0.7, 3, 10), ramp(-0.2, 0.5, 3, 4), ramp(-0.1, 0.9, 10, 4), ramp(-0.3, 0.7, 4, 4)
    answer = student.rnn.rnn_step_forward(*args, ramp(-0.2, 0.4, 4))
    h, _ = parts(answer, "rnn_step_forward", "h", "cache")
    assert close(h, GOLDEN, rtol=1e-5, atol=1e-7, name="h")


def expect_step_gradients(student, reference, rng, names):
    args, dh = step_inputs(rng, 4, 5, 3), rng.standard_normal((4, 3))
    want = gradients(lambda *a: reference.rnn.rnn_step_forward(*a)[0], args, names, dh)
    _, cache = parts(student.rnn.rnn_step_forward(*args), "rnn_step_forward", "h", "cache")
    results = "dx", "dh_prev", "dWx", "dWh", "db"
    answer = student.rnn.rnn_step_backward(dh, cache)
    expect_gradients(dict(zip(results, parts(answer, "rnn_step_backward", *results))), want)


@points(5, title={"en": "One step backward: dx and dh_prev", "zh": "单步反向：dx 与 dh_prev"})
def test_step_backward_inputs(student, reference, rng):
    expect_step_gradients(student, reference, rng, ["x", "h_prev"])


@points(5, title={"en": "One step backward: dWx, dWh and db", "zh": "单步反向：dWx、dWh 与 db"})
def test_step_backward_weights(student, reference, rng):
    expect_step_gradients(student, reference, rng, ["Wx", "Wh", "b"])


