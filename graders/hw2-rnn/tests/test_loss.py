"""temporal_softmax_loss: masked, safe for large scores, and nothing when all is masked."""

import numpy as np

from assay import both, close, numeric_gradient, points
from inputs import parts

MASK = np.array([[True, True, False, True], [False, True, False, False], [True, True, True, False]])


def scores_and_words(rng, V=5):
    N, T = MASK.shape
    return rng.standard_normal((N, T, V)), rng.integers(0, V, (N, T))


def ask(student, x, y, mask):
    return parts(student.rnn.temporal_softmax_loss(x, y, mask), "temporal_softmax_loss", "loss", "dx")


@points(2, title={"en": "Loss: the mask, and division by N", "zh": "损失：掩码，以及除以 N"})
def test_masked_loss(student, reference, rng):
    x, y = scores_and_words(rng)
    loss, _ = ask(student, x, y, MASK)
    assert close(loss, reference.rnn.temporal_softmax_loss(x, y, MASK)[0], name="loss")


@points(
    3,
    title={"en": "Loss: its gradient under a mask", "zh": "损失：有掩码时的梯度"},
    visibility="after_due_date",
)
def test_masked_gradient(student, reference, rng):
    x, y = scores_and_words(rng, V=4)
    want = numeric_gradient(lambda x: reference.rnn.temporal_softmax_loss(x, y, MASK)[0], x, 1.0)
    _, dx = ask(student, x, y, MASK)
    assert close(dx, want, rtol=1e-5, atol=1e-7, name="dx")


@points(2, title={"en": "Loss: scores of a thousand", "zh": "损失：上千的分数"})
def test_large_scores(student, reference, rng):
    x, y = scores_and_words(rng)
    shift = 1000.0 * rng.permuted([[1, -1, 0, 1]] * 3, axis=1)[:, :, None]
    loss, dx = ask(student, x + shift, y, MASK)
    want_loss, want_dx = reference.rnn.temporal_softmax_loss(x, y, MASK)
    case = both(" where a step's scores are shifted by ±1000 (that changes nothing)", "（某步分数整体 ±1000，结果应不变）")
    assert close(loss, want_loss, name="loss" + case)
    assert close(dx, want_dx, name="dx" + case)


@points(
    1,
    title={"en": "Loss: nothing is left when all is masked", "zh": "损失：全部被掩码时为 0"},
    visibility="after_due_date",
)
def test_all_masked(student, reference, rng):
    x, y = scores_and_words(rng)
    loss, dx = ask(student, x, y, np.zeros_like(MASK))
    assert close(loss, 0.0, name=both("loss with every step masked", "全部被掩码时的 loss"))
    assert close(dx, np.zeros_like(x), name=both("dx with every step masked", "全部被掩码时的 dx"))
    loss, _ = ask(student, x, y, np.ones_like(MASK))
    want = reference.rnn.temporal_softmax_loss(x, y, np.ones_like(MASK))[0]
    assert close(loss, want, name=both("loss with no step masked", "全部未被掩码时的 loss"))
