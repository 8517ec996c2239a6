"""The student's side of a call: finds the function, calls it, turns what comes back into an answer.

Runs inside the child that holds the student's code (and in-process in the desk kit and assay.local, so
that both mean the same). Nothing here is trusted by the harness: what leaves is an answer, never a fact.
"""

import importlib
import os
import sys
import traceback

import wire

TRACEBACK_LIMIT_CHARS = 8000
TEXT_LIMIT_CHARS = 2000
MRO_LIMIT = 20
OURS = os.path.realpath(__file__)


class Answerer:
    """Answers one test's questions. `folder` is where the submission lies."""

    def __init__(self, folder, limits=wire.DEFAULT):
        self._folder, self._limits = os.path.realpath(folder), limits
        self._handles = {}

    def answer(self, header, buffers):
        """(header, buffers) of the answer to one question."""
        reply = {"id": header.get("id")}
        try:
            result, mutated = self._do(header, buffers)
            keep = header.get("keep", [])
            encoder = wire.Encoder(self._issue, self._limits)
            reply["value"] = encoder.encode(self._kept(result, keep))
            reply["mutated"] = mutated
            return reply, encoder.buffers
        except wire.Unencodable as error:
            reply["unencodable"] = wire.clean_text(str(error), TEXT_LIMIT_CHARS)
        except Missing as error:
            reply["missing"] = error.what
        except ImportFailed as failed:
            reply["raised"] = {**self._raised(failed.__cause__), "importing": failed.module}
        except BaseException as error:  # sys.exit in a call is the student's exception like any other
            reply["raised"] = self._raised(error)
            reply["mutated"] = getattr(error, "__assay_mutated__", [])
        return reply, []

    def _do(self, header, buffers):
        operation = header["op"]
        if operation == "getattr":
            return getattr(self._handles[header["handle"]], header["name"]), []
        function = self._function(header)
        # Two decodings of the same bytes: one to hand out, one to compare with afterwards.
        args = self._decode(header["args"], buffers)
        kwargs = self._decode(header["kwargs"], buffers)
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            _note(error, self._mutated(args, kwargs, header, buffers))
            raise
        return result, self._mutated(args, kwargs, header, buffers)

    def _function(self, header):
        if "handle" in header:
            value, name = self._handles[header["handle"]], f"{type(self._handles[header['handle']]).__name__}"
        else:
            value, name = self._module(header["module"]), header["module"]
        for step in header["path"]:
            if not hasattr(value, step):
                raise Missing({"kind": "name", "in": name, "name": step})
            value, name = getattr(value, step), f"{name}.{step}"
        return value

    def _module(self, name):
        if name not in sys.modules:
            path = os.path.join(self._folder, *name.split("."))
            if not os.path.isfile(path + ".py") and not os.path.isfile(os.path.join(path, "__init__.py")):
                raise Missing({"kind": "module", "name": name})
        try:
            return importlib.import_module(name)
        except BaseException as error:
            raise ImportFailed(name) from error

    def _decode(self, node, buffers):
        return wire.decode_value(node, buffers, self._limits, lambda ref: self._handles[ref.id])

    def _mutated(self, args, kwargs, header, buffers):
        before = self._decode(header["args"], buffers), self._decode(header["kwargs"], buffers)
        positions = [i for i, (new, old) in enumerate(zip(args, before[0])) if not same(new, old)]
        return positions + [k for k, old in before[1].items() if not same(kwargs.get(k), old)]

    def _kept(self, result, keep):
        """The result with the items that the suite wants to stay here replaced by handles."""
        if type(result) not in (tuple, list) or not keep:
            return result
        items = list(result)
        for index in keep:
            if -len(items) <= index < len(items):
                items[index] = self._issue(items[index])
        return type(result)(items)

    def _issue(self, value):
        number = len(self._handles)
        self._handles[number] = value
        return wire.HandleRef(number, describe(value))

    def _raised(self, error):
        return {
            "type": _name(type(error)),
            "mro": [_name(k) for k in type(error).__mro__[:MRO_LIMIT]],
            "text": wire.clean_text(_text(error), TEXT_LIMIT_CHARS),
            "traceback": self._traceback(error),
        }

    def _traceback(self, error):
        """The student's own frames only, file names relative to the submission."""
        try:
            shown = traceback.TracebackException.from_exception(error, limit=None, compact=True)
            chain, seen = shown, set()
            while chain is not None and id(chain) not in seen:
                seen.add(id(chain))
                chain.stack = traceback.StackSummary.from_list([f for f in chain.stack if self._own(f)])
                chain = chain.__cause__ or chain.__context__
            text = "".join(shown.format())
        except Exception:
            text = f"{_name(type(error))}: {_text(error)}"
        text = text.replace(self._folder + os.sep, "").replace(self._folder, ".")
        text = wire.clean_text(text)
        if len(text) > TRACEBACK_LIMIT_CHARS:
            half = TRACEBACK_LIMIT_CHARS // 2
            text = f"{text[:half]}\n…\n{text[-half:]}"
        return text

    def _own(self, frame):
        path = os.path.realpath(frame.filename)
        # In the desk kit this very file lies in the student's folder.
        return path != OURS and (path.startswith(self._folder + os.sep) or frame.filename == "<string>")


def describe(value):
    """What an opaque value is, in the words that the student will read."""
    numpy, kind = sys.modules.get("numpy"), type(value)
    name = wire.clean_text(f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins."))
    if numpy is not None and kind is numpy.ndarray:
        return f"ndarray of dtype {value.dtype.name}"
    if numpy is not None and isinstance(value, numpy.ndarray):
        return f"ndarray subclass {name}"
    return name


class Missing(Exception):
    """A file, function or attribute that the submission does not have."""

    def __init__(self, what):
        super().__init__(str(what))
        self.what = what


class ImportFailed(Exception):
    """The student's module raised while it was imported; the cause is that exception."""

    def __init__(self, module):
        super().__init__(module)
        self.module = module


def _name(kind):
    return wire.clean_text(getattr(kind, "__name__", "?"), wire.TYPE_NAME_LIMIT_CHARS)


def _text(error):
    try:
        return str(error)
    except BaseException:
        return "(its text cannot be shown)"


def _note(error, mutated):
    try:
        error.__assay_mutated__ = mutated
    except Exception:
        pass  # an exception class with __slots__


def same(new, old):
    """Whether a value is still exactly what was handed out; NaN equals itself here."""
    if new is old:
        return True
    if type(new) is not type(old):
        return False
    if type(old) in (list, tuple):
        return len(new) == len(old) and all(map(same, new, old))
    if type(old) is dict:
        return list(new) == list(old) and all(same(new[k], old[k]) for k in old)
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None and type(old) is numpy.ndarray:
        return new.dtype == old.dtype and new.shape == old.shape and new.tobytes() == old.tobytes()
    if torch is not None and type(old) is torch.Tensor:
        return new.dtype == old.dtype and new.shape == old.shape and _tensor_bytes(new) == _tensor_bytes(old)
    if type(old) is float:
        return new == old or (new != new and old != old)
    if type(old) in (bool, int, str, bytes):
        return new == old
    return True  # an object of the student's own, handed back to it: its to change


def _tensor_bytes(tensor):
    import torch

    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
