"""The gallery page: one click takes an experiment into the panels or trains it, a set trains as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.shell.gallery_page import PICTURE, GalleryPage
from studio.gui.widgets.picture import Picture
from studio.runs.presets.presets import all_presets
from tests.gui.at_hand import there
from tests.gui.window_driver import WindowDriver


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def press(driver: WindowDriver, words: str) -> None:
    """Press the button of the gallery page with this accessible name."""
    page = there(driver.main.window.pages.currentWidget())
    found = next(one for one in page.findChildren(QPushButton) if one.accessibleName() == words)
    driver.qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_a_set_is_queued_as_a_whole(driver: WindowDriver) -> None:
    main = driver.open()
    begun = []
    main.queue.started.connect(lambda job: begun.append(job.title))
    main.page_router.show_gallery()
    press(driver, "Start all 4: Do the same neurons fire?")
    driver.wait_idle()
    assert begun == ["Boundaries (AB)", "Values, L2", "Values, L1", "Values, L0.5"]
    assert {run.name for run in main.run_store.runs} >= set(begun)
    assert main.window.pages.currentWidget() is main.views_page


def test_a_start_leads_to_where_there_is_something_to_look_at(driver: WindowDriver) -> None:
    main = driver.open()
    main.page_router.show_gallery()
    press(driver, "Start: See where a network looks")
    assert main.window.pages.currentWidget() is main.views_page
    assert there(main.views_page.view).key == "attention"
    driver.wait_idle()


def test_while_something_trains_another_one_waits_and_the_panels_stay(qtbot: QtBot, tmp_path: Path) -> None:
    driver = WindowDriver(qtbot, tmp_path / "workspace", seconds=0.5)
    main = driver.open(preset="digits", train=True)
    driver.wait(lambda: main.queue.doing == "running")
    main.page_router.show_gallery()
    press(driver, "Queue: Put a method together")
    assert main.window.draft.key("method") == "kd"
    assert len(main.queue.waiting) == 1
    driver.engine.seconds = 0.0
    driver.wait_idle()
    main.page_router.show_gallery()
    page = there(main.window.pages.currentWidget())
    names = [one.accessibleName() for one in page.findChildren(QPushButton)]
    assert "Start: Put a method together" in names


def test_a_set_named_at_the_start_trains_as_its_button_does(driver: WindowDriver) -> None:
    main = driver.open(preset="boundaries", train=True)
    driver.wait_idle()
    assert [one.name for one in driver.engine.launched] == [
        "Boundaries (AB)",
        "Values, L2",
        "Values, L1",
        "Values, L0.5",
    ]
    assert main.window.draft.key("method") == "ab"


def test_a_published_training_is_taken_into_the_panels_in_either_length(driver: WindowDriver) -> None:
    main = driver.open()
    for length, epochs in (("240 epochs", 240), ("24 epochs", 24)):
        main.page_router.show_gallery()
        press(driver, f"Length of RepDistiller and mdistiller on CIFAR-100: {length}")
        press(driver, "Take into the panels: RepDistiller and mdistiller on CIFAR-100")
        draft = main.window.draft
        assert (draft.key("method"), draft.key("teacher"), draft.get("training.epochs")) == ("kd", "wrn-40-2", epochs)
        assert draft.get("training.schedule.at") == [0.625, 0.75, 0.875]
    assert main.queue.doing == "idle"


def test_one_taken_into_the_panels_trains_nothing(driver: WindowDriver) -> None:
    main = driver.open()
    main.page_router.show_gallery()
    press(driver, "Take into the panels: See it happen on points in the plane")
    assert main.window.draft.key("data") == "moons"
    assert main.queue.doing == "idle"
    assert main.window.pages.currentWidget() is main.window.welcome


def test_cards_stand_beside_each_other_where_help_and_runs_give_way(driver: WindowDriver) -> None:
    main = driver.open(1440, 900)
    main.page_router.show_gallery()
    cards = there(main.page_router.gallery).cards
    driver.wait(lambda: cards[0].y() == cards[1].y())
    assert not main.window.right.isVisible()
    main.page_router.show_welcome()
    assert main.window.right.isVisible()


class FirstPainted(QObject):
    """Notes where each card lies when it is painted."""

    def __init__(self, page: GalleryPage) -> None:
        super().__init__(page)
        self.places: dict[str, set[tuple[int, int, int, int]]] = {}
        for card in page.cards:
            card.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            place = watched.geometry()
            where = (place.x(), place.y(), place.width(), place.height())
            self.places.setdefault(watched.accessibleName(), set()).add(where)
        return False


def test_cards_are_whole_when_they_are_first_painted_and_stay_where_they_are(driver: WindowDriver) -> None:
    main = driver.open()
    main.window.resize(1440, 900)
    main.page_router.show_gallery()
    page = there(main.page_router.gallery)
    painted = FirstPainted(page)
    driver.qtbot.wait(100)
    pictures = [picture for card in page.cards for picture in card.findChildren(Picture)]
    assert len(pictures) == len(page.cards)
    assert {(picture.width(), picture.height()) for picture in pictures} == {(PICTURE.width(), PICTURE.height())}
    page.show_times({preset.key: 90.0 for preset in all_presets()}, here=True)
    driver.qtbot.wait(100)
    assert painted.places
    assert all(len(places) == 1 for places in painted.places.values()), painted.places


def test_the_help_that_is_opened_is_that_of_the_page(driver: WindowDriver) -> None:
    main = driver.open(1440, 900)
    main.page_router.show_views()
    main.page_router.show_gallery()
    main.window.help_action.trigger()
    assert main.window.help.browser.page == "gallery"
