"""What a run keeps is not used again once it is damaged."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
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
    second = launch(experiment("logits"), workspace, told)
    assert second.state == "finished"
    assert second.references[role] != damaged.id
    assert workspace.run(second.references[role]).state == "finished"
    warnings = [str(event.what) for event in told.of(Notice) if event.level == "warning"]
    assert len(warnings) == 1
    assert damaged.id in warnings[0]
    assert "damaged" in warnings[0]


def test_the_one_trained_anew_is_used_from_then_on(workspace: Workspace, session: FakeSession, first: RunInfo) -> None:
    flip_a_bit(workspace.run(first.references["teacher"]).places.student)
    second, third = launch(experiment("logits"), workspace), launch(experiment("fitnet"), workspace)
    assert third.references["teacher"] == second.references["teacher"]


def test_answers_that_are_damaged_are_not_compared_with(
    workspace: Workspace, session: FakeSession, first: RunInfo
) -> None:
    flip_a_bit(workspace.run(first.references["alone"]).places.predictions)
    second = launch(experiment("logits"), workspace)
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


def forget_sums(info: RunInfo) -> None:
    """As a version that recorded none wrote the summary."""
    summary = json.loads(info.places.summary.read_text(encoding="utf-8"))
    parent = summary.pop("parent")
    del summary["files"], summary["role"]
    info.places.summary.write_text(json.dumps({**summary, "asked_by": parent}), encoding="utf-8")


def test_old_references_are_measured_once_and_given_sums_and_roles(
    workspace: Workspace, session: FakeSession, first: RunInfo
) -> None:
    for run in first.references.values():
        forget_sums(workspace.run(run))
    second = launch(experiment("logits"), workspace)
    assert second.references == first.references
    for role, run in first.references.items():
        info = workspace.run(run)
        assert info.files == digests(info.places)
        assert (info.role, info.parent) == (role, first.id)


def test_an_old_teacher_that_is_not_what_was_recorded_is_trained_anew(
    workspace: Workspace, session: FakeSession, first: RunInfo
) -> None:
    old = workspace.run(first.references["teacher"])
    forget_sums(old)
    session.accuracies = (0.6, *session.accuracies[1:])
    told = Told()
    second = launch(experiment("logits"), workspace, told)
    assert second.state == "finished"
    assert second.references["teacher"] != old.id
    assert second.teacher_reference is not None
    assert second.teacher_reference.value == pytest.approx(0.6)
    (warning,) = [str(event.what) for event in told.of(Notice) if event.level == "warning"]
    assert old.id in warning
    assert "90.0 % were recorded" in warning
    assert not workspace.run(old.id).files


def test_old_answers_that_are_not_what_was_recorded_are_not_compared_with(
    workspace: Workspace, session: FakeSession, first: RunInfo
) -> None:
    old = workspace.run(first.references["alone"])
    forget_sums(old)
    arrays = dict(np.load(old.places.predictions))
    arrays["student"] = np.roll(arrays["student"], 1, axis=1)
    np.savez(old.places.predictions, **arrays)
    assert launch(experiment("logits"), workspace).references["alone"] != old.id
