"""``studio bin``: list, restore, empty."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.cli import main
from studio.runs.store.workspace import Workspace
from tests.runs.fake_session import FakeSession, experiment

pytestmark = pytest.mark.usefixtures("fake_session")


@pytest.fixture
def fake_session(monkeypatch: pytest.MonkeyPatch) -> FakeSession:
    acting = FakeSession()
    monkeypatch.setattr("studio.training.session.run_session", acting)
    return acting


@pytest.fixture
def deleted(tmp_path: Path, fake_session: FakeSession) -> tuple[str, str]:
    """Two runs in the bin, the older first; nothing else is in the workspace."""
    from studio.runs.launch import launch

    workspace = Workspace()
    first, second = (launch(experiment("none", seed=seed), workspace).id for seed in (0, 1))
    for run in (first, second):
        workspace.delete(run)
    return first, second


def test_an_empty_bin_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bin", "list"]) == 0
    assert capsys.readouterr().out == "The bin is empty.\n"
    assert main(["bin", "empty"]) == 0
    assert capsys.readouterr().out == "The bin was empty.\n"


def test_deleted_runs_are_listed(deleted: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bin", "list"]) == 0
    said = capsys.readouterr().out
    assert all(run in said for run in deleted)
    assert main(["bin", "list", "--json"]) == 0
    assert {run["id"] for run in json.loads(capsys.readouterr().out)} == set(deleted)


def test_one_is_brought_back_by_its_id_or_as_the_last(
    deleted: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bin", "restore", deleted[0]]) == 0
    assert "is back" in capsys.readouterr().out
    assert [run.id for run in Workspace().runs()] == [deleted[0]]
    assert main(["bin", "restore", "last"]) == 0
    assert {run.id for run in Workspace().runs()} == set(deleted)


def test_what_is_not_there_is_refused(deleted: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bin", "restore", "never"]) == 2
    assert "no deleted run" in capsys.readouterr().err
    assert main(["bin", "restore", deleted[0][:4]]) == 2
    assert "not clear" in capsys.readouterr().err


def test_it_is_emptied_for_good(deleted: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bin", "empty", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["removed"] == 2
    assert Workspace().deleted() == []
    assert main(["bin", "restore", "last"]) == 2
