"""The student alone beside a run: its values where they are there, else why nothing of its inside can be shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from studio.core.message import NOTHING
from studio.gui.run_store.alone_runs import alone_ids, alone_of
from studio.runs.files.history import Reference, RunHistory
from studio.runs.run_info import RunInfo
from tests.gui import made_up


def taught(references: Mapping[str, str]) -> RunInfo:
    return RunInfo("taught", Path("taught"), references=references)


INFOS = {"alone": RunInfo("alone", Path("alone")), "taught": taught({"teacher": "t", "alone": "alone"})}


def test_its_values_are_those_of_the_run_that_was_trained_for_it() -> None:
    history = made_up.pictures_run("Alone", run="alone", readings=5, snapshots=2, teacher=False)
    found, why = alone_of(INFOS["taught"], INFOS, {"alone": history}.get)
    assert found is history
    assert not why


@pytest.mark.parametrize(
    ("references", "history", "words"),
    [
        ({"teacher": "t"}, None, "was not trained for this run"),
        ({"teacher": "t", "alone": "gone"}, None, "no longer there"),
        ({"teacher": "t", "alone": "alone"}, RunHistory("alone"), "no snapshots"),
        ({"teacher": "t", "alone": "alone"}, None, ""),  # being read: nothing is missing
        ({}, None, ""),  # a run without a teacher is alone itself
    ],
)
def test_what_is_missing_is_said(references: dict[str, str], history: RunHistory | None, words: str) -> None:
    found, why = alone_of(taught(references), INFOS, lambda _: history)
    assert found is None
    assert words in str(why) if words else not why


def test_a_teacher_of_another_run_is_one_too() -> None:
    reached = Reference(0.9)
    there = RunInfo(
        "taught", Path("taught"), state="finished", teacher_reference=reached, references={"alone": "alone"}
    )
    history = made_up.pictures_run("Alone", run="alone", readings=5, snapshots=2, teacher=False)
    assert alone_of(there, INFOS, lambda _: history)[0] is history
    without = RunInfo("taught", Path("taught"), state="finished", teacher_reference=reached)
    assert "not trained for this run" in str(alone_of(without, INFOS, lambda _: None)[1])


def test_while_a_run_trains_its_student_alone_may_yet_come() -> None:
    running = RunInfo("taught", Path("taught"), state="running", references={"teacher": "t"})
    assert alone_of(running, INFOS, lambda _: None) == (None, NOTHING)
    assert alone_of(None, INFOS, lambda _: None) == (None, NOTHING)


def test_the_students_alone_of_some_runs_are_named_once() -> None:
    infos = {**INFOS, "again": RunInfo("again", Path("again"), references={"alone": "alone"})}
    assert alone_ids(["taught", "again", "alone", "unknown"], infos) == ["alone"]
