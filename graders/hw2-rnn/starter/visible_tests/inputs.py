"""Inputs that several test files use, and how they read what a student returns."""


import numpy as np
from assay import both, close, numeric_gradient, opaque
opaque("rnn.*_forward", -1)  # a cache is the student's own business


RNN = ("x", "h0", "Wx", "Wh", "b")


def weights(rng, D, H, gates=1):
    """Wx, Wh and b of a layer whose units are neither saturated nor nearly linear."""
    return [0.5 * rng.standard_normal(shape) for shape in ((D, gates * H), (H, gates * H), (gates * H,))]


def step_inputs(rng, N, D, H):
    return [rng.standard_normal((N, D)), rng.standard_normal((N, H)), *weights(rng, D, H)]


def sequence_inputs(rng, N, T, D, H, gates=1):
    return [rng.standard_normal((N, T, D)), rng.standard_normal((N, H)), *weights(rng, D, H, gates)]


def ramp(first, last, *shape):
    """Evenly spaced numbers, as the published cases of CS231n use them."""
    return np.linspace(first, last, int(np.prod(shape))).reshape(shape)


def parts(answer, function, *names):
    """The values that a function returned, or a failed test that says which ones it should return."""
    listed = ", ".join(names)
    assert isinstance(answer, (tuple, list)) and len(answer) == len(names), both(
        f"{function} must return {len(names)} values: ({listed})",
        f"{function} 应返回 {len(names)} 个值：({listed})",
    )
    return answer


def gradients(forward, args, names, dout):
    """{"dx": ..., ...}: central differences of the reference's forward pass by the arguments `names`."""
    at = {"x": 0, "h_prev": 1, "h0": 1, "c_prev": 2, "Wx": -3, "Wh": -2, "b": -1}

    def by(name):
        def output(value):
            changed = list(args)
            changed[at[name]] = value
            return forward(*changed)

        return numeric_gradient(output, args[at[name]], dout)

    return {f"d{name}": by(name) for name in names}


def expect_gradients(got, want, case=""):
    """Each named gradient agrees with the central differences."""
    for name, expected in want.items():
        assert close(got[name], expected, rtol=1e-5, atol=1e-7, name=f"{name}{case}")


def student_gradients(student, kind, args, dout):
    """{"dx": ...} as the student's `rnn` or `lstm` computes them, forward and then backward."""
    module = student.rnn
    forward, backward = getattr(module, f"{kind}_forward"), getattr(module, f"{kind}_backward")
    _, cache = parts(forward(*args), f"{kind}_forward", "h", "cache")
    names = [f"d{name}" for name in RNN]
    return dict(zip(names, parts(backward(dout, cache), f"{kind}_backward", *names)))


def expect_all_gradients(student, reference, rng, kind, sizes, names, only_last=False):
    """Backpropagation through time against central differences, for the arguments in `names`."""
    args = sequence_inputs(rng, *sizes, gates=4 if kind == "lstm" else 1)
    N, T, _, H = sizes
    dout = rng.standard_normal((N, T, H))
    if only_last:
        dout[:, :-1] = 0
    forward = getattr(reference.rnn, f"{kind}_forward")
    want = gradients(lambda *a: forward(*a)[0], args, names, dout)
    case = f" (N = {sizes[0]}, T = {sizes[1]}, D = {sizes[2]}, H = {sizes[3]})"
    expect_gradients(student_gradients(student, kind, args, dout), want, case)


