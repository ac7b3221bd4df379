"""An error nobody foresaw is shown in words; its traceback, versions and settings stand under Details and in the log."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from studio.core.errors import StudioError
from studio.gui.controllers.error_details import error_details
from tests.gui.window_driver import WindowDriver


def test_an_error_that_says_all_has_no_details(tmp_path: Path) -> None:
    assert error_details(StudioError("The file is missing."), None, tmp_path) == ""


def test_a_run_that_breaks_tells_traceback_versions_and_settings(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = WindowDriver(qtbot, tmp_path / "workspace")
    main = driver.open()

    def break_down(*_args: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(driver.engine, "launch", break_down)
    main.training_controller.train()
    driver.wait_idle()
    page = main.views_page.error
    assert not page.isHidden()
    details = page.findChildren(QPlainTextEdit)[0].toPlainText()
    assert "in break_down" in details
    assert "torch " in details
    assert "PySide6 " in details
    assert "studio.log" in details
    assert 'key = "kd"' in details
    driver.shut_down()
