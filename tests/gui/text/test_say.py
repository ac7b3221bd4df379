"""Sentences as the window says them."""

from __future__ import annotations

from studio.core.errors import Invalid, StudioError
from studio.core.message import NOTHING, text
from studio.gui.text.say import counted, say


def test_a_sentence_may_hold_another() -> None:
    assert say(text("Why: {reason}", reason=text("{n} pictures", n=5))) == "Why: 5 pictures"
    assert say(NOTHING) == say("") == ""
    assert say("As it stands {here}") == "As it stands {here}"


def test_an_error_is_one_paragraph() -> None:
    assert say(StudioError("It failed.", "", "Try {n} times.", n=2).paragraph()) == "It failed. Try 2 times."


def test_several_problems_are_a_line_each() -> None:
    error = Invalid(
        "It cannot be used.",
        [StudioError("It is wrong.", place="student.key"), StudioError("It lacks a value.", place="seed")],
    )
    assert say(error.paragraph()).splitlines()[1:] == ["student.key: It is wrong.", "seed: It lacks a value."]


def test_one_thing_is_said_otherwise_than_many() -> None:
    assert [counted(n, "1 run", "{n} runs") for n in (0, 1, 2)] == ["0 runs", "1 run", "2 runs"]
    assert [counted(n, "{who}: 1 run", "{who}: {n} runs", who="{her}") for n in (1, 2)] == [
        "{her}: 1 run",
        "{her}: 2 runs",
    ]
