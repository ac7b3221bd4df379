"""Sentences and numbers as the window writes them."""

from __future__ import annotations

import pytest

from studio.core.message import NOTHING, text
from studio.gui.text.say import count, duration, percent, say, spread


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def test_a_sentence_may_hold_another():
    assert say(text("Why: {reason}", reason=text("{n} pictures", n=5))) == "Why: 5 pictures"
    assert say(NOTHING) == say("") == ""
    assert say("As it stands {here}") == "As it stands {here}"


@pytest.mark.parametrize(
    ("number", "words"),
    [(501, "501"), (22_100, "22 k"), (268_000, "268 k"), (691_674, "0.69 M"), (4_300_000, "4.30 M")],
)
def test_counts(number: int, words: str):
    assert plain(count(number)) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.42, "0.4 s"), (8, "8 s"), (400, "6 min 40 s"), (60, "1 min"), (9600, "2 h 40 min")]
)
def test_durations(seconds: float, words: str):
    assert plain(duration(seconds)) == words


def test_percentages():
    assert plain(percent(0.849)) == "84.9 %"
    assert plain(spread(0.842, 0.003, 3)) == "84.2 ± 0.3 %  (n 3)"
    assert plain(spread(0.842, None, 1)) == "84.2 %"
