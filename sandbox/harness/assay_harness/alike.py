"""How far apart two answers are: what the student's side said, and what a function here gave."""

import math
import sys

import numpy as np
import wire

APART = math.inf


def gap(told, made, tolerance, bind):
    """The largest difference in units of the tolerance; `APART` where the two are not even of one shape.

    `told` is decoded, with a wire.HandleRef where something stayed on the other side; `bind(ref, object)` learns
    what stands in that place here. A list and a tuple and an array of the same numbers are the same answer.
    """
    if isinstance(told, wire.HandleRef):
        bind(told, made)
        return 0.0
    if isinstance(told, (list, tuple)) and isinstance(made, (list, tuple)):
        return _items_gap(told, made, tolerance, bind)
    if isinstance(told, dict):
        if not isinstance(made, dict) or set(told) != set(made):
            return APART
        return max([0.0, *(gap(v, made[k], tolerance, bind) for k, v in told.items())])
    if told is None or isinstance(told, (str, bytes)):
        return 0.0 if type(told) is type(made) and told == made else APART
    return _numbers_gap(told, made, tolerance)


def _items_gap(told, made, tolerance, bind):
    if len(told) != len(made):
        return APART
    worst = 0.0
    for one, other in zip(told, made):
        worst = max(worst, gap(one, other, tolerance, bind))
    return worst


def _numbers_gap(told, made, tolerance):
    one, other = _array(told), _array(made)
    if one is None or other is None or one.shape != other.shape or (one.dtype.kind == "f") != (other.dtype.kind == "f"):
        return APART
    if one.size == 0:
        return 0.0
    rtol, atol = tolerance
    one, other = one.astype(np.float64), other.astype(np.float64)
    with np.errstate(all="ignore"):
        apart = np.abs(one - other) / (atol + rtol * np.abs(other))
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    # A difference where nothing at all is allowed, or next to what is not finite.
    apart = np.where(same, 0.0, np.where(np.isfinite(apart), apart, APART))
    return float(apart.max())


def _array(value):
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        value = (value.float() if value.dtype == torch.bfloat16 else value).numpy()
    try:
        array = np.asarray(value)
    except Exception:
        return None
    return array if array.dtype.kind in "biuf" else None
