"""Edits are undone and done again; their garbage ends no process."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.experiment.edit_history import MOST, Edit, EditHistory
from tests.gui.garbage import only_new_objects


def test_edits_of_one_place_in_a_row_are_one_step() -> None:
    draft = ExperimentDraft({"training": {"epochs": 10}})
    for epochs in (20, 30, 40):
        draft.set("training.epochs", epochs)
    draft.set("training.batch_size", 32)
    assert len(draft.edits) == 2
    draft.edits.undo()
    draft.edits.undo()
    assert draft.get("training.epochs") == 10
    draft.edits.redo()
    assert draft.get("training.epochs") == 40


def test_an_edit_after_an_undo_is_a_step_of_its_own() -> None:
    draft = ExperimentDraft({"training": {"epochs": 10}})
    draft.set("training.epochs", 20)
    draft.set("training.batch_size", 32)
    draft.edits.undo()
    draft.set("training.epochs", 30)
    assert not draft.edits.can_redo
    draft.edits.undo()
    assert draft.get("training.epochs") == 20


def test_old_edits_are_forgotten() -> None:
    draft = ExperimentDraft({})
    for number in range(MOST + 50):
        draft.set(f"place{number}", number)
    assert len(draft.edits) == MOST


@given(st.lists(st.sampled_from(["a", "b", "", "undo", "redo"]), max_size=40))
def test_undoing_everything_gives_the_beginning_and_doing_it_again_the_end(actions: list[str]) -> None:
    shown: list[Mapping[str, Any]] = [{"n": 0}]
    history = EditHistory(shown.append)
    for number, action in enumerate(actions, start=1):
        if action == "undo":
            history.undo()
        elif action == "redo":
            history.redo()
        else:
            history.push(Edit(action, shown[-1], {"n": number}, action))
    redo_all(history)
    end = shown[-1]
    while history.can_undo:
        history.undo()
    assert shown[-1] == {"n": 0}
    redo_all(history)
    assert shown[-1] == end


def redo_all(history: EditHistory) -> None:
    while history.can_redo:
        history.redo()


def test_merged_edits_can_be_collected() -> None:
    with only_new_objects():
        for _ in range(20):
            draft = ExperimentDraft({"training": {"epochs": 10}})
            for epochs in range(20):
                draft.set("training.epochs", epochs)
                draft.edits.undo()
                draft.set("training.epochs", epochs + 1)
                draft.set("training.epochs", epochs + 2)
            gone = weakref.ref(draft)
            del draft
            gc.collect()
            assert gone() is None
