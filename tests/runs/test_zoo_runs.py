"""Networks of other libraries in runs: they teach, learn, are gone on with bit for bit, and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.events import Event
from studio.experiment import validated
from studio.networks.files import load_network
from studio.runs.exports.network_file import export_network
from studio.runs.launch import launch, resume
from studio.runs.store.workspace import Workspace
from studio.training import checkpointer
from tests.data.picture_folders import classes


class Killed(BaseException):
    """Stands for the process ending here and now."""


def test_a_pair_of_them_trains_is_gone_on_with_bit_for_bit_and_is_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpointer, "LEAST", 0.0)
    monkeypatch.setattr(checkpointer, "MOST", 0.0)
    experiment = validated(
        {
            "dataset": {
                "key": "images",
                "path": str(classes(tmp_path / "pictures", "cat", "dog", count=8)),
                "size": 32,
            },
            "teacher": {"key": "torchvision:shufflenet_v2_x0_5", "epochs": 1},
            "student": {"key": "torchvision:mnasnet0_5"},  # it drops units: chance is part of its training
            "method": {"key": "kd", "also": [{"key": "fitnet"}]},
            "training": {"epochs": 2, "batch_size": 6, "device": "cpu", "optimizer": {"lr": 0.001}},
        }
    )
    workspace = Workspace(tmp_path / "workspace")
    whole = launch(experiment, workspace)

    def kill(event: Event) -> None:
        if event.kind == "checkpoint" and event.step == 2:
            raise Killed

    with pytest.raises(Killed):
        launch(experiment, workspace, kill)
    killed = next(run for run in workspace.runs() if run.state != "finished")
    again = resume(workspace, killed.id)
    assert again.state == "finished"
    files = [export_network(run, tmp_path / f"{number}.safetensors") for number, run in enumerate((whole, again))]
    first, second = map(load_network, files)
    assert first.key == "torchvision:mnasnet0_5"
    states = first.state_dict(), second.state_dict()
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
