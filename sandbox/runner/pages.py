"""Joins the pages of what was imported into huge ones, so that a fork copies some fifty entries and not 60,000.

With torch imported, a fork and the end of that child cost 10 ms of processor time, nearly all of it for
page tables; joined, 2 ms. Where the kernel cannot do it (before Linux 6.1, gVisor) nothing changes but the time.
"""

import ctypes

MADV_COLLAPSE = 25
HUGE_BYTES = 2 << 20
# Of less than this a fork is cheap anyway, and joining would only cost.
WORTH_BYTES = 4 << 20


def join_large():
    """Every private anonymous mapping that can be written, in whole huge pages."""
    libc = ctypes.CDLL(None)
    for begin, end in _anonymous():
        begin, end = -(-begin // HUGE_BYTES) * HUGE_BYTES, end // HUGE_BYTES * HUGE_BYTES
        for at in range(begin, end, HUGE_BYTES):
            libc.madvise(ctypes.c_void_p(at), ctypes.c_size_t(HUGE_BYTES), MADV_COLLAPSE)


def _anonymous():
    with open("/proc/self/maps") as table:
        rows = [line.split() for line in table]
    for row in rows:
        begin, end = (int(part, 16) for part in row[0].split("-"))
        if row[1] == "rw-p" and row[4] == "0" and row[5:] in ([], ["[heap]"]) and end - begin >= WORTH_BYTES:
            yield begin, end
