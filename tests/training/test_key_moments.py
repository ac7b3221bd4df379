"""Agreement is reported before the first step, when the student has copied, and at the end, exactly there."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch

from studio.events import CheckpointSaved, Event, RunStarted, Snapshot
from studio.insight.snapshot_taker import SnapshotTaker
from studio.networks.files import load_network
from studio.training.control import Control
from studio.training.stage_loop import StageLoop
from tests.training.small_runs import Run, Told, small

GROUPS = ("group1", "group2", "group3")
#: Copies behind connectors; then, beside the labels, behind others of its own.
TWO_CONNECTORS: dict[str, Any] = {"key": "ab", "also": [{"key": "ofd"}]}


class Killed(BaseException):
    """Stands for the process ending here and now."""


def reported(told: list[Event]) -> dict[str, Snapshot]:
    """By moment the snapshot that reported it last."""
    snapshots = [event for event in told if isinstance(event, Snapshot)]
    return {moment: snapshot for snapshot in snapshots for moment in snapshot.moments}


def end_of_copying(told: Told) -> int:
    """The step at which the last stage without labels is over."""
    started = next(event for event in told if isinstance(event, RunStarted))
    return max(band.end for band in started.plan if not band.labels)


@pytest.mark.parametrize("method", ["ab", "fitnet", TWO_CONNECTORS])
def test_a_method_that_copies_first_reports_after_it_and_at_the_end(run: Run, method: str | dict[str, Any]) -> None:
    outcome, told = run(small(method, training={"epochs": 4}))
    found = reported(told)
    steps = {moment: snapshot.step for moment, snapshot in found.items()}
    assert steps == {"start": 0, "copied": end_of_copying(told), "end": outcome.steps}
    for snapshot in found.values():
        assert tuple(read.group for read in snapshot.agreement) == GROUPS
        assert all(0 <= read.fitted.agreement <= 1 for read in snapshot.agreement)
    assert len({snapshot.agreement for snapshot in found.values()}) == 3


@pytest.mark.parametrize("method", ["kd", "ofd", "ft"])  # the stage that ft begins with is its paraphraser's
def test_a_method_without_a_copying_stage_reports_at_the_end_alone(run: Run, method: str) -> None:
    outcome, told = run(small(method))
    assert {moment: snapshot.step for moment, snapshot in reported(told).items()} == {"start": 0, "end": outcome.steps}


def test_a_stage_is_shown_once_behind_its_own_connectors(run: Run) -> None:
    """The next stage begins with connectors that have learnt nothing: behind those the same student agrees by chance."""
    _, told = run(small(TWO_CONNECTORS, training={"epochs": 4}))
    _, plain = run(small("ab", training={"epochs": 4}))
    snapshots = told.of(Snapshot)
    assert all(one.step < other.step for one, other in pairwise(snapshots))
    assert reported(told)["copied"].agreement == reported(plain)["copied"].agreement


def test_the_student_alone_reports_none(run: Run) -> None:
    _, told = run(small("none"))
    assert all(not snapshot.agreement for snapshot in told.of(Snapshot))


def test_a_run_that_stops_by_itself_reports_its_end(run: Run) -> None:
    patient = {"epochs": 30, "patience": 1, "optimizer": {"key": "sgd", "lr": 1e-9}}
    outcome, told = run(small("kd", dataset={"key": "digits", "per_class": 10, "validation": 0.2}, training=patient))
    assert outcome.state == "early_stop"
    assert reported(told)["end"].step == outcome.steps


def test_a_run_that_is_stopped_has_not_come_to_its_end(run: Run) -> None:
    control = Control()

    def stop(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step > 0:
            control.stop()

    outcome, told = run(small("ab", training={"epochs": 12}), control=control, listen=stop)
    assert outcome.state == "stopped"
    assert "end" not in reported(told)


def test_a_stop_in_the_last_step_of_copying_loses_nothing(run: Run, tmp_path: Path) -> None:
    experiment = small("ab", training={"epochs": 4})
    _, whole = run(experiment, folder=tmp_path / "whole")
    last, control, step = end_of_copying(whole), Control(), StageLoop.step

    def stopping(loop: StageLoop, number: int) -> None:
        step(loop, number)
        if number + 1 == last:
            control.stop()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(StageLoop, "step", stopping)
        _, first = run(experiment, folder=tmp_path / "stopped", control=control)
    _, rest = run(experiment, folder=tmp_path / "stopped", resume=True)
    for moment, snapshot in reported([*first, *rest]).items():
        assert snapshot.agreement == reported(whole)[moment].agreement


def test_a_run_killed_at_the_end_of_copying_reports_the_same_again(run: Run, tmp_path: Path) -> None:
    experiment = small(TWO_CONNECTORS, training={"epochs": 4})
    _, whole = run(experiment, folder=tmp_path / "whole")
    copied = end_of_copying(whole)

    def kill(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step == copied:
            raise Killed

    with pytest.raises(Killed):
        run(experiment, folder=tmp_path / "killed", listen=kill)
    _, told = run(experiment, folder=tmp_path / "killed", resume=True)
    for moment in ("copied", "end"):
        assert reported(told)[moment].agreement == reported(whole)[moment].agreement


@pytest.mark.parametrize("method", ["ab", "ofd", TWO_CONNECTORS])
def test_what_is_shown_changes_nothing_of_what_is_learnt(
    run: Run, tmp_path: Path, method: str | dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = small(method, student={"key": "cnn-8"}, training={"epochs": 4})
    run(experiment, folder=tmp_path / "shown")
    monkeypatch.setattr(SnapshotTaker, "take", lambda *_: {})
    run(experiment, folder=tmp_path / "unseen")
    one, other = (load_network(tmp_path / name / "student.safetensors").state_dict() for name in ("shown", "unseen"))
    assert all(torch.equal(one[name], other[name]) for name in one)
