"""The suite writer's API in one process."""

import json
import zlib

import numpy as np
import pytest
import wire
from assay import Comparison, attach_image, attach_plot, both, close, current, explain, flag, leaderboard, numeric_gradient
from assay import points, raises, score
from assay.errors import BadAnswer, ChannelClosed, Deadline, HandleMisuse, MissingName, StudentError
from assay.outcome import outcome_of
from assay.seeds import rng_for
from assay.student import Handle, Session
from assay.words import sentence

HANDLE = Handle(Session(None), wire.HandleRef(1, "rnn.Layer"))


@pytest.fixture(autouse=True)
def state():
    return current.begin("test")


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (1.0, 1.0 + 1e-7),
        (np.array([1.0, np.inf, np.nan]), [1.0, np.inf, np.nan]),
        ([[1, 2], [3, 4]], np.array([[1, 2], [3, 4]])),
        (np.float32(0.5), 0.5),
        (np.array([True, False]), [1, 0]),
        (0, 0.0),
    ],
)
def test_close(got, want):
    assert close(got, want)


@pytest.mark.parametrize(
    ("got", "want", "says"),
    [
        (1.1, 1.0, "got 1.1, expected 1"),
        (np.ones(3), np.ones((3, 1)), "wrong shape: got [3], expected [3, 1]"),
        (np.ones(1), 1.0, "wrong shape"),
        (np.zeros(0), np.zeros(3), "wrong shape"),
        (np.zeros(0), np.zeros(0), "nothing to compare"),
        (np.nan, 1.0, "got nan"),
        (np.inf, 1.0, "got inf"),
        (1.0, np.nan, "expected nan"),
        (np.inf, -np.inf, "expected -inf"),
        (1e308, -1e308, "got 1e+308"),
        (None, 1.0, "forget to return"),
        ("1.0", 1.0, "got a str"),
        ({}, 1.0, "got a dict"),
        ([[1], [1, 2]], np.ones((2, 2)), "different shapes"),
        ([None, 1], [0, 1], "dtype object" ),
        (1 + 0j, 1.0, "complex"),
        ([HANDLE, HANDLE], np.ones(2), "rnn.Layer"),
        (HANDLE, 1.0, "got rnn.Layer"),
        ([HANDLE, 1.0], [1.0, 1.0], "rnn.Layer"),
    ],
)
def test_not_close_says_why_and_never_raises(got, want, says):
    comparison = close(got, want)
    assert not comparison
    if says != "dtype object":
        assert says in comparison.words.en
    assert comparison.words.zh != comparison.words.en


def test_the_first_mismatch_is_named_and_drawn(state):
    want = np.zeros((2, 3, 100))
    got = want.copy()
    got[1, 0, 50] = 7
    assert not close(got, want, name=both("dx", "梯度"))
    assert state.comparison.words.en == "dx: first mismatch at [1, 0, 50]: got 7, expected 0 (1 of 600 values differ)"
    assert state.comparison.words.zh.startswith("梯度：首个不同位于 [1, 0, 50]")
    picture = state.extra["mismatch"]["picture"]
    assert (picture["rows"], picture["columns"]) == (6, 32)
    assert [r for r, row in enumerate(picture["cells"]) if any(row)] == [3]
    json.dumps(state.extra, allow_nan=False)


def test_a_true_comparison_leaves_no_trace(state):
    assert close(1, 1) and state.comparison is None and state.extra == {}


def test_tolerances_are_multiplied_by_the_runs_factor():
    assert close(1.0 + 5e-7, 1.0)
    current.begin("test", 0.1)
    assert not close(1.0 + 5e-7, 1.0)
    assert explain(1.0 + 5e-7, 1.0).en != explain(1.0, 1.0).en


def test_float16_and_torch_answers_compare():
    assert close(np.float16(0.5), 0.5)
    torch = pytest.importorskip("torch")
    assert close(torch.ones(2, requires_grad=True), np.ones(2))
    assert not close(torch.ones(3), np.ones(2))


@pytest.mark.parametrize(
    "use",
    [
        bool, len, iter, list, float, int, abs, str.format, lambda h: h == 1, lambda h: h != 1, lambda h: h[0], lambda h: 1 in h,
        lambda h: h + 1, lambda h: 1 + h, lambda h: h < 2, np.asarray, lambda h: np.ones(2) * h, lambda h: np.sum(h), lambda h: [*h],
    ],
)  # fmt: skip
def test_a_handle_used_as_data_says_so(use):
    if use is str.format:
        def use(h):
            return f"{h}"
    with pytest.raises(HandleMisuse) as caught:
        use(HANDLE)
    assert "rnn.Layer" in caught.value.words.en and "rnn.Layer" in caught.value.words.zh


def test_numeric_gradient_of_a_known_function():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    before = x.copy()
    assert close(numeric_gradient(lambda v: v**3, x, np.ones((2, 2))), 3 * x**2, rtol=1e-6)
    assert close(numeric_gradient(lambda v: (v**2).sum(), x, 1.0), 2 * x, rtol=1e-6)
    assert np.array_equal(x, before)


@pytest.mark.parametrize(
    ("given", "kept"), [(0.7, 0.7), (7, 1.0), (-1, 0.0), (float("nan"), 0.0), (float("inf"), 0.0), (None, 0.0), (np.float64(0.5), 0.5)]
)
def test_scores_are_clamped(state, given, kept):
    score(given, both("half", "一半"))
    result = outcome_of(None, state)
    assert (result["ended"], result["score"]) == ("score", kept)
    assert result["message"] == {"en": "half", "zh": "一半"}


def test_a_failed_assertion_after_a_score_earns_nothing(state):
    score(0.9)
    assert outcome_of(AssertionError("no"), state)["score"] == 0


@pytest.mark.parametrize(
    ("error", "answered", "ended"),
    [
        (None, True, "passed"),
        (AssertionError("x"), False, "assertion"),
        (AssertionError(), True, "assertion"),
        (StudentError(sentence("no_words"), "ValueError"), True, "student_exception"),
        (BadAnswer(sentence("unasked")), True, "bad_answer"),
        (ChannelClosed("f"), False, "student_exception"),
        (Deadline(sentence("no_words")), False, "deadline"),
        (Deadline(sentence("no_words"), in_student=False), True, "deadline"),
        (Deadline(sentence("no_words"), in_student=False), False, "harness_exception"),
        (IndexError("x"), True, "assertion"),
        (IndexError("x"), False, "harness_exception"),
        (SystemExit(0), False, "harness_exception"),
    ],
)
def test_ends_have_their_words(state, error, answered, ended):
    state.answered = answered
    result = outcome_of(error, state)
    assert result["ended"] == ended
    assert (result["score"] == 1.0) == (ended == "passed")


def test_an_exception_of_the_test_shows_its_place_to_staff_only(state):
    state.answered = True
    try:
        (1, 2)[5]
    except IndexError as error:
        result = outcome_of(error, state)
    assert result["message"]["en"] == "the test could not use what your function returned."
    assert "test_assay.py" in result["extra"]["harness_traceback"] and result["traceback"] is None


def test_an_assertion_without_text_shows_the_comparison(state):
    try:
        assert_plainly(close(2.0, 1.0, name="loss"))
    except AssertionError as error:
        assert outcome_of(error, state)["message"]["en"].startswith("loss: wrong value")


def assert_plainly(condition):
    if not condition:
        raise AssertionError


def test_raises():
    with raises("ValueError") as caught:
        raise StudentError(sentence("no_words"), "BadWindow", ["BadWindow", "ValueError"], "w")
    assert caught.error.text == "w"
    for body in (lambda: None, lambda: throw(StudentError(sentence("no_words"), "TypeError", ["TypeError"], "t"))):
        with pytest.raises(AssertionError), raises(ValueError):
            body()
    with pytest.raises(MissingName), raises("AttributeError"):
        throw(MissingName(sentence("no_words"), "AttributeError", ["AttributeError"]))


def throw(error):
    raise error


@pytest.mark.parametrize("array", [np.zeros((3, 4)), np.full((3, 4, 1), 255, np.uint8), np.array([[[np.nan, 2, -1]]]), np.zeros((2, 2, 4))])
def test_pictures_are_valid_png(state, array):
    attach_image("picture", array, caption=both("a", "甲"))
    (artifact,) = state.artifacts
    data = artifact["data"]
    assert data.startswith(b"\x89PNG\r\n\x1a\n") and artifact["caption"] == {"en": "a", "zh": "甲"}
    at = data.index(b"IDAT")
    size = int.from_bytes(data[at - 4 : at], "big")
    rows = zlib.decompress(data[at + 4 : at + 4 + size])
    channels = 1 if array.ndim == 2 else array.shape[2]
    assert len(rows) == array.shape[0] * (1 + array.shape[1] * channels)


def test_a_plot_is_strict_json(state):
    attach_plot("loss", {"train": [1.0, float("nan")], "test": ([0, 1], [2, 3])}, title="t", x_label="step")
    spec = json.loads(state.artifacts[0]["data"], parse_constant=throw)
    assert spec["series"][0]["y"] == [1.0, None] and spec["series"][1]["x"] == [0.0, 1.0]


def test_leaderboard_and_flags(state):
    leaderboard("fd", 1.5)
    leaderboard("fd", float("nan"))
    flag(both("weights do not matter", "权重不起作用"))
    assert [e.get("value") for e in state.events] == [1.5, None, None]
    assert state.events[2]["message"]["zh"] == "权重不起作用"


@pytest.mark.parametrize("bad", [{"value": -1}, {"value": 1.001}, {"value": 1, "visibility": "secret"}, {"value": 1, "stage": "later"}, {"value": 1, "tags": "x"}, {"value": 1, "per_test": 0}])
def test_points_refuses_what_makes_no_sense(bad):
    with pytest.raises(ValueError):
        points(**bad)


def test_rng_depends_on_key_and_name_alone():
    draws = {(k, n): rng_for(bytes([k]) * 32, n).random() for k in (1, 2) for n in ("a", "b")}
    assert len(set(draws.values())) == 4
    assert rng_for(bytes([1]) * 32, "a").random() == draws[1, "a"]


def test_comparisons_are_exported():
    assert isinstance(close(1, 1), Comparison)
