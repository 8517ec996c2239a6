"""Reading a student's answers: taking them apart, comparing them, saying in words what is wrong."""


from types import SimpleNamespace
import numpy as np
from assay import both, close, data_path
GRADIENT = {"rtol": 1e-5, "atol": 1e-7}


def parts(answer, *names):
    """The parts of a returned tuple; another number of parts fails the test with a sentence."""
    listed = ", ".join(names)
    right = isinstance(answer, (tuple, list)) and len(answer) == len(names)
    assert right, both(f"return the {len(names)} values ({listed})", f"应返回 {len(names)} 个值（{listed}）")
    return answer


def agree(got, want, name, hint=None, **tolerance):
    """Asserts that `got` is `want`; `hint(got, want)` may add a sentence where the shapes are equal."""
    same = close(got, want, name=name, **tolerance)
    if same:
        return
    advice = hint(np.asarray(got, dtype=float), want) if hint and same.index is not None else None
    assert same, same.words + both(". ", "。") + advice if advice else same.words


def golden(name):
    """One case of data/golden.npz: answers computed by PyTorch (tools/make_data.py)."""
    with np.load(data_path("golden.npz")) as cases:
        found = {k.removeprefix(name + "."): cases[k] for k in cases.files if k.startswith(name + ".")}
    return SimpleNamespace(**{k: v if v.ndim else v.item() for k, v in found.items()})


def spread(rng, shape):
    """A shuffled, evenly spaced set of values around 0: none is 0, no two are nearly equal."""
    count = int(np.prod(shape))
    return rng.permutation((np.arange(count) + 0.5) / count * 4 - 2).reshape(shape)


def normal(rng, *shapes):
    """Standard normal arrays of these shapes."""
    return [rng.standard_normal(shape) for shape in shapes]


def border_hint(pad):
    """For dx: says when only the pixels next to the padding are wrong."""

    def hint(got, want):
        inner = (..., slice(pad, -pad), slice(pad, -pad))
        if close(got[inner], want[inner], **GRADIENT).close:
            return both(
                "Only the border next to the padding is wrong: is every side cropped by pad, once?",
                "只有紧邻填充的边缘不对：四边是否都恰好裁去了 pad？",
            )

    return hint


