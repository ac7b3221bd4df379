"""What the command line asks of the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from studio.cli import main
from studio.runs.presets.presets import all_presets


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The wishes with which the window was opened; it closes at once."""
    wishes: list[dict[str, Any]] = []

    def open_window(**wish: Any) -> int:
        wishes.append(wish)
        return 0

    app = ModuleType("studio.gui.app")
    app.main = open_window  # type: ignore[attr-defined]  # a module made here
    monkeypatch.setitem(sys.modules, "studio.gui.app", app)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return wishes


def test_without_a_command_it_opens_empty(opened: list[dict[str, Any]]) -> None:
    assert main([]) == 0
    assert opened == [{"preset": None, "open_file": None, "train_at_once": False}]


def test_the_demo_trains_the_first_ready_experiment_at_once(opened: list[dict[str, Any]]) -> None:
    assert main(["demo"]) == 0
    assert opened == [{"preset": all_presets()[0].key, "open_file": None, "train_at_once": True}]


def test_a_file_and_a_workspace_are_handed_on(
    opened: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.toml"
    file.touch()
    monkeypatch.chdir(tmp_path)
    assert main(["--open", str(file), "--workspace", "there"]) == 0
    assert opened[0]["open_file"] == file
    assert os.environ["STUDIO_WORKSPACE"] == str(tmp_path / "there")


def test_an_error_of_the_program_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_workspace: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("studio.runs.store.workspace.Workspace.runs", broken)
    assert main(["runs"]) == 1
    told = capsys.readouterr()
    assert "ZeroDivisionError: division by zero" in told.err
    assert "Traceback" not in told.err
    monkeypatch.setenv("STUDIO_DEBUG", "1")
    assert main(["runs"]) == 1
    assert "Traceback" in capsys.readouterr().err
