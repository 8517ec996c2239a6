"""Does once, in process 1, what every child would else do for the first time: on values of our own alone."""

import io
import os
import sys
import types

import answer
import wire

FOLDER = "/nowhere"


def up():
    """Answers one question with arrays and one with an exception: lazy imports, caches and codecs are then there."""
    wire.clean_text("\u00e9")
    module = sys.modules["assay_warm"] = types.ModuleType("assay_warm")
    module.same, module.fail = lambda *values: values, _fail
    answerer = answer.Answerer(FOLDER)
    values = [1, 1.5, "text", b"bytes", (None, True), {"key": [2]}, *_arrays()]
    for name in ("same", "fail"):
        encoder = wire.Encoder()
        header = {"id": "0", "op": "call", "module": "assay_warm", "path": [name], "keep": []}
        header.update(args=encoder.encode(values), kwargs=encoder.encode({}))
        reply, buffers = answerer.answer(header, [bytes(b) for b in encoder.buffers])
        wire.parse_frame(b"".join(bytes(piece) for piece in wire.pack_frame(reply, buffers)))
    del sys.modules["assay_warm"]
    io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace")
    compile("def f(x):\n    return [x for _ in range(3)]\n", os.path.join(FOLDER, "warm.py"), "exec")


def _arrays():
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None:
        yield numpy.ones((2, 2))
    if torch is not None:
        yield torch.ones((2, 2))


def _fail(*values):
    raise ValueError("warm")
