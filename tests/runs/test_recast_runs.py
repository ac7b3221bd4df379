"""What a recasting has made is a network like others: exported, a teacher, and recast again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from studio.experiment import validated
from studio.networks.files import load_network
from studio.runs.exports.network_file import export_network
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace

RECAST: dict[str, Any] = {"key": "recast", "settings": {"target": "conv", "ratio": 0.5}}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("recast"))


def trained(workspace: Workspace, method: dict[str, Any], teacher: dict[str, Any], student: str) -> RunInfo:
    tables = {
        "dataset": {"key": "digits", "per_class": 5},
        "teacher": teacher,
        "student": {"key": student},
        "method": method,
        "training": {"epochs": 4, "batch_size": 25},
    }
    return launch(validated(tables), workspace)


@pytest.fixture(scope="module")
def recast(workspace: Workspace) -> RunInfo:
    return trained(workspace, RECAST, {"key": "cnn-8", "epochs": 1}, "recast")


def test_it_is_exported_and_answers_alone(recast: RunInfo, tmp_path: Path) -> None:
    export_network(recast, tmp_path / "small.safetensors")
    alone, kept = load_network(tmp_path / "small.safetensors").eval(), load_network(recast.places.student).eval()
    assert alone.blocks == kept.blocks
    pictures = torch.rand(3, *kept.source.shape)
    assert torch.equal(alone(pictures), kept(pictures))


@pytest.mark.parametrize("source", ["run", "file"])
def test_it_teaches(recast: RunInfo, workspace: Workspace, tmp_path: Path, source: str) -> None:
    named = f"run:{recast.id}"
    if source == "file":
        export_network(recast, tmp_path / "small.safetensors")
        named = f"file:{tmp_path / 'small.safetensors'}"
    taught = trained(workspace, {"key": "kd"}, {"key": recast.student, "source": named}, "cnn-4")
    assert taught.state == "finished"
    assert taught.teacher_reference is not None
    assert recast.reached is not None
    assert taught.teacher_reference.value == pytest.approx(recast.reached.value)


def test_it_is_recast_again(recast: RunInfo, workspace: Workspace) -> None:
    again = trained(workspace, RECAST, {"key": recast.student, "source": f"run:{recast.id}"}, "recast")
    assert again.state == "finished"
    first, second = (load_network(run.places.student) for run in (recast, again))
    widths = [[block.width for block in net.blocks if block.kind == "conv"] for net in (first, second)]
    assert widths[1] == [width // 2 for width in widths[0]]
    assert second.key.count("recast:") == 2
