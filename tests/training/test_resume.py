"""A run that was killed goes on bit for bit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.events import CheckpointSaved, EpochDone, Event, Resumed
from studio.networks.files import load_network
from studio.training import checkpointer
from studio.training.control import Control
from studio.training.stage_loop import StageLoop
from tests.training.small_runs import Run, small


class Killed(BaseException):
    """Stands for the process ending here and now."""


@pytest.fixture(autouse=True)
def _save_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpointer, "LEAST", 0.0)
    monkeypatch.setattr(checkpointer, "MOST", 0.0)


#: Steps behind which a run is killed: in the first epoch, before its last step and behind it, and before the end.
KILLS = (1, 4, 5, 11)


@pytest.mark.parametrize("method", ["kd", "fitnet", "ab", "ft", "composed"])
def test_resuming_is_bit_exact(run: Run, tmp_path: Path, method: str) -> None:
    """One run is killed at one step after the other, and gone on with each time."""
    experiment = small(method, training={"epochs": 4})
    whole, _ = run(experiment, folder=tmp_path / "whole")
    last = 0
    for at in KILLS:

        def kill(event: Event, at: int = at, last: int = last) -> None:
            if isinstance(event, Resumed):
                assert event.step == last
            if event.kind == "checkpoint" and event.step == at:
                raise Killed

        with pytest.raises(Killed):
            run(experiment, folder=tmp_path / "killed", resume=last > 0, listen=kill)
        last = at
    outcome, told = run(experiment, folder=tmp_path / "killed", resume=True)
    assert told.of(Resumed)[0].step == last
    assert outcome.student_accuracy == whole.student_accuracy
    first = load_network(tmp_path / "whole" / "student.safetensors").state_dict()
    second = load_network(tmp_path / "killed" / "student.safetensors").state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_resuming_a_run_that_never_saved_starts_it(run: Run, tmp_path: Path) -> None:
    outcome, told = run(small(), folder=tmp_path / "r", resume=True)
    assert outcome.state == "finished"
    assert not told.of(Resumed)


CHOOSING = {
    "dataset": {"key": "digits", "per_class": 10, "validation": 0.2},
    "training": {"epochs": 8, "batch_size": 16, "keep": "best", "patience": 2},
}


def _stretches(told: list[Event]) -> list[tuple[int, float | None]]:
    return [(event.step, event.validation_accuracy) for event in told if isinstance(event, EpochDone)]


@pytest.mark.parametrize("at", [4, 5, 10])
def test_a_stop_at_the_end_of_an_epoch_loses_no_choice(run: Run, tmp_path: Path, at: int) -> None:
    """Epochs are five steps here: a stop asked for during the fifth still weighs that epoch."""
    experiment = small("none", **CHOOSING)
    whole, told = run(experiment, folder=tmp_path / "whole")
    control = Control()
    step = StageLoop.step

    def stopping(loop: StageLoop, number: int) -> None:
        step(loop, number)
        if number + 1 == at:
            control.stop()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(StageLoop, "step", stopping)
        _, first = run(experiment, folder=tmp_path / "stopped", control=control)
    outcome, rest = run(experiment, folder=tmp_path / "stopped", resume=True)
    assert _stretches([*first, *rest]) == _stretches(told)
    assert (outcome.steps, outcome.kept, outcome.state) == (whole.steps, whole.kept, whole.state)


def test_a_run_killed_when_its_patience_was_over_ends_there(run: Run, tmp_path: Path) -> None:
    experiment = small(
        "none", **{**CHOOSING, "training": {"epochs": 30, "patience": 1, "optimizer": {"key": "sgd", "lr": 1e-9}}}
    )
    whole, _ = run(experiment, folder=tmp_path / "whole")
    assert whole.state == "early_stop"

    def kill(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step == whole.steps and not event.best:
            raise Killed

    with pytest.raises(Killed):
        run(experiment, folder=tmp_path / "killed", listen=kill)
    outcome, _ = run(experiment, folder=tmp_path / "killed", resume=True)
    assert (outcome.state, outcome.steps) == ("early_stop", whole.steps)
