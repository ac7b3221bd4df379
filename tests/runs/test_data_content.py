"""References are found again by the content of the data, and by nothing else of them."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from studio.events import Listener
from studio.experiment import Experiment
from studio.runs.launch import launch, resume
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.runs.fake_session import FakeSession, experiment, nothing_happens


def picture(shade: int) -> bytes:
    """A file of a grey picture; all are of one length."""
    file = io.BytesIO()
    Image.new("L", (8, 8), shade).save(file, "PNG", compress_level=0)
    return file.getvalue()


def two_classes(root: Path) -> Path:
    """Two pictures each of two classes."""
    for place, name in enumerate(("a", "b")):
        (root / name).mkdir(parents=True)
        for number in range(2):
            (root / name / f"{number}.png").write_bytes(picture(20 * place + number))
    return root


def test_a_data_folder_that_changed_makes_another_run(
    workspace: Workspace, session: FakeSession, tmp_path: Path
) -> None:
    pictures = two_classes(tmp_path / "pictures")
    wish = experiment("none", dataset={"key": "images", "path": str(pictures)})
    first, second = (launch(wish, workspace).fingerprint for _ in range(2))
    (pictures / "b" / "2.png").write_bytes(picture(90))
    third = launch(wish, workspace).fingerprint
    assert first == second != third


def test_a_reference_is_not_used_again_when_a_picture_changed_and_its_time_was_put_back(
    workspace: Workspace, session: FakeSession, tmp_path: Path
) -> None:
    store, pictures = tmp_path / "store", two_classes(tmp_path / "pictures")
    store.mkdir()
    for name in ("a", "b"):
        (pictures / name / "0.png").replace(store / f"{name}.png")
        (pictures / name / "0.png").symlink_to(store / f"{name}.png")
    wish = experiment("none", dataset={"key": "images", "path": str(pictures)})
    first = launch(wish, workspace).fingerprint
    before = (store / "a.png").stat()
    (store / "a.png").write_bytes(picture(90))
    os.utime(store / "a.png", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (store / "a.png").stat().st_mtime_ns == before.st_mtime_ns
    changed = launch(wish, workspace).fingerprint
    (store / "a.png").write_bytes(picture(0))
    assert changed != first == launch(wish, workspace).fingerprint


def test_the_same_pictures_in_another_folder_are_the_same_data(
    workspace: Workspace, session: FakeSession, tmp_path: Path
) -> None:
    words = []
    for place in ("here", "there"):
        two_classes(tmp_path / place)
        words.append(launch(experiment("none", dataset={"key": "images", "path": str(tmp_path / place)}), workspace))
    assert words[0].fingerprint == words[1].fingerprint != ""


def test_a_run_that_begins_anew_after_its_data_changed_is_no_reference_for_the_old_ones(
    workspace: Workspace, session: FakeSession, tmp_path: Path
) -> None:
    two_classes(tmp_path / "pictures")
    wish = experiment("none", dataset={"key": "images", "path": str(tmp_path / "pictures")})

    def interrupt(_experiment: Experiment, _listen: Listener, _control: Control) -> None:
        raise KeyboardInterrupt

    session.meanwhile = interrupt
    with pytest.raises(KeyboardInterrupt):
        launch(wish, workspace)
    (begun,) = workspace.runs()
    shutil.rmtree(begun.places.checkpoints)  # as if it had been killed before it wrote one
    (tmp_path / "pictures" / "a" / "0.png").write_bytes(picture(90))
    session.meanwhile = nothing_happens
    ended = resume(workspace, begun.id)
    assert ended.fingerprint != begun.fingerprint
    assert ended.fingerprint == launch(wish, workspace).fingerprint
