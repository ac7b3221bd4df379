"""What the window fills in because it suits data and networks, and when it follows other data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.core import paths
from studio.experiment import validated
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.presenters.suited_settings import method_table
from studio.gui.text.say import say
from studio.runs.store.workspace import Workspace

WEIGHT = "method.settings.weight"
DRAFT: dict[str, Any] = {
    "dataset": {"key": "digits", "per_class": 10},
    "teacher": {"key": "cnn-32"},
    "student": {"key": "cnn-8"},
    "method": {"key": "kd"},
}


@pytest.fixture
def presenter(tmp_path: Path) -> DraftPresenter:
    return DraftPresenter(Workspace(tmp_path))


def pick_attention(presenter: DraftPresenter, draft: ExperimentDraft) -> None:
    choice = next(each for each in presenter.choices("method", draft.values) if each.key == "at")
    suited = {f"method.settings.{name}": found.value for name, found in choice.suited.items()}
    table = method_table(choice)
    draft.pick("method", str(table.pop("key")), table, suited=suited)


def follow(presenter: DraftPresenter, draft: ExperimentDraft) -> None:
    draft.refit(presenter.describe(draft.values).suited)


def test_a_method_picked_for_small_pictures_is_filled_in_and_can_be_put_back(presenter: DraftPresenter) -> None:
    draft = ExperimentDraft(DRAFT)
    pick_attention(presenter, draft)
    assert draft.experiments()[0].method.settings == {"weight": 20}
    note = presenter.describe(draft.values).suited[WEIGHT]
    assert say(note.words(20)) == "Fits maps of 8 × 8 to 2 × 2; as published: 1000."
    assert say(note.words(1000)).startswith("20 fits maps of 8 × 8 to 2 × 2 better")
    assert not note.words(30)
    draft.put_back(WEIGHT)
    follow(presenter, draft)
    assert draft.experiments()[0].method.settings == {}
    draft.edits.undo()
    assert draft.get(WEIGHT) == 20


def test_it_follows_other_data_and_is_undone_with_them(presenter: DraftPresenter) -> None:
    draft = ExperimentDraft(DRAFT)
    pick_attention(presenter, draft)
    draft.pick("data", "cifar10")
    follow(presenter, draft)
    assert draft.get(WEIGHT) is None
    draft.pick("data", "digits")
    follow(presenter, draft)
    assert draft.get(WEIGHT) == 20
    draft.edits.undo()
    assert (draft.key("data"), draft.get(WEIGHT)) == ("cifar10", None)


def test_what_a_person_said_does_not_follow(presenter: DraftPresenter) -> None:
    draft = ExperimentDraft(DRAFT)
    pick_attention(presenter, draft)
    draft.set(WEIGHT, 300.0)
    draft.pick("data", "cifar10")
    follow(presenter, draft)
    assert draft.get(WEIGHT) == 300


def test_a_file_means_what_was_published_until_something_is_picked(presenter: DraftPresenter) -> None:
    draft = ExperimentDraft({**DRAFT, "method": {"key": "at"}})
    follow(presenter, draft)
    assert draft.experiments() == [validated({**DRAFT, "method": {"key": "at"}})]
    draft.pick("student", "cnn-4")
    follow(presenter, draft)
    assert draft.get(WEIGHT) == 20


def test_methods_that_are_added_are_filled_in_as_well(presenter: DraftPresenter) -> None:
    draft = ExperimentDraft({**DRAFT, "method": {"key": "kd", "also": [{"key": "at"}]}})
    draft.pick("student", "cnn-4")
    follow(presenter, draft)
    assert paths.get(draft.values, "method.also.0.settings.weight") == 20
