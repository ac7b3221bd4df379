"""How far a run has come, told by both ends of its events."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.core.message import NOTHING
from studio.events import EpochDone, Event, PlanChanged, Resumed, RunEnded, StageBand
from studio.runs.files.event_codec import to_line
from studio.runs.files.event_glance import glance
from studio.runs.files.folder import RunFolder
from tests.runs.fake_session import experiment, started

LONGER = PlanChanged(step=4, plan=(StageBand("task", "learn", 0, 40, labels=True),), steps=40, epochs=10)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


def write(folder: RunFolder, *events: Event) -> None:
    lines = [to_line(event, number, 0.0) for number, event in enumerate(events)]
    folder.events.write_text("\n".join(lines) + "\n")


def test_the_plan_is_the_one_that_was_told_last(folder: RunFolder) -> None:
    begun = started(experiment())
    write(folder, begun, EpochDone(labelled=True, step=4), LONGER, EpochDone(labelled=True, step=8))
    found, ended, step = glance(folder)
    assert found is not None
    assert (found.steps, found.epochs, step, ended) == (40, 10, 8, None)
    assert found.name == begun.name


def test_a_run_that_went_on_from_before_stands_there(folder: RunFolder) -> None:
    begun = started(experiment())
    write(folder, begun, EpochDone(labelled=True, step=4), LONGER, begun, Resumed(step=3))
    found, _, step = glance(folder)
    assert found is not None
    assert (found.steps, step) == (begun.steps, 3)


def test_its_last_word_is_known(folder: RunFolder) -> None:
    write(folder, started(experiment()), RunEnded(step=3, state="stopped", reason=NOTHING))
    _, ended, step = glance(folder)
    assert ended is not None
    assert (ended.state, step) == ("stopped", 3)
