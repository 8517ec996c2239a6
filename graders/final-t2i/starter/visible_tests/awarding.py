"""From three measured values to points: pts * clip((median - base) / (full - base), 0, 1).

data/constants-S.json has for each metric `base`, what a trivial model reaches, and `full`, the median of
three reference seeds less an allowance for redrawn prompts; tools/make_constants.py computes both.
"""


import json
from functools import cache
from statistics import median
from assay import both, current, data_path, score
from scale import SCALE
@cache
def constants():
    with open(data_path(f"constants-{SCALE.side}.json"), encoding="utf-8") as file:
        return json.load(file)["metrics"]


def fraction_of(value, base, full):
    """Where value stands between base (0) and full (1); works for metrics that fall, too."""
    return min(1.0, max(0.0, (value - base) / (full - base)))


def award(name, values):
    """Scores the running test by the median of the values, and shows their spread in `extra`."""
    fraction, words = judged(name, values)
    score(fraction, words)
    return fraction


def judged(name, values):
    """(fraction, message) of one metric; its numbers go into the report's extra."""
    known, middle = constants()[name], median(values)
    fraction = fraction_of(middle, known["base"], known["full"])
    note(name, median=middle, values=list(values), spread=max(values) - min(values),
         base=known["base"], full=known["full"])
    shown = ", ".join(f"{value:.3f}" for value in values)
    return fraction, both(
        f"{name}: median {middle:.3f} (three draws: {shown}); {known['base']:.3f} earns nothing, {known['full']:.3f} everything",
        f"{name}：中位数 {middle:.3f}（三次：{shown}）；{known['base']:.3f} 不得分，{known['full']:.3f} 得满分")


def note(name, **numbers):
    """Numbers for the report's extra, under `metrics`."""
    rounded = {key: round_all(value) for key, value in numbers.items()}
    current.state().extra.setdefault("metrics", {})[name] = rounded


def round_all(value):
    return [round_all(item) for item in value] if isinstance(value, list) else round(float(value), 5)


