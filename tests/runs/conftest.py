"""A workspace of the test's own, and a session that trains nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.runs.files.folder import RunFolder
from studio.runs.store.workspace import Workspace
from tests.runs.fake_session import FakeSession
from tests.runs.small_disk import SmallDisk, use_small_disk


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def folder(workspace: Workspace) -> RunFolder:
    """An empty run folder."""
    with workspace.new_run("a run", {}) as made:
        pass
    return made


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> FakeSession:
    """Takes the place of the real one."""
    fake = FakeSession()
    monkeypatch.setattr("studio.training.session.run_session", fake)
    return fake


@pytest.fixture
def small_disk(monkeypatch: pytest.MonkeyPatch) -> type[SmallDisk]:
    """What is appended to goes to a disk with 10,000 bytes left; tests may say how many there are."""
    return use_small_disk(monkeypatch)
