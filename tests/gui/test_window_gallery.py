"""The gallery page: one click takes an experiment into the panels or trains it, a set trains as a whole."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from window_driver import WindowDriver


@pytest.fixture
def driver(qtbot, tmp_path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def press(driver: WindowDriver, words: str) -> None:
    """Press the button of the gallery page with this accessible name."""
    page = driver.work.page_router.gallery
    found = next(one for one in page.findChildren(QPushButton) if one.accessibleName() == words)
    driver.qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_a_set_is_queued_as_a_whole(driver):
    work = driver.open()
    begun = []
    work.queue.began.connect(lambda job: begun.append(job.title))
    work.page_router.show_gallery()
    press(driver, "Start all 4: Do the same neurons fire?")
    driver.wait_idle()
    assert begun == ["Boundaries (AB)", "Values, L2", "Values, L1", "Values, L0.5"]
    assert {run.name for run in work.run_store.runs} >= set(begun)
    assert work.window.pages.currentWidget() is work.page


def test_a_set_named_at_the_start_trains_as_its_button_does(driver):
    work = driver.open(preset="boundaries", train=True)
    driver.wait_idle()
    assert [one.name for one in driver.engine.launched] == [
        "Boundaries (AB)",
        "Values, L2",
        "Values, L1",
        "Values, L0.5",
    ]
    assert work.window.draft.key("method") == "ab"


def test_one_taken_into_the_panels_trains_nothing(driver):
    work = driver.open()
    work.page_router.show_gallery()
    press(driver, "Take into the panels: See it happen on points in the plane")
    assert work.window.draft.key("data") == "moons"
    assert work.queue.doing == "idle"
    assert work.window.pages.currentWidget() is work.window.welcome
