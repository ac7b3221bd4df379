"""A student that is made from the teacher: where it can be picked, and what its card says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.text.say import say
from studio.gui.training.run_queue import expand
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


@pytest.mark.parametrize("student", ["recast", "cnn-4"])
def test_methods_are_judged_by_the_student_they_would_have(presenter: DraftPresenter, student: str) -> None:
    draft = DRAFT | {"student": {"key": student}}
    refused = {choice.key: str(choice.refusal) for choice in presenter.choices("method", draft)}
    assert not refused["recast"]
    assert not refused["kd"]


def test_a_teacher_that_no_method_can_recast_is_refused_with_the_reason(presenter: DraftPresenter) -> None:
    draft = DRAFT | {"dataset": {"key": "moons"}, "teacher": {"key": "mlp-8-8"}, "student": {"key": "mlp-4-4"}}
    refused = {choice.key: say(choice.refusal) for choice in presenter.choices("method", draft)}
    assert "convolution" in refused["recast"]


def test_a_method_brings_the_student_that_it_makes_and_takes_it_away_again() -> None:
    draft = ExperimentDraft({**DRAFT, "student": {"key": "cnn-4"}, "method": {"key": "kd"}})
    draft.pick("method", "recast", {"settings": {"ratio": 0.5}})
    assert draft.get("student") == {"key": "recast"}
    assert draft.experiments()[0].student_network == "recast:conv-0.5:cnn-16"
    draft.pick("method", "at")
    assert draft.get("student") == {"key": "cnn-4"}
    draft.edits.undo()
    assert (draft.key("method"), draft.key("student")) == ("recast", "recast")
    draft.edits.undo()
    assert (draft.key("method"), draft.key("student")) == ("kd", "cnn-4")
    draft.edits.redo()
    assert (draft.key("method"), draft.key("student")) == ("recast", "recast")


def test_where_no_student_was_displaced_one_of_the_same_form_takes_its_place() -> None:
    draft = ExperimentDraft(DRAFT)
    draft.pick("method", "kd")
    assert draft.get("student") == {"key": "recast:conv-0.5:cnn-16"}
    assert draft.experiments()[0].method.key == "kd"


def test_a_student_chosen_meanwhile_is_not_taken_back() -> None:
    draft = ExperimentDraft({**DRAFT, "student": {"key": "cnn-4"}, "method": {"key": "kd"}})
    draft.pick("method", "recast")
    draft.pick("student", "cnn-8")
    draft.pick("method", "kd")
    assert draft.get("student") == {"key": "cnn-8"}


def test_several_methods_are_each_trained_with_the_student_they_can_teach() -> None:
    (first,) = ExperimentDraft(DRAFT).experiments()
    students = [each.student.key for each in expand(first, [0], ["recast", "kd", "none"])]
    assert students == ["recast", "recast:conv-0.5:cnn-16", "recast:conv-0.5:cnn-16"]
    (plain,) = ExperimentDraft(DRAFT | {"student": {"key": "cnn-4"}, "method": {"key": "kd"}}).experiments()
    assert [each.student.key for each in expand(plain, [0], ["kd", "recast"])] == ["cnn-4", "recast"]


def test_a_teacher_that_cannot_be_recast_is_said(presenter: DraftPresenter) -> None:
    told = presenter.describe(DRAFT | {"method": {"key": "recast", "settings": {"target": "basic"}}})
    assert "no way from there to a basic block" in " ".join(say(problem.sentence) for problem in told.problems)
