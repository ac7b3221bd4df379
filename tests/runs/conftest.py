"""A workspace of the test's own, and a session that trains nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.runs.files.folder import RunFolder
from studio.runs.store.workspace import Workspace
from tests.runs.fake_session import FakeSession
from tests.runs.small_disk import SmallDisk


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def folder(workspace: Workspace) -> RunFolder:
    """An empty run folder."""
    return workspace.new_folder("a run")


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> FakeSession:
    """Takes the place of the real one."""
    fake = FakeSession()
    monkeypatch.setattr("studio.training.session.run_session", fake)
    return fake


@pytest.fixture
def small_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[SmallDisk]]:
    """What is appended to goes to a disk with 10,000 bytes left; tests may say how many there are."""
    opened = Path.open

    def open_small(path: Path, mode: str = "r", *args: Any, **named: Any) -> Any:
        return SmallDisk(path, "ab") if mode == "ab" else opened(path, mode, *args, **named)

    monkeypatch.setattr(Path, "open", open_small)
    SmallDisk.left = 10_000
    yield SmallDisk
    SmallDisk.left = 10_000
