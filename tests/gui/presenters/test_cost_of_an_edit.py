"""Changing a setting asks little of the disk: the workspace is listed once at most, and no network is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.models.files import load_model
from studio.networks import files
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from tests.runs.fake_session import FakeSession, experiment


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """One with a run, its teacher and its student alone."""
    workspace = Workspace(tmp_path / "workspace")
    with monkeypatch.context() as patch:
        patch.setattr("studio.training.session.run_session", FakeSession())
        launch(experiment(), workspace)
    return workspace


def counted(calls: list[str], name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def count(*arguments: Any, **named: Any) -> Any:
        calls.append(name)
        return call(*arguments, **named)

    return count


@pytest.mark.parametrize("seeds", [[0], [0, 1, 2]])
def test_an_edit_lists_the_workspace_once_and_reads_no_network(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, seeds: list[int]
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(workspace, "runs", counted(calls, "listed", workspace.runs))
    monkeypatch.setattr("studio.networks.files.load_network", counted(calls, "read", files.load_network))
    for module in ("studio.runs.references", "studio.runs.teacher_source"):
        monkeypatch.setattr(f"{module}.load_model", counted(calls, "read", load_model))
    values = experiment().model_dump(mode="json", exclude_defaults=True)
    values["seeds"] = seeds
    info = DraftPresenter(workspace).describe(values)
    assert info.problems == ()
    assert str(info.estimate).startswith("About")
    assert calls == ["listed"]
