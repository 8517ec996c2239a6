"""How a test can end other than well. All carry words for the student."""

from .words import sentence


class StudentError(Exception):
    """The student's code raised. `mro` are the names of the exception's classes, as that side claims."""

    def __init__(self, words, type, mro=(), text="", traceback=None):
        super().__init__(words)
        self.words, self.type, self.mro, self.text, self.traceback = words, type, tuple(mro), text, traceback


class MissingName(StudentError):
    """A file or function that the submission does not have."""


class BadAnswer(Exception):
    """What came back is not an answer to the question."""

    def __init__(self, words, extra=None):
        super().__init__(words)
        self.words, self.extra = words, extra or {}


class HandleMisuse(BadAnswer):
    """A test used an opaque handle as if it were data."""


class ChannelClosed(BaseException):
    """The student's process is gone. Not an Exception: a test must not catch it by accident."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


class Deadline(BaseException):
    """The test's time is over. Not an Exception either."""

    def __init__(self, words, in_student=True):
        super().__init__(words)
        self.words, self.in_student = words, in_student


class Failed(AssertionError):
    """An assertion of the harness's own, in both languages."""

    def __init__(self, words):
        super().__init__(words)


def misuse(type):
    return HandleMisuse(sentence("handle", type=type))
