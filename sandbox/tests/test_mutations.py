"""A slice of `mutations.py`; `npm run soak` does the whole."""

import os

from mutations import Maker, try_answers, try_questions


def test_mutated_answers_are_data_or_refused():
    outcomes = try_answers(Maker(os.getpid()), 3000)
    # The generator is worth something only while it reaches all ends.
    assert {"accepted", "BadAnswer", "ChannelClosed", "WireError"} <= set(outcomes)


def test_mutated_questions_are_answered_or_refused(tmp_path):
    outcomes = try_questions(Maker(os.getpid()), 3000, str(tmp_path))
    assert {"value", "raised", "WireError"} <= set(outcomes)
