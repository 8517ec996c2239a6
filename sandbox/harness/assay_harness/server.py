"""The main process: the worker's frames in, events out, one fork for each run."""

import os
import select
import signal
import socket
import sys
import time

import wire

from .run import run_in_fork
from .suite import SuiteError, preload, unpack, with_collected

WRITE_LIMIT_S = 120
FIRST_BYTE_LIMIT_S = 60
RELAY_LIMIT_S = 60
SUITE_LIMIT_BYTES = 1 << 30
# A fork that says nothing for this much longer than its longest test is stuck in code that no signal reaches.
SILENCE_GRACE_S = 90
# Runs that name mistakes behind the others: each holds its recordings. The oldest gives way.
DIAGNOSING_LIMIT_COUNT = 24
DIAGNOSIS_LIMIT_S = 300
# They go on after so long without a run: while submissions follow each other the next one is being made ready
# meanwhile, and no priority of ours counts beside other containers.
QUIET_S = 0.5
COMMANDS = wire.Limits(bytes=SUITE_LIMIT_BYTES)
EVENTS = wire.Limits(bytes=256 << 20, header_bytes=32 << 20)


class Server:
    """Serves one suite version for the life of the process."""

    def __init__(self, stdio, bank, folder):
        self._stdio, self._bank, self._folder = stdio, bank, folder
        self._tests, self._plugin, self._child = None, None, None
        # Runs whose report is whole, each busy with naming mistakes behind everything else.
        self._diagnosing, self._goes_on_at = [], float("inf")

    def serve(self):
        """Until the worker closes stdin."""
        self._stdio.write_magic(time.monotonic() + WRITE_LIMIT_S)
        try:
            # An engine that dies between the start and the worker's first byte never closes stdin: then nobody comes.
            self._stdio.drop_to_magic(time.monotonic() + FIRST_BYTE_LIMIT_S)
            self._loop()
        except wire.Closed:
            self._stop_child()
            for child in self._diagnosing:
                child.stop()
            sys.stderr.flush()
            os._exit(0)

    def _loop(self):
        while True:
            self._handle(self._wait())

    def _wait(self):
        """What is ready first: 'command', 'event', a listener's descriptor, a child that diagnosed or is silent, or 'quiet'."""
        poll = select.poll()
        names = {self._stdio.reading: "command"}
        if self._child is not None:
            names[self._child.stream.reading.fileno()] = "event"
        behind = {child.stream.reading.fileno(): child for child in self._diagnosing}
        for fd in [*names, *behind, *self._bank.listeners]:
            poll.register(fd, select.POLLIN)
        watched = [*self._diagnosing, *([self._child] if self._child else [])]
        silent = min(watched, key=lambda child: child.silent_at, default=None)
        left = min(silent.silent_at if silent else float("inf"), self._goes_on_at)
        ready = poll.poll(None if left == float("inf") else max(0, left - time.monotonic()) * 1000 + 1)
        if not ready:
            return "quiet" if left == self._goes_on_at else silent
        return behind.get(ready[0][0]) or names.get(ready[0][0], ready[0][0])

    def _handle(self, what):
        if what == "command":
            self._command(*self._stdio.read(limits=COMMANDS))
        elif what == "event":
            self._relay()
        elif what == "quiet":
            self._go_on()
        elif what is self._child:
            self._crashed("no sign of life")
        elif isinstance(what, Child):
            self._diagnosed(what)
        else:
            self._accept(what)

    def _accept(self, fd):
        slot = self._bank.accept(fd)
        wire.Stream(self._bank.connection(slot)).write_magic(time.monotonic() + WRITE_LIMIT_S)
        self._tell({"op": "connected", "slot": slot})

    def _command(self, header, buffers):
        op = header.get("op")
        if op == "suite" and self._tests is None:
            self._suite(header, buffers)
        elif op == "run" and self._tests is not None and self._child is None:
            self._run(header)
        elif op in ("sandbox", "no_sandbox") and self._child is not None:
            self._pass_on(header)
        else:
            raise wire.WireError(f"{op} makes no sense now")

    def _suite(self, header, buffers):
        """Collects, then goes on serving inside the pytest session. After a bad suite the process is over:
        half of it may have been imported."""
        try:
            unpack(bytes(buffers[0]), self._folder)
            versions = preload(header.get("preload", []))
            buffers.clear()
            with_collected(self._folder, lambda tests, plugin: self._serve_tests(tests, plugin, versions))
        except SuiteError as error:
            self._tell({"op": "suite_error", "message": wire.clean_text(str(error), 8000)})
            sys.exit(0)

    def _serve_tests(self, tests, plugin, versions):
        self._tests, self._plugin = tests, plugin
        self._tell({"op": "collected", "tests": [t.described() for t in tests], "libraries": versions})
        self._loop()

    def _run(self, order):
        connection = self._bank.take(order["slot"])
        if connection is None:
            self._tell({"op": "crashed", "detail": f"slot {order['slot']} is not connected or was used before"})
            return
        wanted = order.get("tests")
        tests = [t for t in self._tests if wanted is None or t.name in wanted]
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._bank.close()
            os.close(self._stdio.reading)
            os.close(self._stdio.writing)
            for child in self._diagnosing:
                child.stream.reading.close()
            if order.get("diagnose"):
                order["diagnose"]["suite"] = self._folder
            run_in_fork(theirs, connection, order, tests, self._plugin)
        theirs.close()
        connection.close()
        # A submission that somebody waits for has the processor to itself.
        self._goes_on_at = float("inf")
        self._signal_diagnosing(signal.SIGSTOP)
        longest = max([order["limits"]["per_test_s"], *(t.mark.per_test or 0 for t in tests)])
        self._child = Child(pid, wire.Stream(ours), longest, (order.get("diagnose") or {}).get("run"))

    def _pass_on(self, header):
        """A fresh sandbox's connection for the run that lost its own."""
        connection = self._bank.take(header.get("slot")) if header["op"] == "sandbox" else None
        deadline = time.monotonic() + RELAY_LIMIT_S
        if connection is None:
            self._child.stream.write({"op": "no_sandbox"}, deadline=deadline)
        else:
            self._child.stream.write(header, deadline=deadline, fds=[connection.fileno()])
            connection.close()

    def _relay(self):
        """One whole event of the fork to the worker, so that a fork that dies cannot cut a frame in two."""
        try:
            header, buffers = self._child.stream.read(time.monotonic() + RELAY_LIMIT_S, EVENTS)
        except (wire.Closed, wire.WireError, wire.TimedOut) as error:
            self._crashed(type(error).__name__)
            return
        self._child.heard()
        header.pop("buffers", None)
        if header.get("op") == "run_finished":
            if header.get("diagnosing"):
                self._put_behind()
            else:
                self._stop_child()
        self._tell(header, buffers)

    def _signal_diagnosing(self, number):
        for child in self._diagnosing:
            os.kill(child.pid, number)

    def _await_quiet(self):
        if self._diagnosing:
            self._goes_on_at = time.monotonic() + QUIET_S

    def _go_on(self):
        self._goes_on_at = float("inf")
        self._signal_diagnosing(signal.SIGCONT)

    def _put_behind(self):
        """The run goes on without anyone waiting: the next one can begin."""
        self._child.silent_at = time.monotonic() + DIAGNOSIS_LIMIT_S
        self._diagnosing.append(self._child)
        self._child = None
        os.kill(self._diagnosing[-1].pid, signal.SIGSTOP)
        self._await_quiet()
        if len(self._diagnosing) > DIAGNOSING_LIMIT_COUNT:
            self._end_diagnosis(self._diagnosing[0], [])

    def _diagnosed(self, child):
        """What a run found out, or that it ended without a word: never more than a diagnosis that is missing."""
        tests = []
        try:
            if time.monotonic() < child.silent_at:
                header, _ = child.stream.read(time.monotonic() + RELAY_LIMIT_S, EVENTS)
                tests = header.get("tests", [])
        except (wire.Closed, wire.WireError, wire.TimedOut):
            pass
        self._end_diagnosis(child, tests)

    def _end_diagnosis(self, child, tests):
        self._diagnosing.remove(child)
        child.stop()
        self._tell({"op": "diagnosed", "run": child.run, "tests": tests or []})

    def _crashed(self, why):
        status = self._stop_child()
        self._tell({"op": "crashed", "detail": f"{why}; wait status {status}"})

    def _stop_child(self):
        if self._child is None:
            return None
        child, self._child = self._child, None
        self._await_quiet()
        return child.stop()

    def _tell(self, header, buffers=()):
        self._stdio.write(header, buffers, time.monotonic() + WRITE_LIMIT_S)


class Child:
    """The forked run."""

    def __init__(self, pid, stream, longest_test_s, run):
        self.pid, self.stream, self._longest_s, self.run = pid, stream, longest_test_s, run
        self.heard()

    def stop(self):
        """Ends it at once; its wait status."""
        self.stream.reading.close()
        os.kill(self.pid, signal.SIGKILL)
        return os.waitpid(self.pid, 0)[1]

    def heard(self):
        # While a fresh sandbox is awaited the fork is silent too, for longer than any test.
        self.silent_at = time.monotonic() + max(self._longest_s, 300) + SILENCE_GRACE_S
