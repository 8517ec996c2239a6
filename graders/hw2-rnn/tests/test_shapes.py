"""Sizes at which a careless implementation loses an axis or takes one for another."""

from assay import close, points
from inputs import RNN, expect_all_gradients, parts, sequence_inputs


def expect_both_layers(student, reference, rng, N, T, D, H):
    """Values and gradients of the RNN and of the LSTM at these sizes."""
    for kind, gates in [("rnn", 1), ("lstm", 4)]:
        args = sequence_inputs(rng, N, T, D, H, gates)
        answer = getattr(student.rnn, f"{kind}_forward")(*args)
        h, _ = parts(answer, f"{kind}_forward", "h", "cache")
        want = getattr(reference.rnn, f"{kind}_forward")(*args)[0]
        assert close(h, want, name=f"{kind}_forward: h (N = {N}, T = {T}, D = {D}, H = {H})")
        expect_all_gradients(student, reference, rng, kind, (N, T, D, H), RNN)


@points(3, title={"en": "One step: T = 1", "zh": "只有一步：T = 1"}, visibility="after_due_date")
def test_one_step(student, reference, rng):
    expect_both_layers(student, reference, rng, N=3, T=1, D=2, H=4)


@points(3, title={"en": "One sample: N = 1", "zh": "只有一个样本：N = 1"}, visibility="after_due_date")
def test_one_sample(student, reference, rng):
    expect_both_layers(student, reference, rng, N=1, T=4, D=3, H=2)


@points(2, title={"en": "Equal sizes: D = H", "zh": "大小相等：D = H"}, visibility="after_due_date")
def test_equal_sizes(student, reference, rng):
    expect_both_layers(student, reference, rng, N=2, T=3, D=3, H=3)
