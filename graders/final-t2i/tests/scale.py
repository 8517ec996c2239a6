"""At which size the suite runs: reduced on a CPU, full where the student's sandbox has a GPU.

The harness says so with ASSAY_DEVICE=cuda; without it the suite runs on a CPU.
"""

import os
from typing import NamedTuple


class Scale(NamedTuple):
    device: str
    leaderboard: str        # each scale has a table of its own
    side: int               # of a picture, in pixels
    prompts: int            # in a test of prompts or captions
    distance_rounds: int    # how often the Fréchet distance asks for each of the 630 scenes
    diversity_scenes: int
    generate_budget_s: float
    caption_budget_s: float


SCALES = {
    "cpu": Scale("cpu", "public, 16 x 16", 16, 126, 1, 48, 8.0, 8.0),
    "cuda": Scale("cuda", "public", 32, 504, 2, 96, 8.0, 8.0),
}
SCALE = SCALES[os.environ.get("ASSAY_DEVICE", "cpu").split(":")[0]]
CHECKPOINT_LIMIT_BYTES = 200_000_000
