"""The tanh RNN over time, forward and backward."""


import numpy as np
from assay import close, points
from inputs import expect_all_gradients, parts, ramp
GOLDEN = np.array(
    [
        [
            [-0.42070749, -0.27279261, -0.11074945, 0.05740409, 0.22236251],
            [-0.39525808, -0.22554661, -0.0409454, 0.14649412, 0.32397316],
            [-0.42305111, -0.24223728, -0.04287027, 0.15997045, 0.35014525],
        ],
        [
            [-0.55857474, -0.39065825, -0.19198182, 0.02378408, 0.23735671],
            [-0.27150199, -0.07088804, 0.13562939, 0.33099728, 0.50158768],
            [-0.51014825, -0.30524429, -0.06755202, 0.17806392, 0.40333043],
        ],
    ]
)


@points(4, title={"en": "A sequence forward, published values", "zh": "序列前向：公开数值"})
def test_forward_golden(student, reference, rng):
    args = ramp(-0.1, 0.3, 2, 3, 4), ramp(-0.3, 0.1, 2, 5), ramp(-0.2, 0.4, 4, 5), ramp(-0.4, 0.1, 5, 5)
    h, _ = parts(student.rnn.rnn_forward(*args, ramp(-0.7, 0.1, 5)), "rnn_forward", "h", "cache")
    assert close(h, GOLDEN, rtol=1e-5, atol=1e-7, name="h")


@points(7, title={"en": "Backpropagation through time: dx and dh0", "zh": "沿时间反向传播：dx 与 dh0"})
def test_bptt_inputs(student, reference, rng):
    expect_all_gradients(student, reference, rng, "rnn", (2, 6, 3, 4), ["x", "h0"])


