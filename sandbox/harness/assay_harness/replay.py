"""A test's recorded calls, asked of another solution: the reference, or the reference with a mistake in it."""

import contextlib
import importlib
import io
import os
import sys

import numpy as np
import wire

from .alike import APART, gap

DEFAULT_TOLERANCE = (1e-6, 1e-8)


class Solution:
    """The modules of a folder, freshly imported: what one test begins with."""

    def __init__(self, folder, places):
        self._folder, self._places, self._objects = folder, places, {}

    def __enter__(self):
        """Imports come from this folder, and what another solution's folder gave is forgotten."""
        _forget(self._places)
        sys.path.insert(0, self._folder)
        importlib.invalidate_caches()
        self._before = os.getcwd()
        os.chdir(self._folder)
        return self

    def __exit__(self, *_):
        os.chdir(self._before)
        sys.path.remove(self._folder)
        _forget(self._places)

    def gap(self, call, tolerance, minds_mutation):
        """How far this solution's answer to the call lies from what the student's side answered."""
        header = call.question
        try:
            args, kwargs = self._arguments(call)
            made = self._do(header, args, kwargs)
        except wire.WireError:
            raise
        except Exception as error:
            return _exception_gap(call.answer, error)
        if "value" not in call.answer:
            return APART
        if minds_mutation and header["op"] == "call" and call.answer.get("mutated", []) != self._mutated(call, args, kwargs):
            return APART
        told = wire.decode_value(call.answer["value"], call.answer_buffers, handle=lambda ref: ref)
        return gap(told, made, tolerance, self._bind)

    def _bind(self, ref, value):
        self._objects[ref.id] = value

    def _arguments(self, call):
        if call.question["op"] != "call":
            return [], {}
        give = lambda ref: self._objects[ref.id]  # noqa: E731
        return tuple(
            wire.decode_value(call.question[part], call.question_buffers, handle=give) for part in ("args", "kwargs")
        )

    def _do(self, header, args, kwargs):
        if header["op"] == "getattr":
            return getattr(self._objects[header["handle"]], header["name"])
        start = self._objects[header["handle"]] if "handle" in header else importlib.import_module(header["module"])
        for step in header["path"]:
            start = getattr(start, step)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return start(*args, **kwargs)

    def _mutated(self, call, args, kwargs):
        before, named = self._arguments(call)
        changed = [i for i, (new, old) in enumerate(zip(args, before)) if not _same(new, old)]
        return changed + [k for k, old in named.items() if not _same(kwargs.get(k), old)]


def replay(recording, folder, places, enough):
    """The gaps of the recording's calls at a solution; ends early where `enough(place, gap)` says so."""
    tolerance = tolerance_of(recording)
    gaps = []
    with Solution(folder, places) as solution:
        for place, call in enumerate(recording.calls):
            gaps.append(solution.gap(call, tolerance, recording.minds_mutation))
            if enough(place, gaps[-1]):
                break
    return gaps


def tolerance_of(recording):
    """The loosest (rtol, atol) that the test compared with: what it takes for equal is equal here."""
    pairs = recording.tolerances or [DEFAULT_TOLERANCE]
    return max(max(r for r, _ in pairs), 1e-12), max(max(a for _, a in pairs), 1e-12)


def _exception_gap(answer, error):
    """An exception is the same one when its kind and its text are: many mistakes end in some ValueError."""
    raised = answer.get("raised")
    if type(raised) is not dict or "importing" in raised:
        return APART
    kind, text = type(error).__name__, wire.clean_text(str(error), 2000)
    # How deep it was when the stack ended, and so the words, are not the solution's own.
    same_text = kind == "RecursionError" or raised.get("text") == text
    return 0.0 if raised.get("type") == kind and same_text else APART


def _same(new, old):
    if isinstance(old, np.ndarray):
        return isinstance(new, np.ndarray) and new.shape == old.shape and np.array_equal(new, old, equal_nan=old.dtype.kind == "f")
    if isinstance(old, (list, tuple)):
        return len(new) == len(old) and all(map(_same, new, old))
    if isinstance(old, dict):
        return list(new) == list(old) and all(_same(new[k], old[k]) for k in old)
    return True if not isinstance(old, (bool, int, float, str, bytes)) else new == old or new != new


def _forget(places):
    inside = tuple(place + os.sep for place in places)
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(inside):
            del sys.modules[name]
