"""The tour of the window: once at the first start, four stops, by keys alone, and again from the Help menu."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui.widgets.tour_overlay import TourOverlay
from tests.gui.at_hand import there
from tests.gui.window_driver import WindowDriver


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def tour_of(driver: WindowDriver) -> TourOverlay:
    return there(driver.main.tour_guide.overlay)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 700)])
def test_it_leads_over_four_stops_and_is_not_shown_again(driver: WindowDriver, width: int, height: int) -> None:
    main = driver.open(width, height, tour=True)
    tour = tour_of(driver)
    said = []
    for _ in range(4):
        said.append(tour.accessibleDescription())
        assert main.window.rect().contains(tour.bubble)
        QTest.keyClick(tour.next, Qt.Key.Key_Right)
    assert [words[:6] for words in said] == ["1 of 4", "2 of 4", "3 of 4", "4 of 4"]
    assert main.tour_guide.overlay is None
    driver.close()
    assert driver.open(tour=True).tour_guide.overlay is None


def test_escape_ends_it_and_the_help_menu_brings_it_back(driver: WindowDriver) -> None:
    main = driver.open(tour=True)
    main.window.activateWindow()
    QTest.keyClick(tour_of(driver), Qt.Key.Key_Escape)
    assert main.tour_guide.overlay is None
    assert main.window.settings.tour_seen
    main.window.actions_["tour"].trigger()
    assert tour_of(driver).number == 0


def test_tab_stays_among_its_buttons(driver: WindowDriver) -> None:
    main = driver.open(tour=True)
    main.window.activateWindow()
    driver.wait(main.window.isActiveWindow)
    tour = tour_of(driver)
    tour.next.setFocus()
    seen = set()
    for _ in range(5):
        QTest.keyClick(there(QApplication.focusWidget()), Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget())
    assert seen == {tour.skip, tour.next}
    tour.go_on()
    QTest.keyClick(there(QApplication.focusWidget()), Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is tour.back


def test_it_covers_the_window_whatever_its_size(driver: WindowDriver) -> None:
    main = driver.open(tour=True)
    main.window.resize(1100, 800)
    driver.wait(lambda: tour_of(driver).size() == main.window.size())
    assert main.window.rect().contains(tour_of(driver).bubble)


def test_it_follows_the_part_it_shows(driver: WindowDriver) -> None:
    main = driver.open(tour=True)
    tour, card = tour_of(driver), main.window.panel.cards["method"]
    tour.go_on()
    tour.go_back()
    before = tour.shown
    main.window.panel.show_running("Digits")  # a note above the cards moves them down
    driver.wait(lambda: tour.shown != before)
    corner = card.mapTo(main.window, QPoint(0, 0))
    assert tour.shown.contains(QRect(corner, card.size()))


def test_it_is_not_shown_where_something_trains_at_once(driver: WindowDriver) -> None:
    main = driver.open(preset="digits", train=True, tour=True)
    assert main.tour_guide.overlay is None
    assert not main.window.settings.tour_seen
    driver.wait_idle()


def test_the_welcome_page_leads_to_it(driver: WindowDriver) -> None:
    main = driver.open()
    main.window.welcome.tour.click()
    assert tour_of(driver).isVisible()
