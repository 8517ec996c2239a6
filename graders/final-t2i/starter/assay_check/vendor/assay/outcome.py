"""From how a test function ended to what the report says of it."""

import math
import traceback

from .errors import BadAnswer, ChannelClosed, Deadline, StudentError
from .words import as_words, sentence


def outcome_of(error, state):
    """{ended, score, message, traceback, extra} of a test that ended with `error` (None: it returned)."""
    result = {"ended": "passed", "score": 1.0, "message": None, "traceback": None, "extra": {}}
    if error is None:
        if state.score is not None:
            message = as_words(state.score_message) if state.score_message else None
            result.update(ended="score", score=state.score, message=message)
        return result
    result["score"] = 0.0
    result.update(_bad_end(error, state))
    return result


def _bad_end(error, state):
    if isinstance(error, Deadline):
        return _deadline(error, state)
    if isinstance(error, ChannelClosed):
        return {"ended": "student_exception", "message": as_words(sentence("ended", name=error.name, how=""))}
    if isinstance(error, StudentError):
        return {"ended": "student_exception", "message": as_words(error.words), "traceback": error.traceback}
    if isinstance(error, BadAnswer):
        return {"ended": "bad_answer", "message": as_words(error.words), "extra": error.extra}
    if isinstance(error, AssertionError):
        return {"ended": "assertion", "message": as_words(_assertion_text(error, state))}
    detail = {"harness_traceback": "".join(traceback.format_exception(error))[-8000:]}
    if state.answered:
        return {"ended": "assertion", "message": as_words(sentence("unusable")), "extra": detail}
    return {"ended": "harness_exception", "message": as_words(sentence("harness")), "extra": detail}


def _deadline(error, state):
    if error.in_student or state.answered:
        return {"ended": "deadline", "message": as_words(error.words)}
    detail = {"harness_traceback": "the test's own code used up its time before any answer"}
    return {"ended": "harness_exception", "message": as_words(sentence("harness")), "extra": detail}


def _assertion_text(error, state):
    """The assertion's own text; without one, what the last false comparison saw."""
    if error.args and error.args[0] is not None:
        return error.args[0]
    return state.comparison.words if state.comparison is not None else sentence("no_words")


def clamp(fraction):
    """A score from 0 to 1; what is not a finite number is 0."""
    try:
        fraction = float(fraction)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return min(1.0, max(0.0, fraction)) if math.isfinite(fraction) else 0.0
