"""What a student begins with, and how much of it is kept: in the file, checked before anything is trained, gone on with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from studio.core.errors import StudioError
from studio.events import Event, Notice
from studio.experiment import Experiment, load, to_toml, validated
from studio.networks.files import load_network
from studio.runs.files.folder import RunFolder
from studio.runs.launch import launch, resume
from studio.runs.references import fingerprint
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.runs.student_start import bring_start
from studio.systems.reference_experiments import alone_experiment, teacher_experiment
from studio.training.control import Control
from tests.training.small_runs import small

#: So slow that two steps leave the weights where they began, as far as is looked.
STILL = {"epochs": 1, "optimizer": {"key": "sgd", "lr": 1e-9}}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("start"))


@pytest.fixture(scope="module")
def first(workspace: Workspace) -> RunInfo:
    """A ResNet-8 that has learnt a little."""
    return launch(learning(), workspace)


def learning(**changes: Any) -> Experiment:
    data = {"key": "digits", "per_class": 2}
    return small("none", **{"dataset": data, "student": {"key": "resnet-8"}, "training": {"epochs": 1}, **changes})


def weights(info: RunInfo) -> dict[str, torch.Tensor]:
    return load_network(info.places.student).state_dict()


def test_it_begins_as_the_student_of_a_run_and_keeps_those_weights(workspace: Workspace, first: RunInfo) -> None:
    info = launch(learning(student={"key": "resnet-8", "init": f"run:{first.id[:-1]}"}, training=STILL), workspace)
    before, after = weights(first), weights(info)
    assert all(torch.allclose(after[name], before[name], atol=1e-5) for name in before if name.endswith("weight"))
    assert load(info.places.experiment).student.init == f"run:{first.id}"
    assert info.places.start.is_file()


def test_it_begins_with_a_file_and_is_cut(workspace: Workspace, first: RunInfo) -> None:
    student = {"key": "resnet-8", "init": f"file:{first.places.student}", "cut": 2}
    told: list[Event] = []
    info = launch(learning(student=student, training=STILL), workspace, told.append)
    before, network = weights(first), load_network(info.places.student)
    assert network.key == info.student == "cut:2:resnet-8"
    assert info.student_title == "ResNet-8 cut to 2 blocks"
    name = "body.group2.0.conv2.weight"
    assert torch.allclose(network.state_dict()[name], before[name], atol=1e-5)
    assert any("stands on another layer" in str(event.what) for event in told if isinstance(event, Notice))


def test_a_file_is_kept_with_the_run_which_goes_on_without_it(
    workspace: Workspace, first: RunInfo, tmp_path: Path
) -> None:
    file = tmp_path / "mine.safetensors"
    content = first.places.student.read_bytes()
    file.write_bytes(content)
    begun = learning(student={"key": "resnet-8", "init": f"file:{file}"}, training={"epochs": 3, "batch_size": 5})
    control = Control()

    def stop(event: Event) -> None:
        if event.kind == "epoch":
            control.stop()

    stopped = launch(begun, workspace, stop, control)
    assert stopped.places.start.read_bytes() == content
    file.unlink()
    assert resume(workspace, stopped.id).state == "finished"
    with pytest.raises(StudioError, match="can no longer be read"):
        bring_start(begun, workspace, RunFolder(tmp_path))


def test_a_stopped_run_goes_on_bit_for_bit(workspace: Workspace, first: RunInfo) -> None:
    training = {"epochs": 4, "batch_size": 5}
    begun = learning(student={"key": "resnet-8", "init": f"run:{first.id}", "cut": 2}, training=training)
    whole = launch(begun, workspace)
    control = Control()

    def stop(event: Event) -> None:
        if event.kind == "epoch":
            control.stop()

    stopped = launch(begun.model_copy(update={"name": "stopped"}), workspace, stop, control)
    assert stopped.state == "stopped"
    after = weights(resume(workspace, stopped.id))
    assert all(torch.equal(value, after[name]) for name, value in weights(whole).items())


def test_start_and_cut_decide_the_numbers_and_are_the_students_alone(first: RunInfo) -> None:
    taught = small("kd", student={"key": "resnet-8", "init": f"run:{first.id}", "cut": 2})
    assert teacher_experiment(taught).student.network == "cnn-8"
    assert teacher_experiment(taught).student.init == "random"
    alone = alone_experiment(taught)
    assert (alone.student.network, alone.student.init) == ("cut:2:resnet-8", f"run:{first.id}")
    plain = alone.model_copy(update={"student": alone.student.replaced("resnet-8")})
    uncut = alone.model_copy(update={"student": alone.student.model_copy(update={"cut": None})})
    sums = [fingerprint(each, {}, content="", start=start) for each in (alone, uncut) for start in ("a", "b")]
    assert len({*sums, fingerprint(plain, {}, content="")}) == 5
    assert fingerprint(alone, {}, content="") == ""


def test_a_path_is_relative_to_the_file_of_the_experiment(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    file.write_text(to_toml(learning(student={"key": "resnet-8", "init": "file:weights/a.safetensors"})))
    assert load(file).student.init == f"file:{tmp_path / 'weights' / 'a.safetensors'}"


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ({"key": "cnn-4", "init": "file:/no/such"}, "no file"),
        ({"key": "cnn-4", "init": "run:19990101"}, "19990101"),
        ({"key": "cnn-4", "init": "pretrained"}, "Nobody publishes any"),
        ({"key": "cnn-4", "init": "first"}, "these layers differ"),
        ({"key": "resnet-8", "cut": 3}, "Keep 1 to 2"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_trained(
    workspace: Workspace, first: RunInfo, student: dict[str, Any], words: str
) -> None:
    values = {**student, "init": f"run:{first.id}"} if student.get("init") == "first" else student
    with pytest.raises(StudioError, match=words):
        launch(learning(student=values), workspace)


@pytest.mark.parametrize(
    ("student", "method", "words"),
    [
        ({"key": "recast", "cut": 2}, "recast", "made from the teacher"),
        ({"key": "cnn-4", "init": "weights.pth"}, "none", "student.init"),
        ({"key": "cnn-4", "cut": 0}, "none", "student.cut"),
    ],
)
def test_what_makes_no_sense_is_refused_in_the_file(student: dict[str, Any], method: str, words: str) -> None:
    values = small().model_dump() | {"student": student, "method": {"key": method}}
    with pytest.raises(StudioError, match=words):
        validated(values)
