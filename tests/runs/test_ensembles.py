"""Finished runs whose answers are averaged: measured as a row of their own, and as a teacher."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio.core.arrays import read_arrays
from studio.core.errors import StudioError
from studio.experiment import Experiment, load, to_toml, validated
from studio.methods import ensemble_probabilities
from studio.networks.files import load_network
from studio.runs.ensembles import ensemble_experiment
from studio.runs.launch import launch, resume
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.training.control import Control


def alone(seed: int, dataset: str = "moons", student: str = "mlp-8-8") -> Experiment:
    return validated(
        {
            "seed": seed,
            "dataset": {"key": dataset},
            "teacher": {"key": student},
            "student": {"key": student},
            "method": {"key": "none"},
            "training": {"epochs": 2, "batch_size": 64},
        }
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, list[RunInfo]]:
    """Three runs that learnt from points; tests leave them as they are."""
    workspace = Workspace(tmp_path_factory.mktemp("trained"))
    return workspace, [launch(alone(seed, student="mlp-20-20" if seed else "mlp-8-8"), workspace) for seed in range(3)]


def taught(members: list[str], method: str = "kd", **teacher: Any) -> Experiment:
    return validated(
        {
            "dataset": {"key": "moons"},
            "teacher": {"source": "ensemble", "members": members, **teacher},
            "student": {"key": "mlp-8-8"},
            "method": {"key": method},
            "training": {"epochs": 1, "batch_size": 64},
        }
    )


@pytest.mark.parametrize("mean", ["probabilities", "logits"])
def test_it_is_measured_without_training(trained: tuple[Workspace, list[RunInfo]], mean: Any) -> None:
    workspace, runs = trained
    info = launch(ensemble_experiment(runs, mean), workspace)
    stored = [read_arrays(run.places.predictions) for run in runs]
    logits = torch.stack([torch.from_numpy(arrays["student"]) for arrays in stored])
    expected = ensemble_probabilities(logits) if mean == "probabilities" else logits.mean(0).softmax(1)
    answers = torch.from_numpy(read_arrays(info.places.predictions)["student"]).softmax(1)
    torch.testing.assert_close(answers, expected, atol=1e-5, rtol=1e-4)
    hits = expected.numpy().argmax(1) == stored[0]["labels"]
    assert info.test_accuracy == pytest.approx(float(np.mean(hits)))
    assert (info.state, info.seed, info.resumable) == ("finished", 0, False)
    assert "nothing was trained" in str(info.sentence)
    assert info.parameters["student"] == sum(run.parameters["student"] for run in runs)


def test_it_teaches_like_any_network(trained: tuple[Workspace, list[RunInfo]]) -> None:
    workspace, runs = trained
    info = launch(taught([f"run:{run.id}" for run in runs]), workspace)
    teacher = load_network(info.places.teacher)
    assert teacher.key == "mean-probabilities(mlp-8-8+mlp-20-20+mlp-20-20)"
    assert info.teacher_title == "Mean of MLP 8-8, 2 × MLP 20-20"
    measured = launch(ensemble_experiment(runs), workspace)
    assert info.teacher_reference is not None
    assert info.teacher_reference.value == measured.test_accuracy


def test_a_measured_ensemble_can_teach_as_a_run(trained: tuple[Workspace, list[RunInfo]]) -> None:
    workspace, runs = trained
    measured = launch(ensemble_experiment(runs[:2]), workspace)
    experiment = taught([], source=f"run:{measured.id}", key="mlp-8-8")
    info = launch(experiment, workspace)
    assert load_network(info.places.teacher).key == measured.student == "mean-probabilities(mlp-8-8+mlp-20-20)"


def test_what_is_written_down_can_be_read_back(trained: tuple[Workspace, list[RunInfo]], tmp_path: Path) -> None:
    workspace, runs = trained
    info = launch(taught([run.id[:-1] for run in runs], mean="logits"), workspace)
    again = info.experiment
    assert again.teacher.members == tuple(f"run:{run.id}" for run in runs)
    assert again.teacher.mean == "logits"
    file = tmp_path / "again.toml"
    file.write_text(to_toml(again), encoding="utf-8")
    assert load(file) == again


def test_methods_that_look_inside_refuse_it(trained: tuple[Workspace, list[RunInfo]]) -> None:
    workspace, runs = trained
    with pytest.raises(StudioError, match="shows only its answers"):
        launch(taught([run.id for run in runs], method="ab"), workspace)


def test_too_few_members_are_refused() -> None:
    with pytest.raises(StudioError, match="two members or more"):
        taught(["run:one"])
    with pytest.raises(StudioError, match="Only an ensemble has members"):
        taught(["run:one", "run:two"], source="train", key="mlp-8-8")


def test_members_that_do_not_serve_are_told(trained: tuple[Workspace, list[RunInfo]], tmp_path: Path) -> None:
    _, runs = trained
    workspace = Workspace(tmp_path / "own")
    first, other = launch(alone(0), workspace), launch(alone(0, dataset="rings"), workspace)
    count = len(workspace.runs())
    with pytest.raises(StudioError, match=f"no run “{runs[0].id}”"):
        launch(taught([first.id, runs[0].id]), workspace)
    with pytest.raises(StudioError, match="named twice"):
        launch(taught([first.id, first.id]), workspace)
    with pytest.raises(StudioError, match="different data"):
        ensemble_experiment([first, other])
    data = bytearray(other.places.student.read_bytes())
    data[-3] ^= 0x10
    other.places.student.write_bytes(data)
    with pytest.raises(StudioError, match="damaged"):
        launch(taught([first.id, other.id]), workspace)
    assert len(workspace.runs()) == count  # nothing was begun


def test_an_ensemble_is_no_member_of_another(trained: tuple[Workspace, list[RunInfo]]) -> None:
    workspace, runs = trained
    measured = launch(ensemble_experiment(runs[:2]), workspace)
    with pytest.raises(StudioError, match="Choose its members instead"):
        launch(taught([measured.id, runs[2].id]), workspace)


def test_stopped_before_it_is_measured_it_can_be_gone_on_with(trained: tuple[Workspace, list[RunInfo]]) -> None:
    workspace, runs = trained
    control = Control()
    control.stop()
    info = launch(ensemble_experiment(runs[1:]), workspace, control=control)
    assert (info.state, info.reached) == ("stopped", None)
    assert resume(workspace, info.id).test_accuracy is not None


def test_what_two_runs_kept_alike_does_not_count_twice(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    twins = [launch(alone(0), workspace) for _ in range(2)]
    with pytest.raises(StudioError, match="keep the same network"):
        launch(ensemble_experiment(twins), workspace)
