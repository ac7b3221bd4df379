"""Finished runs averaged where a tree or another model that is no network is among them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.core.arrays import read_arrays
from studio.core.errors import StudioError
from studio.experiment import Experiment, validated
from studio.models.average_model import AverageModel, average_of
from studio.models.files import load_model
from studio.runs.ensembles import ensemble_experiment, member_runs
from studio.runs.exports.network_file import export_network
from studio.runs.inspect.asked_model import AskedModel
from studio.runs.inspect.inspector import Inspector
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace

SMALL = {"epochs": 2, "batch_size": 40}


def learner(key: str, procedure: str, **settings: Any) -> Experiment:
    return validated(
        {
            "dataset": {"key": "iris"},
            "teacher": {"key": "boosted-trees"},
            "student": {"key": key},
            "method": {"key": procedure, "settings": settings},
        }
    )


def network(seed: int = 0, **dataset: Any) -> Experiment:
    return validated(
        {
            "seed": seed,
            "dataset": {"key": "iris", **dataset},
            "teacher": {"key": "mlp-8"},
            "student": {"key": "mlp-8"},
            "method": {"key": "none"},
            "training": SMALL,
        }
    )


def taught(method: str = "kd", **teacher: Any) -> Experiment:
    return validated(
        {
            "dataset": {"key": "iris"},
            "teacher": teacher,
            "student": {"key": "mlp-8"},
            "method": {"key": method},
            "training": SMALL,
        }
    )


Trained = tuple[Workspace, list[RunInfo]]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """One tree, trees that vote, and a network, of the same rows; tests leave them as they are."""
    workspace = Workspace(tmp_path_factory.mktemp("trained"))
    voting = learner("boosted-trees", "fit_trees", how="boosted-trees", trees=3)
    return workspace, [launch(one, workspace) for one in (learner("tree", "fit_cart"), voting, network())]


def log_mean(runs: list[RunInfo]) -> np.ndarray:
    """The mean of the probabilities that runs stored, (N, K)."""
    logits = np.stack([read_arrays(run.places.predictions)["student"] for run in runs]).astype(np.float64)
    powers = np.exp(logits - logits.max(2, keepdims=True))
    shares: np.ndarray = (powers / powers.sum(2, keepdims=True)).mean(0)
    return shares


@pytest.mark.parametrize("members", [[0, 1], [1, 2], [2, 0, 1]])
def test_it_answers_with_the_mean_of_what_its_members_answered(trained: Trained, members: list[int]) -> None:
    workspace, everyone = trained
    runs = [everyone[number] for number in members]
    info = launch(ensemble_experiment(member_runs([run.id for run in runs], workspace, "RUN")), workspace)
    assert (info.state, info.members) == ("finished", tuple(run.id for run in runs))
    assert info.student_title.startswith("Mean of ")
    stored = read_arrays(info.places.predictions)
    np.testing.assert_allclose(np.exp(stored["student"]), log_mean(runs), atol=1e-5)
    assert info.test_accuracy == pytest.approx(float((log_mean(runs).argmax(1) == stored["labels"]).mean()))
    assert "nothing was trained" in str(info.sentence)


def test_it_teaches_as_the_ensemble_of_its_members_and_as_a_run(trained: Trained) -> None:
    workspace, runs = trained
    measured = launch(ensemble_experiment(runs[:2], "logits"), workspace)
    by_members = taught(source="ensemble", members=[run.id for run in runs[:2]], mean="logits")
    for experiment in (by_members, taught(source=f"run:{measured.id}", key=measured.student)):
        info = launch(experiment, workspace)
        assert info.state == "finished"
        assert info.teacher_title == measured.student_title == "Mean of One tree, Boosted trees"
        assert info.teacher_reference is not None
        assert info.teacher_reference.value == pytest.approx(measured.test_accuracy)


def test_its_file_answers_alone_and_it_can_be_tried(trained: Trained, tmp_path: Path) -> None:
    workspace, runs = trained
    info = launch(ensemble_experiment(runs), workspace)
    exported = export_network(info, tmp_path / "together")
    model = load_model(exported)
    assert isinstance(model, AverageModel)
    assert [member.key for member in model.members] == ["tree", "boosted-trees", "mlp-8"]
    inspector = Inspector(workspace)
    example = inspector.test_example(info.id, 0)
    told = inspector.answer(AskedModel(info.id), info.id, example)
    expected = np.exp(read_arrays(info.places.predictions)["student"][0])
    np.testing.assert_allclose(told.answer.probabilities, expected, atol=1e-5)
    model.save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == exported.read_bytes()


@pytest.mark.parametrize(("method", "reason"), [("at", "shows only its answers"), ("jacobian", "has no gradient")])
def test_methods_that_look_inside_or_ask_for_gradients_refuse_it(trained: Trained, method: str, reason: str) -> None:
    workspace, runs = trained
    with pytest.raises(StudioError, match=reason):
        launch(taught(method, source="ensemble", members=[run.id for run in runs[:2]]), workspace)


def test_members_of_other_rows_are_refused_with_the_reason(trained: Trained) -> None:
    workspace, runs = trained
    half = launch(network(fraction=0.5), workspace)
    with pytest.raises(StudioError, match="reads rows by the ranges of its own"):
        launch(ensemble_experiment([runs[0], half]), workspace)
    assert launch(ensemble_experiment([runs[2], half]), workspace).state == "finished"  # networks read either


def test_one_within_another_is_refused(trained: Trained) -> None:
    workspace, runs = trained
    info = launch(ensemble_experiment(runs[:2]), workspace)
    with pytest.raises(StudioError, match="is an ensemble itself"):
        member_runs([info.id, runs[2].id], workspace, "RUN")
    inner = load_model(info.places.student)
    with pytest.raises(StudioError, match="cannot be a member of another"):
        average_of([inner, inner])
