"""Deleted runs in the window: listed, brought back, removed for good after a question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from studio.gui.controllers.main_controller import MainController
from studio.gui.runs_table.bin_dialog import BinDialog
from tests.gui.window_driver import WindowDriver


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


@pytest.fixture
def main(driver: WindowDriver) -> Iterator[MainController]:
    """A window with one run in the table and one in the bin."""
    main = driver.open()
    main.window.draft.set("seeds", [1, 2])
    main.training_controller.train()
    driver.wait_idle()
    gone = main.run_store.runs[0].id
    main.run_store.edits.delete([gone], lambda: None)
    driver.wait(lambda: len(main.run_store.runs) == 1 and not main.background.busy)
    yield main
    driver.shut_down()


def opened(driver: WindowDriver, main: MainController) -> BinDialog:
    main.window.actions_["bin"].trigger()
    driver.wait(lambda: bool(main.window.findChildren(BinDialog)))
    return main.window.findChildren(BinDialog)[-1]


def test_a_deleted_run_is_listed_and_brought_back(driver: WindowDriver, main: MainController) -> None:
    dialog = opened(driver, main)
    assert dialog.list.topLevelItemCount() == 1
    driver.qtbot.mouseClick(dialog.restore, Qt.MouseButton.LeftButton)
    driver.wait(lambda: len(main.run_store.runs) == 2)
    assert dialog.list.topLevelItemCount() == 0
    assert not dialog.restore.isEnabled()
    assert not dialog.empty.isEnabled()
    dialog.close()


@pytest.mark.parametrize("confirmed", [True, False])
def test_all_are_removed_for_good_once_that_is_confirmed(
    driver: WindowDriver, main: MainController, confirmed: bool
) -> None:
    dialog = opened(driver, main)
    driver.qtbot.mouseClick(dialog.empty, Qt.MouseButton.LeftButton)
    (question,) = dialog.findChildren(QMessageBox)
    role = QMessageBox.ButtonRole.DestructiveRole if confirmed else QMessageBox.ButtonRole.RejectRole
    (answer,) = [each for each in question.buttons() if question.buttonRole(each) == role]
    answer.click()
    driver.wait(lambda: not main.background.busy)
    assert len(main.workspace.deleted()) == (0 if confirmed else 1)
    assert dialog.list.topLevelItemCount() == (0 if confirmed else 1)
    dialog.close()


def test_an_empty_bin_says_so(driver: WindowDriver) -> None:
    main = driver.open()
    dialog = opened(driver, main)
    assert not dialog.restore.isEnabled()
    assert not dialog.empty.isEnabled()
    dialog.close()
