"""What dead processes left half made goes; what a living one is making stays."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.core.files import AtomicFolder
from studio.runs.files.lock import held
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from tests.runs.fake_session import FakeSession, experiment


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def aged(path: Path) -> Path:
    two_days_ago = time.time() - 2 * 86_400
    os.utime(path, (two_days_ago, two_days_ago))
    return path


def test_a_folder_with_nothing_but_its_lock_goes(workspace: Workspace) -> None:
    ghost = workspace.run_folder / "20250101-000000-kd-digits-0000"
    ghost.mkdir(parents=True)
    (ghost / "lock").touch()
    (ghost / "experiment.toml.tmp").write_text("seed")
    assert [bool(info.problem) for info in workspace.runs()] == [True]
    assert workspace.sweep() == []  # who made it a moment ago may be at it
    aged(ghost)
    with held(ghost / "lock"):
        assert workspace.sweep() == []
    aged(ghost)
    assert workspace.sweep() == [ghost]
    assert workspace.runs() == []


def test_a_broken_run_in_which_something_is_stays(workspace: Workspace, session: FakeSession) -> None:
    info = launch(experiment("none"), workspace)
    info.places.experiment.unlink()
    aged(info.folder)
    assert workspace.sweep() == []
    assert workspace.run(info.id).problem


def test_what_a_dead_process_was_making_goes(workspace: Workspace, session: FakeSession, dead: int) -> None:
    info = launch(experiment("none"), workspace)
    info.places.summary.unlink()
    info.places.events.unlink()
    left = [
        workspace.run_folder / f"20250101-000000-kd-digits-0001.{dead}.abcd.unfinished",
        info.folder / f"labels.json.{dead}.abcd.unfinished",
        info.places.snapshots / f"000000001.npz.{dead}.abcd.unfinished",
        workspace.path / "methods" / f"mine.toml.{dead}.abcd.unfinished",
    ]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.mkdir() if path.parent == workspace.run_folder else path.touch()
    assert [each.id for each in workspace.runs()] == [info.id]
    assert set(workspace.sweep()) == set(left)


def test_what_a_living_process_is_making_stays(workspace: Workspace) -> None:
    with AtomicFolder(workspace.run_folder / "20250101-000000-kd-digits-0002") as making:
        assert workspace.sweep() == []
        assert making.path.is_dir()
        assert workspace.runs() == []


def test_a_run_that_is_made_and_held_stays_though_its_process_cannot_be_found(workspace: Workspace, dead: int) -> None:
    """It may run on another machine that shares the folder."""
    made = workspace.run_folder / f"20250101-000000-kd-digits-0003.{dead}.abcd.unfinished"
    made.mkdir(parents=True)
    with held(made / "lock"):
        assert workspace.sweep() == []
    assert workspace.sweep() == [made]


def test_old_files_of_the_version_before_go_where_the_studio_writes(workspace: Workspace) -> None:
    downloads = workspace.cache / "downloads"
    downloads.mkdir(parents=True)
    old, new, other = (downloads / name for name in ("mnist.gz.part", "cifar.tar.gz.part", "cifar.tar.gz"))
    for path in (old, new, other):
        path.write_text("half")
    aged(old)
    aged(other)
    assert workspace.sweep() == [old]
