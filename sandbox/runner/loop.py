"""The runner's loop: begin, drain, end; and between two tests, nothing left."""

import os
import select
import signal
import socket
import sys
import time

import armour
import child
import precompile
import wire
from output import Output
from wipe import Wiper

# How often zombies are collected while a test runs: they count against the limit on processes.
REAP_PAUSE_MS = 50
HARNESS_LIMIT_S = 30
COMPILE_LIMIT_S = 1
FORK_TRIES = 100


class Usage:
    """What the processes of one test used, from the kernel's accounts at their reaping."""

    def __init__(self):
        self.cpu_s, self.peak_bytes, self.exit = 0.0, 0, None

    def add(self, used):
        self.cpu_s += used.ru_utime + used.ru_stime
        self.peak_bytes = max(self.peak_bytes, used.ru_maxrss * 1024)


class Runner:
    """Serves one submission's tests for one harness."""

    def __init__(self, connection, submission, limits, writable_places):
        self._connection, self._submission, self._limits = connection, submission, limits
        self._wiper = Wiper(writable_places)
        self._condition = armour.condition()
        self._poll = select.poll()
        self._poll.register(connection.reading.fileno(), select.POLLIN)

    def serve(self):
        """Until the harness closes the connection; then this process ends, and with it the sandbox."""
        self._wiper.wipe()
        child.prepare(self._submission, self._compiled())
        self._prepare()
        try:
            while True:
                self._wait()
                self._obey()
        except wire.Closed:
            sys.exit(0)

    def _compiled(self):
        """The submission's compiled files, of a child that was given its time for it."""
        compiled = precompile.new_file()
        self._usage, (reading, writing) = Usage(), os.pipe2(os.O_CLOEXEC)
        self._pid = self._fork()
        if self._pid == 0:
            os.close(reading)
            precompile.run(self._submission, compiled, child.FOLDER)
        os.close(writing)
        select.select([reading], [], [], COMPILE_LIMIT_S)
        os.close(reading)
        self._kill_everything()
        self._wiper.wipe()
        precompile.seal(compiled)
        return compiled

    def _wait(self):
        """Drains what the student prints and collects the dead until the harness speaks."""
        while True:
            for fd, _ in self._poll.poll(REAP_PAUSE_MS):
                if fd == self._connection.reading.fileno():
                    return
                if not self._output.drain():
                    self._poll.unregister(fd)
            self._reap()
            if self._output.overflowed and self._pid is not None:
                self._kill_everything()

    def _obey(self):
        header, fds = self._connection.read_with_fds(time.monotonic() + HARNESS_LIMIT_S)
        if header.get("op") == "begin" and len(fds) == 1:
            self._begin(fds[0])
        elif header.get("op") == "end":
            self._end()
        else:
            raise wire.WireError("an unknown command")

    def _begin(self, channel):
        try:
            socket.send_fds(self._control, [b"!"], [channel])
        except OSError:
            pass  # the child died while it waited: the harness sees its end of the channel close
        os.close(channel)
        self._control.close()

    def _end(self):
        self._kill_everything()
        self._output.drain()
        self._control.close()
        if self._output.fd is not None:
            self._poll.unregister(self._output.fd)
            self._output.close()
        self._wiper.wipe()
        if armour.condition() != self._condition:
            sys.exit("process 1 was changed from outside: the next test gets a fresh sandbox")
        reply = {
            "op": "ended",
            "stdout": self._output.text(),
            "output_limit": self._output.overflowed,
            "cpu_ms": round(self._usage.cpu_s * 1000, 3),
            "peak_bytes": self._usage.peak_bytes,
            "exit": self._usage.exit,
        }
        self._connection.write(reply, deadline=time.monotonic() + HARNESS_LIMIT_S)
        self._prepare()

    def _prepare(self):
        """Forks the next test's child ahead: only now, since kill(-1) would have ended it too."""
        self._usage = Usage()
        self._control, theirs = socket.socketpair()
        reading, writing = os.pipe2(os.O_CLOEXEC)
        self._pid = self._fork()
        if self._pid == 0:
            child.run(theirs, writing, self._limits)
        theirs.close()
        os.close(writing)
        self._output = Output(reading, int(self._limits.get("stdout_bytes", 65536)))
        self._poll.register(reading, select.POLLIN)

    def _fork(self):
        for _ in range(FORK_TRIES):
            try:
                return os.fork()
            except OSError:
                time.sleep(0.01)  # the kernel has not yet given back what the last test held
        sys.exit("no process can be started")

    def _kill_everything(self):
        """Every process but this one, again and again: a fork bomb may be faster than one round."""
        while True:
            alive = _kill_all()
            if not self._reap(wait=alive) and not alive:
                break
        self._pid = None

    def _reap(self, wait=False):
        """Collects the dead, waiting for one of them only if asked; whether any child is left."""
        while True:
            try:
                pid, status, used = os.wait4(-1, 0 if wait else os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            wait = False
            self._usage.add(used)
            if pid == self._pid and self._usage.exit is None:
                self._usage.exit = _exit_of(status)


def _kill_all():
    """SIGKILL to every process that this one sees; whether there was one. Zombies count as such too."""
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _exit_of(status):
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status)}
    return {"code": os.WEXITSTATUS(status)}
