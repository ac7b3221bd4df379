"""A workspace of the test's own, and an engine that only acts."""

from __future__ import annotations

from pathlib import Path

import pytest
from acted import Stage

from studio.runs.folder import RunFolder
from studio.runs.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def folder(workspace: Workspace) -> RunFolder:
    """An empty run folder."""
    return workspace.new_folder("a run")


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Takes the place of the engine."""
    acting = Stage()
    monkeypatch.setattr("studio.training.session.run_session", acting)
    return acting
