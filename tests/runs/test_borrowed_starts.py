"""Students that begin with what comes from elsewhere: published weights, and files that other programs have saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from studio.core.errors import StudioError
from studio.events import Event, Notice, Progress
from studio.experiment import Experiment, load, to_toml, validated
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import load_network
from studio.runs.launch import launch, resume
from studio.runs.references import fingerprint
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.runs.student_start import start_digest
from studio.training.control import Control
from tests.data.file_server import serving
from tests.data.picture_folders import classes
from tests.networks.zoo.published_by_server import KEY, made_up, publish

#: So slow that the weights stay where they began, as far as is looked.
STILL = {"epochs": 1, "optimizer": {"key": "sgd", "lr": 1e-9}}


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return classes(tmp_path / "pictures", "cat", "dog", count=6)


def experiment(pictures: Path, student: dict[str, Any], training: dict[str, Any] = STILL, **tables: Any) -> Experiment:
    return validated(
        {
            "dataset": {"key": "images", "path": str(pictures), "size": 32},
            "student": student,
            "teacher": {"key": "cnn-8"},
            "method": {"key": "none"},
            "training": {"batch_size": 5, "device": "cpu", **training},
            **tables,
        }
    )


def theirs(tmp_path: Path, names: int = 2, **beside: object) -> dict[str, Any]:
    """A checkpoint of a ResNet-8 that another program has saved, made up; its file is ``theirs.pth``."""
    source = Input((3, 32, 32), (0.0,) * 3, (1.0,) * 3)
    state = build_network("resnet-8", source, tuple(map(str, range(names))), 1).body.state_dict()
    torch.save({"state_dict": state, **beside}, tmp_path / "theirs.pth")
    return state


def weights(info: RunInfo) -> dict[str, torch.Tensor]:
    return load_network(info.places.student).state_dict()


def told(events: list[Event], kind: type[Notice | Progress]) -> str:
    return " ".join(
        str(event.what if isinstance(event, Notice) else event.words) for event in events if type(event) is kind
    )


def test_published_weights_are_downloaded_told_and_kept_with_the_run(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Event] = []
    net, content = made_up()
    with serving(content) as server:
        publish(server, tmp_path, monkeypatch)
        asked = experiment(pictures, {"key": KEY, "init": "pretrained"})
        info = launch(asked, Workspace(tmp_path), heard.append)
    assert "Downloading" in told(heard, Progress)
    assert "The classifier begins anew" in told(heard, Notice)
    assert load_network(info.places.start).classes[0] == "tench"
    before, after = net.state_dict(), weights(info)
    assert torch.allclose(after["body.net.conv1.0.weight"], before["body.net.conv1.0.weight"], atol=1e-5)
    assert after["body.net.fc.weight"].shape[0] == 2


def test_a_stopped_run_goes_on_bit_for_bit_without_the_publisher(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    control = Control()

    def stop(event: Event) -> None:
        if event.kind == "epoch":
            control.stop()

    with serving(made_up()[1]) as server:
        publish(server, tmp_path, monkeypatch)
        (folder / "net.pth").write_bytes(server.content)
        student = {"key": KEY, "init": f"pretrained:{folder}"}
        asked = experiment(pictures, student, {"epochs": 2})
        whole = launch(asked, Workspace(tmp_path / "a"))
        stopped = launch(asked, Workspace(tmp_path / "b"), stop, control)
        assert not server.asked
    assert stopped.state == "stopped"
    (folder / "net.pth").unlink()
    resumed = resume(Workspace(tmp_path / "b"), stopped.id)
    assert resumed.state == "finished"
    after = weights(resumed)
    assert all(torch.equal(value, after[name]) for name, value in weights(whole).items())


def test_a_download_can_be_stopped(pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control = Control()

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and "Downloading" in str(event.words):
            control.stop()

    with serving(made_up()[1]) as server:
        publish(server, tmp_path, monkeypatch)
        asked = experiment(pictures, {"key": KEY, "init": "pretrained"}, method={"key": "kd"})
        assert launch(asked, Workspace(tmp_path), stop, control).state == "stopped"
    assert len(Workspace(tmp_path).runs()) == 1, "it is had before a teacher is trained for it"


def test_a_folder_without_them_is_refused_before_anything_begins(pictures: Path, tmp_path: Path) -> None:
    asked = experiment(pictures, {"key": KEY, "init": f"pretrained:{tmp_path}"})
    with pytest.raises(StudioError, match="are not in") as caught:
        launch(asked, Workspace(tmp_path))
    assert caught.value.place == "student.init"
    assert not Workspace(tmp_path).runs()


def test_they_decide_the_numbers_wherever_they_come_from(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, sums = Workspace(tmp_path), []
    for init in ("random", "pretrained", "pretrained:weights"):
        file = tmp_path / "e.toml"
        file.write_text(to_toml(experiment(pictures, {"key": KEY, "init": init})))
        asked = load(file)
        sums.append(fingerprint(asked, {}, content="", start=start_digest(asked, workspace)))
    assert asked.student.init == f"pretrained:{tmp_path / 'weights'}"
    assert all(sums)
    assert sums[0] != sums[1] == sums[2]


@pytest.mark.parametrize(
    ("names", "beside", "anew"),
    [(2, {}, False), (2, {"classes": ["dog", "cat"]}, False), (2, {"classes": ["x", "y"]}, True), (3, {}, True)],
)
def test_a_file_of_another_program_is_begun_with_and_its_classifier_where_it_is_of_these_classes(
    names: int, beside: dict[str, Any], anew: bool, pictures: Path, tmp_path: Path
) -> None:
    before = theirs(tmp_path, names, **beside)
    heard: list[Event] = []
    student = {"key": "resnet-8", "init": f"file:{tmp_path / 'theirs.pth'}"}
    after = weights(launch(experiment(pictures, student), Workspace(tmp_path), heard.append))
    assert torch.allclose(after["body.conv1.weight"], before["conv1.weight"], atol=1e-5)
    assert ("The classifier begins anew" in told(heard, Notice)) == anew
    if not anew:
        rows = [1, 0] if beside else [0, 1]
        assert torch.allclose(after["body.fc.weight"], before["fc.weight"][rows], atol=1e-5)


def test_it_is_cut(pictures: Path, tmp_path: Path) -> None:
    before = theirs(tmp_path)
    student = {"key": "resnet-8", "cut": 2, "init": f"file:{tmp_path / 'theirs.pth'}"}
    info = launch(experiment(pictures, student), Workspace(tmp_path))
    assert info.student == "cut:2:resnet-8"
    assert torch.allclose(weights(info)["body.conv1.weight"], before["conv1.weight"], atol=1e-5)


@pytest.mark.parametrize(
    ("tables", "words", "place"),
    [
        ({"student": {"key": "resnet-14", "init": "file:theirs.pth"}}, r"Missing: group1\.1\.conv1", "student.init"),
        ({"teacher": {"key": "resnet-14", "source": "file:theirs.pth"}}, r"Missing: group1\.1\.conv1", "teacher.key"),
        ({"teacher": {"key": "resnet-8", "source": "file:theirs.pth"}}, "not known", "teacher.classes"),
        (
            {"teacher": {"key": "resnet-8", "source": "file:theirs.pth", "classes": "a, b, c"}},
            "names other classes",
            "teacher",
        ),
        ({"teacher": {"key": KEY, "source": "pretrained"}}, "names other classes", "teacher"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_trained(
    tables: dict[str, Any], words: str, place: str, pictures: Path, tmp_path: Path
) -> None:
    theirs(tmp_path, 3)
    method = {"key": "kd" if "teacher" in tables else "none"}
    file = tmp_path / "e.toml"
    given = {"student": {"key": "cnn-4"}, "references": {"alone": True}, "method": method, **tables}
    file.write_text(to_toml(experiment(pictures, **given)))
    with pytest.raises(StudioError, match=words) as caught:
        launch(load(file), Workspace(tmp_path))
    assert caught.value.place == place
    assert not Workspace(tmp_path).runs()
