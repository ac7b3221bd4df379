"""A student that is made from the teacher: where it can be picked, and what its card says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.text.say import say
from studio.runs.store.workspace import Workspace

HALF: dict[str, Any] = {"key": "recast", "settings": {"ratio": 0.5}}
DRAFT: dict[str, Any] = {
    "dataset": {"key": "digits"},
    "teacher": {"key": "cnn-16"},
    "student": {"key": "recast"},
    "method": HALF,
}


@pytest.fixture
def presenter(tmp_path: Path) -> DraftPresenter:
    return DraftPresenter(Workspace(tmp_path))


def test_its_card_says_what_it_becomes(presenter: DraftPresenter) -> None:
    told = presenter.describe(DRAFT)
    assert not told.problems
    card = told.cards["student"]
    assert say(card.title) == "Made from the teacher"
    assert say(card.words).startswith("Small CNN 16 → convolution × 0.5: ")
    assert say(card.words).endswith(" times smaller")


def test_it_stands_first_among_students_and_never_among_teachers(presenter: DraftPresenter) -> None:
    students, teachers = presenter.choices("student", DRAFT), presenter.choices("teacher", DRAFT)
    assert students[0].key == "recast"
    assert students[0].tag
    assert not students[0].refusal
    assert "recast" not in [choice.key for choice in teachers]


def test_methods_are_refused_where_it_is_picked_and_they_make_none_or_the_other_way_round(
    presenter: DraftPresenter,
) -> None:
    made = {choice.key: str(choice.refusal) for choice in presenter.choices("method", DRAFT)}
    picked = {
        choice.key: str(choice.refusal) for choice in presenter.choices("method", DRAFT | {"student": {"key": "cnn-4"}})
    }
    assert not made["recast"]
    assert "takes a student as it is" in made["kd"]
    assert "choose “Made from the teacher”" in picked["recast"]
    assert not picked["kd"]


def test_a_teacher_that_cannot_be_recast_is_said(presenter: DraftPresenter) -> None:
    told = presenter.describe(DRAFT | {"method": {"key": "recast", "settings": {"target": "basic"}}})
    assert "no way from there to a basic block" in " ".join(say(problem.sentence) for problem in told.problems)
