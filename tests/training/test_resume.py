"""A run that was killed goes on bit for bit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from small_runs import Run, small

import studio.training.stages as stages
from studio.events import Event, Resumed
from studio.networks.files import load_network


class Killed(BaseException):
    """Stands for the process ending here and now."""


@pytest.fixture(autouse=True)
def _save_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "LEAST", 0.0)
    monkeypatch.setattr(stages, "MOST", 0.0)


@pytest.mark.parametrize("method", ["kd", "fitnet", "ab", "ft"])
@pytest.mark.parametrize("at", [1, 4, 5, 11])
def test_resuming_is_bit_exact(run: Run, tmp_path: Path, method: str, at: int) -> None:
    experiment = small(method, training={"epochs": 4})
    whole, _ = run(experiment, folder=tmp_path / "whole")

    def kill(event: Event) -> None:
        if event.kind == "checkpoint" and event.step == at:
            raise Killed

    with pytest.raises(Killed):
        run(experiment, folder=tmp_path / "killed", listen=kill)
    outcome, told = run(experiment, folder=tmp_path / "killed", resume=True)
    assert told.of(Resumed)[0].step == at
    assert outcome.student_accuracy == whole.student_accuracy
    first = load_network(tmp_path / "whole" / "student.safetensors").state_dict()
    second = load_network(tmp_path / "killed" / "student.safetensors").state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_resuming_a_run_that_never_saved_starts_it(run: Run, tmp_path: Path) -> None:
    outcome, told = run(small(), folder=tmp_path / "r", resume=True)
    assert outcome.state == "finished"
    assert not told.of(Resumed)
