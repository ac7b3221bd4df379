"""A teacher chosen as a file stays with the run, which answers and goes on though the file be moved, changed or deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from studio.core.arrays import read_arrays
from studio.core.errors import StudioError
from studio.events import EpochDone, Event, RunStarted
from studio.experiment import Experiment, validated
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import load_network, save_network
from studio.runs.inspect.asked_model import ModelAnswer
from studio.runs.inspect.inspector import Inspector
from studio.runs.inspect.trial import FromTestPart, try_out
from studio.runs.launch import launch, resume
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.data.picture_folders import classes

CLASSES = ("cat", "dog")
#: Ways to keep a ResNet-8: as the studio writes it, and as other programs do.
ENDINGS = (".safetensors", ".pth")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return classes(tmp_path / "pictures", *CLASSES, count=6)


def teacher_file(folder: Path, ending: str) -> Path:
    """A ResNet-8, made up, as a person has it."""
    folder.mkdir(exist_ok=True)
    file = folder / f"mine{ending}"
    network = build_network("resnet-8", Input((3, 32, 32), (0.5,) * 3, (0.25,) * 3), CLASSES, 1)
    if ending == ".safetensors":
        save_network(network, file)
    else:
        torch.save({"state_dict": network.body.state_dict()}, file)
    return file


def experiment(pictures: Path, file: Path, **training: Any) -> Experiment:
    return validated(
        {
            "dataset": {"key": "images", "path": str(pictures), "size": 32},
            "teacher": {"key": "resnet-8", "source": f"file:{file}"},
            "student": {"key": "cnn-4"},
            "method": {"key": "at"},
            "training": {"epochs": 2, "batch_size": 5, "device": "cpu", **training},
        }
    )


def stopped(asked: Experiment, workspace: Workspace, kind: type[Event]) -> RunInfo:
    """The run of ``asked``, stopped at the first event of ``kind``."""
    control = Control()

    def stop(event: Event) -> None:
        if type(event) is kind:
            control.stop()

    return launch(asked, workspace, stop, control)


def weights(file: Path) -> dict[str, torch.Tensor]:
    return load_network(file).body.state_dict()


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_teacher_answers_after_its_file_is_gone(ending: str, pictures: Path, tmp_path: Path) -> None:
    file = teacher_file(tmp_path / "theirs", ending)
    expected = teacher_file(tmp_path / "again", ".safetensors")
    workspace = Workspace(tmp_path / "workspace")
    info = launch(experiment(pictures, file, epochs=1), workspace)
    file.unlink()
    assert sorted(each.name for each in info.folder.glob("*teacher*")) == ["teacher.safetensors"]
    assert info.files.keys() == {"student.safetensors", "teacher.safetensors", "predictions.npz"}
    kept, before = weights(info.places.teacher), weights(expected)
    assert all(torch.equal(kept[name], value) for name, value in before.items())
    inspector = Inspector(workspace)
    seats = inspector.overview(info.id).seats
    trial = try_out(inspector, info.id, FromTestPart(0), {"teacher": seats["teacher"]}, lambda: False)
    answered = trial.answers["teacher"]
    assert isinstance(answered, ModelAnswer)
    assert answered.answer.maps
    tested = torch.from_numpy(read_arrays(info.places.predictions)["teacher"])[0].float()
    assert answered.answer.probabilities == pytest.approx(tested.softmax(0).tolist(), abs=1e-4)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", [RunStarted, EpochDone])
def test_a_stopped_run_goes_on_bit_for_bit_without_the_file(
    kind: type[Event], ending: str, pictures: Path, tmp_path: Path
) -> None:
    file = teacher_file(tmp_path / "theirs", ending)
    workspace = Workspace(tmp_path / "workspace")
    whole = launch(experiment(pictures, file), workspace)
    broken = stopped(experiment(pictures, file), workspace, kind)
    assert broken.state == "stopped"
    file.unlink()
    after = weights(resume(workspace, broken.id).places.student)
    assert all(torch.equal(value, after[name]) for name, value in weights(whole.places.student).items())


def test_a_file_that_is_written_anew_does_not_change_the_teacher(pictures: Path, tmp_path: Path) -> None:
    file = teacher_file(tmp_path / "theirs", ".safetensors")
    content = file.read_bytes()
    broken = stopped(experiment(pictures, file), Workspace(tmp_path / "workspace"), EpochDone)
    with file.open("r+b") as stream:
        stream.write(b"nothing")
    assert resume(Workspace(tmp_path / "workspace"), broken.id).state == "finished"
    assert broken.places.teacher.read_bytes() == content


def test_a_run_that_has_no_copy_says_that_the_file_is_gone(pictures: Path, tmp_path: Path) -> None:
    file = teacher_file(tmp_path / "theirs", ".safetensors")
    broken = stopped(experiment(pictures, file), Workspace(tmp_path / "workspace"), EpochDone)
    broken.places.teacher.unlink()
    file.unlink()
    with pytest.raises(StudioError, match="can no longer be read"):
        resume(Workspace(tmp_path / "workspace"), broken.id)
