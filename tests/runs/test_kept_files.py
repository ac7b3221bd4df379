"""What a run keeps is not used again once it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.core.errors import StudioError
from studio.events import Notice
from studio.runs.files.digests import digests
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from tests.runs.fake_session import FakeSession, Told, experiment


def flip_a_bit(file: Path) -> None:
    """In the middle of the weights, where it is a bit of an exponent or of a mantissa, and the file can be read as before."""
    content = bytearray(file.read_bytes())
    content[-3] ^= 0x40
    file.unlink()  # it may be linked into the folder of another run
    file.write_bytes(content)


@pytest.fixture
def first(workspace: Workspace, session: FakeSession) -> RunInfo:
    return launch(experiment(), workspace)


def test_a_run_records_what_it_kept(workspace: Workspace, first: RunInfo) -> None:
    assert set(first.files) == {"student.safetensors", "teacher.safetensors", "predictions.npz"}
    assert first.files == digests(first.places)


@pytest.mark.parametrize("role", ["teacher", "alone"])
def test_a_damaged_reference_is_told_and_trained_anew(
    workspace: Workspace, session: FakeSession, first: RunInfo, role: str
) -> None:
    damaged = workspace.run(first.references[role])
    flip_a_bit(damaged.places.student)
    told = Told()
    second = launch(experiment("at"), workspace, told)
    assert second.state == "finished"
    assert second.references[role] != damaged.id
    assert workspace.run(second.references[role]).state == "finished"
    warnings = [str(event.what) for event in told.of(Notice) if event.level == "warning"]
    assert len(warnings) == 1
    assert damaged.id in warnings[0]
    assert "damaged" in warnings[0]


def test_the_one_trained_anew_is_used_from_then_on(workspace: Workspace, session: FakeSession, first: RunInfo) -> None:
    flip_a_bit(workspace.run(first.references["teacher"]).places.student)
    second, third = launch(experiment("at"), workspace), launch(experiment("fitnet"), workspace)
    assert third.references["teacher"] == second.references["teacher"]


def test_answers_that_are_damaged_are_not_compared_with(
    workspace: Workspace, session: FakeSession, first: RunInfo
) -> None:
    flip_a_bit(workspace.run(first.references["alone"]).places.predictions)
    second = launch(experiment("at"), workspace)
    assert second.references["alone"] != first.references["alone"]
    assert second.gap is not None


def test_a_teacher_from_a_run_that_is_damaged_is_refused_in_words(
    workspace: Workspace, session: FakeSession, first: RunInfo
) -> None:
    flip_a_bit(first.places.student)
    before = len(workspace.runs())
    with pytest.raises(StudioError, match="cannot teach") as told:
        launch(experiment(teacher={"source": f"run:{first.id}"}), workspace)
    assert "damaged" in str(told.value.why)
    assert len(workspace.runs()) == before
