"""The harness's ends: the connection to one runner, and a test's own channel to the student's child."""

import select
import socket
import time

import wire
from assay.errors import BadAnswer, ChannelClosed, Deadline
from assay.words import sentence

BEGIN_LIMIT_S = 10
# kill(-1) of some hundred processes takes 0.15 s; a tmpfs full of inodes takes seconds to empty.
END_LIMIT_S = 30
OUTPUT_LIMIT_CHARS = 64 * 1024


class SandboxLost(Exception):
    """The runner is gone, silent or talking nonsense: this sandbox cannot be used any more."""


class Sandbox:
    """The connection to one runner."""

    def __init__(self, connection, slot):
        self.slot, self._stream, self._greeted = slot, wire.Stream(connection), False

    def begin(self, test_id):
        """Starts a test there: our end of its channel. Raises SandboxLost."""
        ours, theirs = socket.socketpair()
        try:
            self._stream.write({"op": "begin", "test_id": test_id}, deadline=_in(BEGIN_LIMIT_S), fds=[theirs.fileno()])
        except (wire.Closed, wire.TimedOut, OSError) as error:
            ours.close()
            raise SandboxLost from error
        finally:
            theirs.close()
        return ours

    def end(self):
        """Ends the test there and answers the runner's account of it. Raises SandboxLost."""
        try:
            self._stream.write({"op": "end"}, deadline=_in(END_LIMIT_S))
            if not self._greeted:
                self._stream.drop_to_magic(_in(END_LIMIT_S))
                self._greeted = True
            header, _ = self._stream.read(_in(END_LIMIT_S), wire.Limits(bytes=0, header_bytes=1 << 20))
        except (wire.Closed, wire.TimedOut, wire.WireError, OSError) as error:
            raise SandboxLost from error
        if header.get("op") != "ended":
            raise SandboxLost
        return _account(header)

    def close(self):
        self._stream.reading.close()


def _account(header):
    """The fields of `ended` that have the right type. All of them are that side's claims."""
    stdout, left = header.get("stdout"), header.get("exit")
    return {
        "stdout": wire.clean_text(stdout, OUTPUT_LIMIT_CHARS) if type(stdout) is str else "",
        "output_limit": header.get("output_limit") is True,
        "cpu_ms": _amount(header.get("cpu_ms"), float),
        "peak_bytes": _amount(header.get("peak_bytes"), int),
        "exit": left if type(left) is dict and all(type(n) is int for n in left.values()) else {},
    }


def _amount(value, kind):
    return kind(value) if type(value) in (int, float) and 0 <= value < wire.SAFE_INT else None


class Conversation:
    """Questions and answers of one test, one at a time, each before the test's deadline."""

    def __init__(self, channel, deadline, limits, late_words):
        self._channel, self._stream = channel, wire.Stream(channel)
        self._deadline, self._limits, self._late_words = deadline, limits, late_words
        self._broken = None
        self.garbled = False

    def ask(self, header, buffers, name):
        """(header, buffers) of the answer. Once it failed, it fails for the rest of the test."""
        if self._broken is not None:
            raise self._broken
        try:
            return self._exchange(header, buffers, name)
        except BaseException as error:
            self._broken = error
            raise

    def _exchange(self, header, buffers, name):
        try:
            self._refuse_unasked(name)
            self._stream.write(header, buffers, self._deadline)
            return self._stream.read(self._deadline, self._limits)
        except wire.Closed:
            raise ChannelClosed(name) from None
        except wire.TimedOut:
            raise Deadline(self._late_words(name)) from None
        except wire.WireError as error:
            self.garbled = True
            raise BadAnswer(sentence("undecodable", name=name, text=str(error))) from None

    def _refuse_unasked(self, name):
        ready = select.poll()
        ready.register(self._channel, select.POLLIN)
        if ready.poll(0):
            try:
                waiting = self._channel.recv(1, socket.MSG_PEEK)
            except OSError:
                waiting = b""
            if not waiting:
                raise ChannelClosed(name)
            self.garbled = True
            raise BadAnswer(sentence("unasked"))

    def close(self):
        self._channel.close()


def _in(seconds):
    return time.monotonic() + seconds
