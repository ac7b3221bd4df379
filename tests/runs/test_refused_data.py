"""Data that cannot be used are refused before there is a run of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.core.errors import StudioError
from studio.core.message import Text
from studio.data.images import Images
from studio.events import Event, Progress
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.data.picture_folders import classes
from tests.runs.fake_session import FakeSession, experiment


def broken_pictures(folder: Path) -> dict[str, Any]:
    """Two classes, none of whose files is a picture."""
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        (folder / name / "1.png").write_text("no picture")
    return {"key": "images", "path": str(folder), "per_class": None}


def table_of_one_class(folder: Path) -> dict[str, Any]:
    """Three rows that say the same."""
    folder.mkdir()
    (folder / "rows.csv").write_text("a,class\n1,x\n2,x\n3,x\n")
    return {"key": "table", "path": str(folder / "rows.csv"), "per_class": None}


def test_pictures_that_cannot_be_read(workspace: Workspace, session: FakeSession, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="None of the class folders"):
        launch(experiment(dataset=broken_pictures(tmp_path / "pictures")), workspace)
    assert workspace.runs() == []


def test_a_table_of_one_class(workspace: Workspace, session: FakeSession, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="nothing to tell apart"):
        launch(experiment(dataset=table_of_one_class(tmp_path / "table")), workspace)
    assert workspace.runs() == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"dataset": {"key": "cifar10", "path": "/not/there", "per_class": None}}, "There is no CIFAR-10 in"),
        ({"dataset": {"key": "mnist", "path": "/not/there", "per_class": None}}, "There is no MNIST in"),
        ({"dataset": {"key": "glass", "download": False, "per_class": None}}, "is not on this machine"),
        ({"dataset": {"per_class": 1, "validation": 0.1}}, "can be kept back for choosing"),
        ({"dataset": {"per_class": None, "fraction": 0.001, "validation": 0.1}}, "can be kept back for choosing"),
        (
            {"dataset": {"key": "waveform", "per_class": None, "count": 40, "fraction": 0.1, "validation": 0.1}},
            "can be kept back for choosing",
        ),
        ({"dataset": {"per_class": None, "validation": 0.1}, "teacher": {"fraction": 0.001}}, "kept back for choosing"),
        ({"dataset": {"key": "moons"}, "student": {"key": "cnn-4"}}, "cannot read these data"),
        ({"dataset": {"key": "moons"}, "teacher": {"key": "cnn-4"}}, "cannot read these data"),
    ],
    ids=[
        "no folder",
        "no files",
        "no download",
        "one of each",
        "tiny share",
        "few rows",
        "teacher's share",
        "student",
        "teacher",
    ],
)
def test_what_is_not_there_or_does_not_fit(
    changes: dict[str, Any], why: str, workspace: Workspace, session: FakeSession
) -> None:
    with pytest.raises(StudioError, match=why):
        launch(experiment(**changes), workspace)
    assert workspace.runs() == []


def test_looking_at_pictures_is_told_and_ends_when_the_run_is_to_end(
    workspace: Workspace, session: FakeSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, told, reached = Control(), [], []

    def look(_self: Images, _settings: object, _cache: Path, progress: Any) -> None:
        for number in range(3):
            if number == 1:
                control.stop()
            progress(Text("Looking at the pictures"), None)
            reached.append(number)

    def listen(event: Event) -> None:
        if isinstance(event, Progress):
            told.append(str(event.words))

    monkeypatch.setattr(Images, "check", look)
    folder = classes(tmp_path / "pictures", "a", "b")
    launch(
        experiment("none", dataset={"key": "images", "path": str(folder), "per_class": None}),
        workspace,
        listen,
        control,
    )
    assert reached == [0]
    assert told[:2] == ["Looking at the pictures"] * 2
