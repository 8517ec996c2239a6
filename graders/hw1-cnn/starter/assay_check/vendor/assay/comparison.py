"""`close`: are two results the same numbers? And in words: where do they first differ?"""

import math
import sys

import numpy as np

from . import current
from .errors import HandleMisuse
from .student import Handle
from .words import Both, as_words, both, en_of, zh_of

PICTURE_LIMIT_CELLS = 32


class Comparison:
    """Truthy when close. `words` says in both languages what differs, `index` where first."""

    def __init__(self, close, words=None, mismatch=None):
        self.close, self.words, self.mismatch = close, words, mismatch
        self.index = tuple(mismatch["index"]) if mismatch and "index" in mismatch else None

    def __bool__(self):
        if not self.close:
            remember(self)
        return self.close

    def __repr__(self):
        return "Comparison(close)" if self.close else f"Comparison({self.words})"

    __str__ = __repr__


def remember(comparison):
    """Makes this the comparison that the report draws if the test fails now."""
    state = current.state()
    state.comparison = comparison
    if comparison.mismatch:
        state.extra["mismatch"] = comparison.mismatch


def close(got, want, rtol=1e-6, atol=1e-8, name=None):
    """Whether `got` has the shape of `want` and |got - want| <= atol + rtol·|want| everywhere.

    No broadcasting; real numbers; finite where `want` is finite, the same infinity or NaN where it is not;
    and something to compare. Never raises for what a student may return: that gives a false Comparison.
    `name` is what the words call the result ("dx").
    """
    what = name or both("the result", "结果")
    current.state().tolerances.append((rtol, atol))
    expected = _numbers(want)
    if isinstance(expected, Both):
        raise TypeError(f"close(): the expected value is not numeric: {expected.en}")
    actual = _numbers(got)
    if isinstance(actual, Both):
        return Comparison(False, both(f"{en_of(what)}: {actual.en}", f"{zh_of(what)}：{actual.zh}"))
    if actual.shape != expected.shape:
        return Comparison(False, _shape_words(what, actual, expected))
    if expected.size == 0:
        return Comparison(False, both(f"{en_of(what)}: there is nothing to compare", f"{zh_of(what)}：没有可比较的内容"))
    factor = current.state().tolerance
    wrong = ~_agree(actual, expected, rtol * factor, atol * factor)
    if not wrong.any():
        return Comparison(True)
    return _differs(what, actual, expected, wrong)


def explain(got, want, name=None, rtol=1e-6, atol=1e-8):
    """The words of `close(got, want)` for use after an assert; also draws the mismatch in the report."""
    comparison = close(got, want, rtol, atol, name)
    if comparison.close:
        return both(f"{en_of(name or 'the result')}: no difference", f"{zh_of(name or '结果')}：没有差别")
    remember(comparison)
    return comparison.words


def _numbers(value):
    """A real or complex numeric array, or a Both that says why there is none."""
    if isinstance(value, Handle):
        kind = Handle.type_of(value)
        return both(
            f"got {kind}; numbers are expected (a plain numpy.ndarray)",
            f"得到 {kind}；这里需要数字（普通的 numpy.ndarray）",
        )
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        value = (value.float() if value.dtype == torch.bfloat16 else value).numpy()
    if value is None:
        return both("got None; did you forget to return it?", "得到 None；是否忘记了 return？")
    if isinstance(value, (str, bytes, dict, set)):
        return both(f"got a {type(value).__name__}; numbers are expected", f"得到 {type(value).__name__}；这里需要数字")
    try:
        array = np.asarray(value)
    except HandleMisuse as misuse:  # a handle inside a list
        return misuse.words
    except (ValueError, TypeError, OverflowError):
        return both("got a list whose parts have different shapes", "得到的列表各部分形状不一致")
    if array.dtype.kind not in "biufc":
        return both(f"got {_type_name(value)}; numbers are expected", f"得到 {_type_name(value)}；这里需要数字")
    if array.dtype.kind == "c":
        return both("got complex numbers; real ones are expected", "得到复数；这里需要实数")
    return array


def _type_name(value):
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}"
    return f"a {type(value).__name__} of something else"


def _shape_words(what, actual, expected):
    got, want = _shape(actual), _shape(expected)
    return both(
        f"{en_of(what)} has the wrong shape: got {got}, expected {want}",
        f"{zh_of(what)} 的形状不对：得到 {got}，应为 {want}",
    )


def _shape(array):
    return str(list(array.shape)) if array.shape else "a scalar / 标量"


def _agree(actual, expected, rtol, atol):
    if actual.dtype.kind in "biu" and expected.dtype.kind in "biu" and rtol == 0 and atol == 0:
        return actual == expected
    a, e = actual.astype(np.float64), expected.astype(np.float64)
    with np.errstate(all="ignore"):
        near = np.abs(a - e) <= atol + rtol * np.abs(e)
    finite = np.isfinite(e)
    same = (a == e) | (np.isnan(a) & np.isnan(e))
    return np.where(finite, near & np.isfinite(a), same)


def _differs(what, actual, expected, wrong):
    flat = int(np.argmax(wrong))
    index = [int(i) for i in np.unravel_index(flat, wrong.shape)] if wrong.shape else []
    got, want = actual.reshape(-1)[flat].item(), expected.reshape(-1)[flat].item()
    count, total = int(wrong.sum()), int(wrong.size)
    at_en, at_zh = (f"first mismatch at {index}", f"首个不同位于 {index}") if index else ("wrong value", "数值不对")
    words = both(
        f"{en_of(what)}: {at_en}: got {_number(got)}, expected {_number(want)}"
        + (f" ({count} of {total} values differ)" if total > 1 else ""),
        f"{zh_of(what)}：{at_zh}：得到 {_number(got)}，应为 {_number(want)}"
        + (f"（{total} 个值中有 {count} 个不同）" if total > 1 else ""),
    )
    mismatch = {
        "name": as_words(what),
        "shape": list(expected.shape),
        "index": index,
        "got": _plain(got),
        "expected": _plain(want),
        "wrong": count,
        "total": total,
        "picture": _picture(wrong),
    }
    return Comparison(False, words, mismatch)


def _number(value):
    return repr(value) if isinstance(value, (bool, int)) else f"{value:.8g}"


def _plain(value):
    """A number as JSON can hold it."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _picture(wrong):
    """Rows × columns of 0..1: the share of wrong values in each cell, at most 32 × 32 cells."""
    grid = wrong.reshape(-1, wrong.shape[-1]) if wrong.ndim > 1 else wrong.reshape(1, -1)
    rows, columns = (min(n, PICTURE_LIMIT_CELLS) for n in grid.shape)
    row_of = np.linspace(0, grid.shape[0], rows + 1).astype(int)
    column_of = np.linspace(0, grid.shape[1], columns + 1).astype(int)
    cells = [
        [round(float(grid[r0:r1, c0:c1].mean()), 3) for c0, c1 in zip(column_of, column_of[1:])]
        for r0, r1 in zip(row_of, row_of[1:])
    ]
    return {"rows": rows, "columns": columns, "cells": cells}
