"""What keeps process 1 out of the reach of the student's processes, which have the same user."""

import ctypes
import os
import resource
import signal

PR_SET_DUMPABLE = 4
RLIMIT_COUNT = 16
_libc = ctypes.CDLL(None, use_errno=True)


def put_on():
    """Not dumpable: no ptrace, no /proc/1/mem. No signal handlers: as process 1 it then ignores signals."""
    set_dumpable(False)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python's own handler would end process 1
    os.umask(0o077)


def set_dumpable(dumpable):
    if _libc.prctl(PR_SET_DUMPABLE, int(dumpable), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def condition():
    """What another process of the same user can change of this one: limits, priority, processors.

    The kernel asks no more than the same user for prlimit, setpriority and sched_setaffinity.
    """
    limits = [resource.getrlimit(n) for n in range(RLIMIT_COUNT)]
    scheduling = os.sched_getscheduler(0), os.sched_getaffinity(0), os.getpriority(os.PRIO_PROCESS, 0)
    return limits, scheduling
