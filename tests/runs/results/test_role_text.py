"""Roles as texts: the kind is in the template, the number is not, and a stranger's role is no template."""

from __future__ import annotations

import pytest

from studio.core.message import Text
from studio.runs.results.role_text import average_name, average_text, role_text, step_text

GENERATIONS = ["teacher", "generation 1", "generation 2", "generation 3"]


@pytest.mark.parametrize(
    ("role", "within", "first"),
    [
        ("teacher", "teacher", "Teacher"),
        ("generation 12", "generation 12", "Generation 12"),
        ("alone", "student alone", "Student alone"),
        ("{0.__class__} 1", "{0.__class__} 1", "{0.__class__} 1"),
        ("generation " + 12 * "9", "generation " + 12 * "9", "Generation " + 12 * "9"),
        ("", "", ""),
    ],
)
def test_a_role_within_a_sentence_and_at_its_beginning(role: str, within: str, first: str) -> None:
    assert (str(role_text(role)), str(role_text(role, first=True))) == (within, first)


def test_translators_meet_each_kind_once() -> None:
    assert {role_text(f"generation {n}").template for n in range(1, 9)} == {"generation {n}"}


def test_a_step_says_how_many_of_its_kind_there_are() -> None:
    told = [str(step_text(role, GENERATIONS)) for role in GENERATIONS]
    assert told == ["Teacher", "Generation 1 of 3", "Generation 2 of 3", "Generation 3 of 3"]
    assert str(step_text("assistant 1", ["teacher", "assistant 1", "student"])) == "Assistant 1"


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (["generation 1", "generation 2"], "mean of generations 1 and 2"),
        (GENERATIONS, "mean of teacher and generations 1, 2 and 3"),
        ([f"generation {n}" for n in range(1, 6)], "mean of generations 1 to 5"),
        ([f"generation {n}" for n in (1, 2, 3, 5)], "mean of generations 1, 2, 3 and 5"),
        (["teacher", "student"], "mean of teacher and student"),
    ],
)
def test_an_average_is_called_by_its_members(members: list[str], words: str) -> None:
    assert average_name(members) == words
    assert str(average_text(members, first=True)) == words.capitalize()


def test_in_little_room_numbers_in_a_row_are_told_by_their_ends() -> None:
    assert str(average_text(GENERATIONS, most_listed=2)) == "mean of teacher and generations 1 to 3"


def test_a_role_that_looks_like_a_template_is_told_as_it_stands() -> None:
    said = average_text(["{n} 1", "{n} 2"])
    assert isinstance(said, Text)
    assert str(said) == "mean of {n} 1 and {n} 2"
