"""What a test says besides pass or fail: partial credit, pictures, plots, leaderboard values, flags."""

import json
import math
import struct
import zlib

import numpy as np

from . import current
from .errors import Failed, MissingName, StudentError
from .outcome import clamp
from .student import Handle
from .words import as_words, sentence

IMAGE_LIMIT_PIXELS = 4_000_000
ARTIFACT_LIMIT_COUNT = 20
PLOT_LIMIT_POINTS = 10_000
FLAG_LIMIT_COUNT = 20


def score(fraction, message=None):
    """Partial credit from 0 to 1; the last one counts if the test returns. Not finite is 0."""
    state = current.state()
    state.score, state.score_message = clamp(fraction), message


def leaderboard(name, value):
    """A value for the leaderboard that grader.yaml declares under this name."""
    value = float(value)
    if not math.isfinite(value):
        value = None
    current.state().events.append({"op": "leaderboard", "name": str(name), "value": value})


def flag(text):
    """A sentence for the staff, never shown to students."""
    events = current.state().events
    if sum(e["op"] == "flag" for e in events) < FLAG_LIMIT_COUNT:
        events.append({"op": "flag", "message": as_words(text)})


def attach_image(name, array, caption=None):
    """A picture for the report: [H, W] or [H, W, 1|3|4], uint8 or floats from 0 to 1."""
    _attach(name, "image/png", png(array), caption)


def attach_plot(name, series, title=None, x_label=None, y_label=None, kind="line", caption=None):
    """A plot drawn by the page: `series` is {label: values} or {label: (xs, ys)}."""
    lines = []
    for label, values in series.items():
        xs, ys = values if isinstance(values, tuple) else (range(len(values)), values)
        if len(xs) != len(ys) or len(ys) > PLOT_LIMIT_POINTS:
            raise ValueError(f"attach_plot: {label}: as many xs as ys, at most {PLOT_LIMIT_POINTS}")
        lines.append({"label": str(label), "x": [_finite(x) for x in xs], "y": [_finite(y) for y in ys]})
    labels = {k: as_words(v) for k, v in {"title": title, "x_label": x_label, "y_label": y_label}.items() if v}
    spec = {"kind": kind, "series": lines, **labels}
    text = json.dumps(spec, allow_nan=False, ensure_ascii=False).encode()
    _attach(name, "application/vnd.assay.plot+json", text, caption)


def _attach(name, media_type, data, caption):
    artifacts = current.state().artifacts
    if len(artifacts) < ARTIFACT_LIMIT_COUNT:
        caption = as_words(caption) if caption else None
        artifacts.append({"name": str(name), "media_type": media_type, "caption": caption, "data": data})


def _finite(value):
    value = float(value)
    return value if math.isfinite(value) else None


def png(array):
    """The bytes of a PNG of the array."""
    if isinstance(array, Handle):
        bool(array)
    pixels = np.asarray(array)
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3, 4) or not 0 < pixels.size <= IMAGE_LIMIT_PIXELS * 4:
        raise ValueError(f"attach_image: shape {pixels.shape} is not [H, W] or [H, W, 1|3|4]")
    if pixels.dtype != np.uint8:
        pixels = (np.nan_to_num(np.clip(pixels.astype(np.float64), 0, 1)) * 255).round().astype(np.uint8)
    height, width, channels = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows.tobytes(), 6)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


class raises:
    """`with raises("ValueError"): student.dtw.dtw(C, window=0)`: the student's code must raise this."""

    def __init__(self, name):
        self.name, self.error = name if isinstance(name, str) else name.__name__, None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        if error is None:
            raise Failed(sentence("no_raise", type=self.name))
        if not isinstance(error, StudentError) or isinstance(error, MissingName):
            return False
        if self.name not in (error.type, *error.mro):
            raise Failed(sentence("other_raise", type=self.name, got=error.type, text=error.text)) from error
        self.error = error
        return True
