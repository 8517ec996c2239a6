"""The pytest plugin: pytest collects and sets tests up; what a test's end means is decided by us."""

import importlib
import signal

import pytest
from _pytest.runner import runtestprotocol

from assay.errors import Deadline

from .handed import Watched

COLLECTION_LIMIT_CHARS = 8000


class Reference:
    """`reference.rnn`: modules of the suite's reference folder."""

    def __init__(self, answers):
        self._answers = answers

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Watched(importlib.import_module(name), self._answers)


class TestPlugin:
    """Holds pytest's session open while submissions are served, and the fixtures of the running test."""

    def __init__(self, serve):
        self._serve, self._errors = serve, []
        self.served, self.problem = False, None
        self._fixtures, self._deadline, self._raised = {}, None, None

    # ── collecting ──

    def pytest_collectreport(self, report):
        if report.failed:
            self._errors.append(f"{report.nodeid or 'tests'}: {report.longreprtext}")

    def collection_errors(self):
        return "\n".join(self._errors)[:COLLECTION_LIMIT_CHARS]

    def pytest_runtestloop(self, session):
        if self._errors:
            return True
        self.served = True
        try:
            self._serve(session.items, self)
        except Exception as error:
            self.problem = error
        return True

    # ── running ──

    @pytest.fixture
    def student(self):
        return self._fixtures["student"]

    @pytest.fixture
    def rng(self):
        return self._fixtures["rng"]

    @pytest.fixture
    def reference(self):
        return self._fixtures["reference"]

    def run(self, item, following, fixtures, seconds):
        """Runs one item; answers what it raised, or None. `seconds` bounds the test's own code."""
        self._fixtures, self._seconds, self._raised = fixtures, seconds, None
        for report in runtestprotocol(item, log=False, nextitem=following):
            if report.failed and self._raised is None:
                self._raised = RuntimeError(f"{report.when}: {report.longreprtext}")
        return self._raised

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem):
        arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        try:
            with alarm(self._seconds):
                pyfuncitem.obj(**arguments)
        except BaseException as error:
            self._raised = error
        return True


class alarm:
    """Raises Deadline in the test's own code when its time is over."""

    def __init__(self, seconds):
        self._seconds = seconds

    def __enter__(self):
        signal.signal(signal.SIGALRM, self._ring)
        # Again and again: the first might fall into code that swallows it.
        signal.setitimer(signal.ITIMER_REAL, max(self._seconds, 0.001), 1.0)

    def __exit__(self, *_):
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, *_):
        raise Deadline(None, in_student=False)
