"""What the running test has said so far. One test runs at a time in a process."""

import os
from dataclasses import dataclass, field


@dataclass
class TestState:
    """Filled by assay's functions while a test runs, read when it has ended."""

    name: str
    tolerance: float = 1.0
    answered: bool = False
    score: float | None = None
    score_message: object = None
    comparison: object = None
    extra: dict = field(default_factory=dict)
    artifacts: list = field(default_factory=list)
    events: list = field(default_factory=list)
    tolerances: list = field(default_factory=list)


_now = TestState("(no test)")
_suite = {"folder": None, "oracle": None, "data": set()}


def begin(name, tolerance=1.0):
    """Forgets the last test and starts the record of the next."""
    global _now
    _now = TestState(name, tolerance)
    return _now


def state():
    return _now


def set_suite_folder(folder):
    _suite["folder"] = folder


def set_oracle(oracle):
    """Where expected values come from instead of the reference: only while a desk kit is built or used."""
    _suite["oracle"] = oracle


def oracle():
    return _suite["oracle"]


def data_used():
    """The names that were asked of `data_path` so far."""
    return set(_suite["data"])


def data_path(name=""):
    """The path of a file in the suite's `data/` folder."""
    _suite["data"].add(name)
    return os.path.join(_suite["folder"] or ".", "data", name)
