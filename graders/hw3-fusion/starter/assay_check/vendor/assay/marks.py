"""`points` marks a test and says what it is worth."""

from dataclasses import dataclass

from .words import as_words

VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published", "until_due_date")
# When a test runs: with every submission; once, after a student's own deadline, on what counts; when staff ask.
STAGES = ("submit", "after_due", "staff")


@dataclass(frozen=True)
class TestMark:
    """What a test is worth; `hundredths` of a point, `per_test` in seconds or None for the suite's limit.

    `stage` is None where the file decides (its `STAGE`), and else `submit`.
    """

    hundredths: int
    title: dict | None
    visibility: str
    tags: tuple
    per_test: float | None
    stage: str | None = None


def points(value, title=None, visibility="visible", tags=(), per_test=None, stage=None):
    """Marks a test: `@points(14, title={"en": ..., "zh": ...}, visibility="after_due_date")`.

    `value` has at most two decimals. `per_test` gives this test its own time limit in seconds. `stage` says when it
    runs: `submit`, `after_due` or `staff`.
    """
    hundredths = round(value * 100)
    if not 0 <= value <= 10_000 or abs(hundredths - value * 100) > 1e-9:
        raise ValueError(f"points({value!r}): from 0 to 10000 with at most two decimals")
    if visibility not in VISIBILITIES:
        raise ValueError(f"visibility={visibility!r}: one of {', '.join(VISIBILITIES)}")
    if isinstance(tags, str) or any(not isinstance(t, str) for t in tags):
        raise ValueError("tags: a list of strings")
    if per_test is not None and not 0 < per_test <= 3600:
        raise ValueError("per_test: seconds, from above 0 to 3600")
    if stage is not None and stage not in STAGES:
        raise ValueError(f"stage={stage!r}: one of {', '.join(STAGES)}")
    mark = TestMark(hundredths, as_words(title) if title else None, visibility, tuple(tags), per_test, stage)

    def decorate(function):
        function.__assay__ = mark
        return function

    return decorate


def mark_of(function):
    """The TestMark of a test function, or None."""
    return getattr(function, "__assay__", None)


def title_of(name, mark):
    return mark.title or {"en": name, "zh": name}
