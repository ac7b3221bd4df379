"""A window that was asked to train at once: nothing in it invites to choose, and something moves until the run is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QProgressBar
from pytestqt.qtbot import QtBot

from studio.gui.controllers.main_controller import MainController
from studio.gui.shell.window import Window
from studio.gui.system.window_settings import WindowSettings
from studio.runs.presets.presets import find_preset
from tests.gui.at_hand import there
from tests.gui.fake_engine import FakeEngine


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Window:
    made = Window(WindowSettings(tmp_path))
    made.show_starting(find_preset("shapes"))
    qtbot.addWidget(made, before_close_func=end)
    made.show()
    return made


def end(window: Window) -> None:
    for main in window.findChildren(MainController):
        main.shut_down()
    window.may_close = lambda: True


def test_it_says_what_comes_and_moves(window: Window, qtbot: QtBot) -> None:
    page = there(window.starting)
    assert window.pages.currentWidget() is page
    assert page.accessibleName() == "See where a network looks"
    assert page.findChildren(QAbstractButton) == []
    bar = there(page.findChild(QProgressBar))
    before = bar.value()
    qtbot.waitUntil(lambda: bar.value() != before)


def test_the_views_take_its_place_once_they_are_there(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    main = MainController(window, tmp_path, FakeEngine(tmp_path, 0.0))
    main.start("shapes", train=True)
    assert main.views_page.views == []
    assert window.pages.currentWidget() is window.starting
    qtbot.waitUntil(lambda: bool(main.views_page.views), timeout=8000)
    assert window.pages.currentWidget() is main.views_page
    qtbot.waitUntil(lambda: main.queue.doing == "idle" and not main.background.busy, timeout=8000)


def test_what_cannot_be_trained_leads_to_the_first_page(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    main = MainController(window, tmp_path, FakeEngine(tmp_path, 0.0))
    main.start("nothing of this name", train=True)
    assert window.pages.currentWidget() is not window.starting
    qtbot.waitUntil(lambda: not main.background.busy, timeout=8000)


def test_the_chip_tells_how_much_memory_is_used_and_free(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    main = MainController(window, tmp_path, FakeEngine(tmp_path, 0.0))
    main.start()
    qtbot.waitUntil(lambda: "GB are free" in window.top_bar.device.toolTip(), timeout=15_000)
    qtbot.waitUntil(lambda: not main.background.busy, timeout=8000)
