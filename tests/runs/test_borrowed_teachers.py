"""Teachers that come from elsewhere: published weights, and files that other programs have saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from studio.core.errors import StudioError
from studio.events import Event, Notice, Progress, RunStarted
from studio.experiment import Experiment, validated
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import load_network
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.data.file_server import serving
from tests.data.picture_folders import classes, save
from tests.networks.zoo.published_by_server import KEY, made_up, publish


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return classes(tmp_path / "pictures", "cat", "dog", count=6)


def experiment(pictures: Path, teacher: dict[str, Any], method: str = "kd", **tables: Any) -> Experiment:
    return validated(
        {
            "dataset": {"key": "images", "path": str(pictures), "size": 32},
            "teacher": teacher,
            "student": {"key": "cnn-4"},
            "method": {"key": method},
            "training": {"epochs": 1, "batch_size": 5, "device": "cpu"},
            **tables,
        }
    )


def weights(key: str, tmp_path: Path, names: int, **beside: object) -> Path:
    """A checkpoint of another program, made up."""
    source = Input((3, 32, 32), (0.0,) * 3, (1.0,) * 3)
    state = build_network(key, source, tuple(map(str, range(names))), 1).body.state_dict()
    torch.save({"state_dict": state, **beside}, tmp_path / "theirs.pth")
    return tmp_path / "theirs.pth"


def test_published_weights_are_downloaded_told_and_kept_with_the_run(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Event] = []
    with serving(made_up()[1]) as server:
        publish(server, tmp_path, monkeypatch)
        info = launch(
            experiment(pictures, {"key": KEY, "source": "pretrained"}, "at"), Workspace(tmp_path), told.append
        )
    assert info.state == "finished"
    assert any("Downloading" in str(event.words) for event in told if isinstance(event, Progress))
    assert load_network(info.places.teacher).classes[0] == "tench"


def test_a_download_can_be_stopped(pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control = Control()

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and "Downloading" in str(event.words):
            control.stop()

    with serving(made_up()[1]) as server:
        publish(server, tmp_path, monkeypatch)
        asked = experiment(pictures, {"key": KEY, "source": "pretrained"}, "at")
        assert launch(asked, Workspace(tmp_path), stop, control).state == "stopped"


def test_a_network_nobody_publishes_is_refused_before_anything_begins(pictures: Path, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="Nobody publishes"):
        launch(experiment(pictures, {"key": "cnn-8", "source": "pretrained"}), Workspace(tmp_path))
    assert not Workspace(tmp_path).runs()


@pytest.mark.parametrize(
    ("names", "beside", "asked", "known"),
    [
        (2, {}, "", ("cat", "dog")),
        (2, {"classes": ["dog", "cat"]}, "", ("dog", "cat")),
        (2, {"classes": ["x", "y"]}, "dog, cat", ("dog", "cat")),
        (3, {}, "cat, dog, bird", ("cat", "dog", "bird")),
    ],
)
def test_the_classes_of_a_file_come_from_a_person_the_file_or_the_data(
    names: int, beside: dict[str, Any], asked: str, known: tuple[str, ...], pictures: Path, tmp_path: Path
) -> None:
    file = weights("resnet-8", tmp_path, names, **beside)
    teacher = {"key": "resnet-8", "source": f"file:{file}", "classes": asked}
    heard: list[Event] = []
    method = "kd" if set(known) == {"cat", "dog"} else "at"
    info = launch(experiment(pictures, teacher, method), Workspace(tmp_path), heard.append)
    assert info.state == "finished"
    (started,) = (event for event in heard if isinstance(event, RunStarted))
    assert (started.teacher_accuracy is not None) == (method == "kd")


@pytest.mark.parametrize(
    ("asked", "words"), [("", "names no classes, the data have 2, and it answers for 3"), ("a, b", "not as many")]
)
def test_classes_nobody_says_are_asked_for(asked: str, words: str, pictures: Path, tmp_path: Path) -> None:
    teacher = {"key": "resnet-8", "source": f"file:{weights('resnet-8', tmp_path, 3)}", "classes": asked}
    with pytest.raises(StudioError, match=words) as caught:
        launch(experiment(pictures, teacher), Workspace(tmp_path))
    assert caught.value.place == "teacher.classes"


def test_weights_of_another_network_name_the_layers_that_differ(pictures: Path, tmp_path: Path) -> None:
    teacher = {"key": "resnet-14", "source": f"file:{weights('resnet-8', tmp_path, 2)}"}
    with pytest.raises(StudioError, match=r"Missing: group1\.1\.conv1\.weight"):
        launch(experiment(pictures, teacher), Workspace(tmp_path))


def test_a_teacher_that_is_worse_than_the_student_alone_is_said_before_it_teaches(tmp_path: Path) -> None:
    for name, colour in (("cat", (200, 20, 20)), ("dog", (20, 20, 200))):
        for number in range(8):
            save(tmp_path / "pictures" / name / f"{number}.png", (*colour[:1], number, *colour[2:]))
    file = weights("resnet-8", tmp_path, 2)
    content = torch.load(file, weights_only=True)
    content["state_dict"]["fc.weight"].zero_()  # it answers the same whatever it sees: half of it is wrong
    torch.save(content, file)
    heard: list[Event] = []
    asked = experiment(
        tmp_path / "pictures",
        {"key": "resnet-8", "source": f"file:{file}"},
        references={"alone": True},
        training={"epochs": 20, "batch_size": 4, "device": "cpu", "optimizer": {"lr": 0.02}},
    )
    info = launch(asked, Workspace(tmp_path / "workspace"), heard.append)
    assert info.alone_reference is not None
    assert info.alone_reference.value > 0.5
    mine = [event for event in heard if event.run == info.id]
    place = next(place for place, event in enumerate(mine) if isinstance(event, RunStarted))
    said = mine[place + 1]
    assert isinstance(said, Notice)
    assert "The teacher is worse than the student alone" in str(said.what)
