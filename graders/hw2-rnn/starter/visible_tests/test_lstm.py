"""The LSTM: one step and over time, forward and backward. Gate order i, f, o, g; c0 = 0."""


import numpy as np
from assay import close, points
from inputs import expect_gradients, gradients, parts, ramp, weights
GOLDEN_H = np.array(
    [
        [0.24635157, 0.28610883, 0.32240467, 0.35525807, 0.38474904],
        [0.49223563, 0.55611431, 0.61507696, 0.66844003, 0.7159181],
        [0.56735664, 0.66310127, 0.74419266, 0.80889665, 0.858299],
    ]
)


GOLDEN_C = np.array(
    [
        [0.32986176, 0.39145139, 0.451556, 0.51014116, 0.56717407],
        [0.66382255, 0.76674007, 0.87195994, 0.97902709, 1.08751345],
        [0.74192008, 0.90592151, 1.07717006, 1.25120233, 1.42395676],
    ]
)


@points(4, title={"en": "LSTM: one step forward, published values", "zh": "LSTM 单步前向：公开数值"})
def test_lstm_step_golden(student, reference, rng):
    x, h, c = ramp(-0.4, 1.2, 3, 4), ramp(-0.3, 0.7, 3, 5), ramp(-0.4, 0.9, 3, 5)
    answer = student.rnn.lstm_step_forward(
        x, h, c, ramp(-2.1, 1.3, 4, 20), ramp(-0.7, 2.2, 5, 20), ramp(0.3, 0.7, 20)
    )
    h, c, _ = parts(answer, "lstm_step_forward", "h", "c", "cache")
    assert close(c, GOLDEN_C, rtol=1e-5, atol=1e-7, name="c")
    assert close(h, GOLDEN_H, rtol=1e-5, atol=1e-7, name="h")


@points(4, title={"en": "LSTM: one step backward", "zh": "LSTM 单步反向"})
def test_lstm_step_backward(student, reference, rng):
    N, D, H = 3, 2, 4
    states = [rng.standard_normal((N, size)) for size in (D, H, H)]
    args = [*states, *weights(rng, D, H, gates=4)]
    dh, dc = rng.standard_normal((2, N, H))
    names = ["x", "h_prev", "c_prev", "Wx", "Wh", "b"]
    outputs = lambda *a: np.stack(reference.rnn.lstm_step_forward(*a)[:2])
    want = gradients(outputs, args, names, np.stack([dh, dc]))
    *_, cache = parts(student.rnn.lstm_step_forward(*args), "lstm_step_forward", "h", "c", "cache")
    results = [f"d{name}" for name in names]
    answer = student.rnn.lstm_step_backward(dh, dc, cache)
    expect_gradients(dict(zip(results, parts(answer, "lstm_step_backward", *results))), want)


