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


def agree(got, want, name, advice=None, **tolerance):
    """Asserts that `got` is `want`; where only values differ, `advice` follows the first mismatch."""
    same = close(got, want, name=name, **tolerance)
    if same:
        return
    assert same, same.words + both(". ", "。") + advice if advice and same.index is not None else same.words


def normal(rng, *shapes):
    """Standard normal arrays of these shapes."""
    return [rng.standard_normal(shape) for shape in shapes]


def with_one(x):
    """[1, x] for each row."""
    return np.concatenate([np.ones((len(x), 1)), x], axis=1)


def golden(name):
    """One case of data/golden.npz: answers computed by PyTorch (tools/make_data.py)."""
    with np.load(data_path("golden.npz")) as cases:
        found = {k.removeprefix(name + "."): cases[k] for k in cases.files if k.startswith(name + ".")}
    return SimpleNamespace(**{k: v if v.ndim else v.item() for k, v in found.items()})


