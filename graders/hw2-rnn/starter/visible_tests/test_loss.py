"""temporal_softmax_loss: masked, safe for large scores, and nothing when all is masked."""


import numpy as np
from assay import both, close, points
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


@points(2, title={"en": "Loss: scores of a thousand", "zh": "损失：上千的分数"})
def test_large_scores(student, reference, rng):
    x, y = scores_and_words(rng)
    shift = 1000.0 * rng.permuted([[1, -1, 0, 1]] * 3, axis=1)[:, :, None]
    loss, dx = ask(student, x + shift, y, MASK)
    want_loss, want_dx = reference.rnn.temporal_softmax_loss(x, y, MASK)
    case = both(" where a step's scores are shifted by ±1000 (that changes nothing)", "（某步分数整体 ±1000，结果应不变）")
    assert close(loss, want_loss, name="loss" + case)
    assert close(dx, want_dx, name="dx" + case)


