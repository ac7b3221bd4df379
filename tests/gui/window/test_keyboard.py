"""By keys alone: Tab goes as the eye does and can be seen wherever it stops; full screen, text size, and what does not fit."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLayout, QLayoutItem, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import getAllValidWrappers

from studio.gui.shell.text_size_menu import SIZES, apply_text_size
from studio.gui.shell.window import FRAME, LEAST, Window
from studio.gui.system.window_settings import WindowSettings
from studio.gui.widgets.flow import FlowLayout
from studio.gui.widgets.reading_order import reveal
from tests.gui.at_hand import there
from tests.gui.window_driver import WindowDriver


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def stops_of(driver: WindowDriver) -> list[QWidget]:
    """Where Tab stops, from the button that trains once round."""
    window = driver.window
    window.activateWindow()
    driver.wait(window.isActiveWindow)
    window.top_bar.train.setFocus()
    found: list[QWidget] = []
    while (focus := there(QApplication.focusWidget())) not in found:
        found.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    return found


def test_tab_goes_as_the_eye_does(driver: WindowDriver) -> None:
    before = kept_layout_items()
    main = driver.open()
    main.train_preset("digits")
    driver.wait_idle()
    window = main.window
    goals: list[QWidget] = [
        window.top_bar.train,
        window.top_bar.gallery,
        *window.panel.cards.values(),
        window.panel.form.editor("training.batch_size"),
        main.views_page.tabs.bar,
        main.views_page.slider.track,
        main.runs_dock.table,
        window.help.reader.search,
        window.help.browser,
    ]
    found = stops_of(driver)
    assert [goal for goal in goals if goal not in found] == []
    places = [found.index(goal) for goal in goals]
    assert places == sorted(places)
    assert kept_layout_items() <= before


def kept_layout_items() -> int:
    """How many items of Qt's own layouts Python keeps: each outlives what it stands for, and then takes another's place."""
    gc.collect()
    items = [one for one in getAllValidWrappers() if isinstance(one, QLayoutItem) and not isinstance(one, QLayout)]
    flows = [one for one in getAllValidWrappers() if isinstance(one, FlowLayout)]
    return len(items) - sum(flow.count() for flow in flows)


def test_a_form_made_anew_keeps_its_place(driver: WindowDriver) -> None:
    main = driver.open()
    main.window.draft.pick("method", "at")
    driver.wait(lambda: "method.settings.weight" in main.window.panel.form.shown())
    found = stops_of(driver)
    assert found.index(main.window.panel.form.editor("method.settings.weight")) < found.index(
        main.window.welcome.cards[0].action
    )


def test_back_goes_the_same_way(driver: WindowDriver) -> None:
    main = driver.open()
    main.window.activateWindow()
    driver.wait(main.window.isActiveWindow)
    main.window.panel.cards["student"].setFocus()
    QTest.keyClick(main.window.panel.cards["student"], Qt.Key.Key_Backtab)
    assert main.window.panel.cards["teacher"].hasFocus()


def test_the_focus_can_be_seen_wherever_it_is(driver: WindowDriver) -> None:
    window = driver.open().window
    unseen = []
    for stop in stops_of(driver):
        stop.setFocus(Qt.FocusReason.OtherFocusReason)
        with_focus = stop.grab().toImage()
        stop.clearFocus()
        if stop.grab().toImage() == with_focus:
            unseen.append(stop.accessibleName())
    assert unseen == []
    assert window.isVisible()


def test_what_does_not_fit_is_scrolled_to(driver: WindowDriver) -> None:
    main = driver.open(700, 480)
    body, scroll = main.window.body, there(main.window.centralWidget())
    assert main.window.size() == QSize(700, 480)
    assert body.width() >= LEAST.width() - FRAME.width()
    for goal in (main.runs_dock, main.window.top_bar.help, main.window.panel.cards["data"]):
        reveal(goal)
        assert scroll.rect().intersects(QRect(goal.mapTo(scroll, QPoint(0, 0)), goal.size()))
    main.window.resize(LEAST)
    driver.wait(lambda: body.size() == scroll.size())  # nothing is scrolled where everything fits


def test_full_screen_gives_back_the_window_as_it_was(driver: WindowDriver) -> None:
    window = driver.open().window
    window.showMaximized()
    window.actions_["full_screen"].trigger()
    assert window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.isMaximized()
    window.actions_["full_screen"].trigger()
    window.actions_["full_screen"].trigger()
    assert window.isMaximized()
    assert window.actions_["full_screen"].shortcut().toString() == "F11"


def test_a_size_of_text_is_kept_for_the_next_start(driver: WindowDriver) -> None:
    main = driver.open()
    assert (min(SIZES), max(SIZES)) == (80, 200)
    next(action for action in main.window.text_size.actions() if action.data() == 150).trigger()
    main.window.set_text_size(100)
    main.window.set_text_size(150)
    settings = WindowSettings(driver.place)
    environment = {"QT_SCALE_FACTOR": "2"}
    apply_text_size(settings, environment)
    assert environment["QT_SCALE_FACTOR"] == "3"
    settings.text_size = 100
    untouched = {"QT_SCALE_FACTOR": "2"}
    apply_text_size(settings, untouched)
    assert untouched == {"QT_SCALE_FACTOR": "2"}
    settings.text_size = 80
    unset: dict[str, str] = {}
    apply_text_size(settings, unset)
    assert unset == {"QT_SCALE_FACTOR": "0.8"}
    assert os.environ.get("QT_SCALE_FACTOR", "1") != "0.8"


def test_the_first_window_leaves_room_for_its_frame(qtbot: QtBot, tmp_path: Path) -> None:
    window = Window(WindowSettings(tmp_path))
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    assert window.width() <= room.width() - 16
    assert window.height() <= room.height() - 48
