"""What is handed to a function comes back as it was."""


import numpy as np
from assay import both, points
from inputs import sequence_inputs, step_inputs, weights
def unchanged(student, function, names, args, shape):
    """Calls `function`; its first result has `shape`, and no argument was changed. Returns the last result."""
    answer = getattr(student.rnn, function)(*args)
    first, last = (answer[0], answer[-1]) if isinstance(answer, (tuple, list)) and answer else (answer, None)
    sensible = isinstance(first, (np.ndarray, float)) and np.shape(first) == shape and np.any(first != 0)
    assert sensible, both(
        f"{function} must first return values of shape {list(shape)}, not all zero",
        f"{function} 的第一个返回值形状应为 {list(shape)}，且不全为零",
    )
    changed = [names[i] if isinstance(i, int) else i for i in student.mutated]
    assert not changed, both(
        f"{function} changed its argument {', '.join(changed)} in place; work on a copy",
        f"{function} 原地修改了参数 {', '.join(changed)}；请使用副本",
    )
    return last


@points(3, title={"en": "No argument is changed in place", "zh": "不原地修改任何参数"})
def test_arguments_unchanged(student, reference, rng):
    N, T, D, H, V = 2, 3, 4, 5, 6
    for kind, gates in [("rnn", 1), ("lstm", 4)]:
        args = sequence_inputs(rng, N, T, D, H, gates)
        names = "x", "h0", "Wx", "Wh", "b"
        cache = unchanged(student, f"{kind}_forward", names, args, (N, T, H))
        dh = rng.standard_normal((N, T, H))
        unchanged(student, f"{kind}_backward", ["dh", "cache"], [dh, cache], (N, T, D))

    args = step_inputs(rng, N, D, H)
    names = "x", "h_prev", "Wx", "Wh", "b"
    cache = unchanged(student, "rnn_step_forward", names, args, (N, H))
    dh, dc = rng.standard_normal((2, N, H))
    unchanged(student, "rnn_step_backward", ["dh", "cache"], [dh, cache], (N, D))

    args = [*args[:2], rng.standard_normal((N, H)), *weights(rng, D, H, gates=4)]
    names = "x", "h_prev", "c_prev", "Wx", "Wh", "b"
    cache = unchanged(student, "lstm_step_forward", names, args, (N, H))
    unchanged(student, "lstm_step_backward", ["dh", "dc", "cache"], [dh, dc, cache], (N, D))

    x, W = rng.integers(0, V, (N, T)), rng.standard_normal((V, D))
    cache = unchanged(student, "word_embedding_forward", ["x", "W"], [x, W], (N, T, D))
    dout = rng.standard_normal((N, T, D))
    unchanged(student, "word_embedding_backward", ["dout", "cache"], [dout, cache], (V, D))

    args = [rng.standard_normal(shape) for shape in ((N, T, D), (D, V), (V,))]
    cache = unchanged(student, "temporal_affine_forward", ["x", "w", "b"], args, (N, T, V))
    dout = rng.standard_normal((N, T, V))
    unchanged(student, "temporal_affine_backward", ["dout", "cache"], [dout, cache], (N, T, D))

    y, mask = rng.integers(0, V, (N, T)), np.ones((N, T), dtype=bool)
    unchanged(student, "temporal_softmax_loss", ["x", "y", "mask"], [dout, y, mask], ())


