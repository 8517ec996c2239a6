import os
import sys

SANDBOX = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(SANDBOX, part) for part in ("wire", "harness", "runner", "tests")]

import pytest  # noqa: E402
from rig import Pair  # noqa: E402


@pytest.fixture
def pair():
    """Starts real pairs of processes and ends them with the test."""
    made = []

    def start(**arguments):
        made.append(Pair(**arguments))
        return made[-1]

    yield start
    for one in made:
        one.close()
