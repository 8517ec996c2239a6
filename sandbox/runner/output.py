"""What the student's processes print: drained always, kept up to a cap, never waited for."""

import os

import wire

PIECE_BYTES = 64 * 1024


class Output:
    """The reading end of a child's stdout and stderr."""

    def __init__(self, fd, limit_bytes):
        os.set_blocking(fd, False)
        self.fd, self._limit, self._kept = fd, limit_bytes, bytearray()
        self.overflowed = False

    def drain(self):
        """Reads what is there, at most until the cap is passed. False when all writers are gone."""
        while self.fd is not None and not self.overflowed:
            try:
                piece = os.read(self.fd, PIECE_BYTES)
            except BlockingIOError:
                return True
            if not piece:
                self.close()
                return False
            self._kept += piece[: self._limit + 1 - len(self._kept)]
            self.overflowed = len(self._kept) > self._limit
        return self.fd is not None

    def close(self):
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None

    def text(self):
        return wire.clean_text(bytes(self._kept[: self._limit]).decode("utf-8", "replace"))
