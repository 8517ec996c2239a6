"""Names the mistake in a failed test: the mutant that answers the test's calls as the student did.

Runs in the run's own fork after `run_finished`, behind everything that anybody waits for. The student's sandbox
has no part in it: its answers are numbers here, and only the suite's own code runs.
"""

import fcntl
import itertools
import os
import resource
import signal
import time

from .mutants import Changed, mutants_of
from .replay import replay

# A gap to the reference that is this much larger than the one to the mutant: the answer lies at the mutant.
NEARER = 10
PAIRS_LIMIT_COUNT = 400
WALL_FACTOR = 50  # of the processor time allowed: this process stands still while a submission is graded
MEMORY_BYTES = 512 << 20
LATE = "late"


class OutOfTime(BaseException):
    """This replay, or all of them, took too long. Not an Exception: the code that runs may catch those."""


def diagnose(tell, recordings, wish):
    """Tells `diagnosed`: for each failed test with a match the mutants, and how much speaks for it."""
    _behind_everything()
    found = {}
    try:
        with open("/tmp/diagnosing", "w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            found = Diagnosis(recordings, wish).found()
    finally:
        tell({"op": "diagnosed", "run": wish["run"], "tests": found})


def _behind_everything():
    """The next submission's run is a neighbour in this container: it comes first, in time and in memory."""
    os.nice(19)
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    with open("/proc/self/statm") as file:
        held = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY_BYTES, held + MEMORY_BYTES))


class Diagnosis:
    """One run's search."""

    def __init__(self, recordings, wish):
        self._recordings, self._pairs = recordings, wish["pairs"]
        self._mutants = [m for m in mutants_of(wish["suite"]) if m.fails & recordings.lost]
        self._changed = Changed(wish["suite"], f"/tmp/mutants-{os.getpid()}")
        self._places = (os.path.join(wish["suite"], "reference"), f"/tmp/mutants-{os.getpid()}")
        self._ends = time.process_time() + wish["seconds"]
        self._wall_ends = time.monotonic() + wish["seconds"] * WALL_FACTOR
        self._matches, self._facts, self._undecided = {}, {}, {}

    def found(self):
        """[{name, mutants, others, evidence}] of the tests with a match. What is known when time is over counts."""
        signal.signal(signal.SIGPROF, _ring)
        signal.signal(signal.SIGALRM, _ring)
        quick_first = sorted(self._recordings.failed, key=lambda r: r.wall_ms)
        searches = [(self._singles, r) for r in quick_first]
        searches += [(self._two, r) for r in quick_first] if self._pairs else []
        for search, recording in searches:
            try:
                search(recording)
            except OutOfTime:
                # Who was not asked might have answered alike: no name rather than a wrong one.
                self._matches.pop(recording.name, None)
                break
        return [self._best(name, keys) for name, keys in self._matches.items() if keys]

    def _singles(self, recording):
        self._try(recording, [(m,) for m in self._mutants if recording.name in m.fails])

    def _two(self, recording):
        """Two mistakes that this test sees together: each would also be seen in all tests that it fails alone."""
        if self._matches.get(recording.name):
            return
        likely = [m for m in self._mutants if m.fails & self._recordings.ran <= self._recordings.lost]
        pairs = [p for p in itertools.combinations(likely, 2) if any(recording.name in m.fails for m in p)]
        self._try(recording, sorted(pairs, key=self._weight, reverse=True)[:PAIRS_LIMIT_COUNT])

    def _weight(self, pair):
        """Pairs that together explain just what failed come first."""
        together = (pair[0].fails | pair[1].fails) & self._recordings.ran
        return len(together & self._recordings.lost) - len(together - self._recordings.lost)

    def _try(self, recording, candidates):
        right = self._replayed(recording, (), lambda place, gap: False)
        if right in (None, LATE) or not any(gap > 1 for gap in right):
            return
        for mutants in candidates:
            far = self._replayed(recording, mutants, lambda place, gap: gap > min(1.0, max(right[place] / NEARER, 1e-6)) and (gap > 1 or right[place] > 1))
            if far is LATE:
                self._undecided.setdefault(recording.name, []).append(tuple(m.name for m in mutants))
            if far in (None, LATE) or len(far) < len(recording.calls):
                continue
            if all(gap <= 1 and (right[i] <= 1 or gap * NEARER <= right[i]) for i, gap in enumerate(far)):
                self._matches.setdefault(recording.name, []).append(tuple(m.name for m in mutants))
                self._facts[recording.name] = _facts(recording, right)

    def _replayed(self, recording, mutants, enough):
        """Its gaps; LATE where it takes too long, None where it cannot be replayed."""
        folder = self._changed.folder(mutants)
        if folder is None:
            return None
        left = min(self._ends - time.process_time(), self._wall_ends - time.monotonic())
        if left <= 0:
            raise OutOfTime
        allowed = min(left, max(1.0, 4 * recording.wall_ms / 1000))
        try:
            signal.setitimer(signal.ITIMER_PROF, allowed)
            signal.setitimer(signal.ITIMER_REAL, self._wall_ends - time.monotonic())
            return replay(recording, folder, self._places, enough)
        except OutOfTime:
            return LATE
        except Exception:
            return None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _best(self, name, keys):
        """Of several that answer alike here: what explains most of the tests that failed, and nothing that passed."""
        scores = {key: self._score(key) for key in keys}
        best = max(scores.values())
        first, *others = [key for key in keys if scores[key] == best]
        # A mistake that makes the code too slow to be asked here, and explains what failed as well as anything.
        others += [key for key in self._undecided.get(name, []) if self._score(key)[1] == 0]
        return {
            "name": name,
            "mutants": list(first),
            "others": [list(key) for key in others],
            "evidence": self._facts[name],
        }

    def _score(self, key):
        explained = sum(key in keys for keys in self._matches.values())
        fails = set().union(*(m.fails for m in self._mutants if m.name in key)) & self._recordings.ran
        # Tests that ran out of time left no answers: it is whoever fails just these and those that are explained.
        exact = bool(self._recordings.silent) and fails == self._recordings.lost
        return explained, -len(fails - self._recordings.lost), exact


def _facts(recording, right):
    differing = [i for i, gap in enumerate(right) if gap > 1]
    return {"calls": len(recording.calls), "differing": len(differing), "function": recording.calls[differing[0]].name}


def _ring(*_):
    raise OutOfTime
