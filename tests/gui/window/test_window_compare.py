"""From the runs table to two runs side by side: by button, by menu, by keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from pytestqt.qtbot import QtBot

from studio.events import ignore_event
from studio.experiment import validated
from studio.gui.views.compare.view import CompareView
from studio.training.control import Control
from tests.gui.at_hand import there
from tests.gui.fake_engine import FakeEngine
from tests.gui.window_driver import WindowDriver

VALUES = {
    "dataset": {"key": "digits"},
    "teacher": {"key": "cnn-8"},
    "student": {"key": "cnn-4"},
    "method": {"key": "kd"},
}


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    """A window over two methods on digits and one on moons."""
    place = tmp_path / "workspace"
    engine = FakeEngine(place)
    for changes in (
        {},
        {"method": {"key": "logits"}},
        {"dataset": {"key": "moons"}, "student": {"key": "mlp-5-5"}, "teacher": {"key": "mlp-20-20"}},
    ):
        engine.launch(validated({**VALUES, **changes}), ignore_event, Control())
    made = WindowDriver(qtbot, place)
    made.open()
    made.wait(lambda: len(made.main.run_store.runs) == 3)
    made.main.page_router.show_views()
    return made


def select(driver: WindowDriver, *methods: str) -> None:
    """Select the rows of the runs by these methods, on digits; "moons" is the one on moons."""
    table = driver.main.runs_dock.table
    model = there(table.selectionModel())
    model.clear()
    for info in driver.main.run_store.runs:
        if (info.dataset if info.dataset == "moons" else info.method) in methods:
            row = driver.main.runs_dock.model.row_of(info.id)
            flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
            model.select(driver.main.runs_dock.model.index(row, 0), flags)


def view_of(driver: WindowDriver) -> CompareView:
    view = driver.main.views_page.view
    assert isinstance(view, CompareView)
    return view


def compared(driver: WindowDriver) -> set[str]:
    driver.wait(lambda: not driver.main.background.busy, timeout=30_000)
    view_of(driver).refresh()
    return {there(run.info).method for run in view_of(driver).shown}


def test_the_button_shows_the_two_selected_rows(driver: WindowDriver, qtbot: QtBot) -> None:
    select(driver, "kd", "logits")
    button = driver.main.runs_dock.compare
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert compared(driver) == {"kd", "logits"}
    assert len(driver.main.run_store.ticked) == 2


def test_keys_do_the_same(driver: WindowDriver, qtbot: QtBot) -> None:
    select(driver, "kd", "logits")
    driver.window.actions_["compare"].trigger()
    assert compared(driver) == {"kd", "logits"}
    assert driver.window.actions_["compare"].shortcut().toString() == "Ctrl+Shift+D"


def test_the_menu_of_two_rows_offers_it(driver: WindowDriver) -> None:
    select(driver, "kd", "logits")
    dock = driver.main.runs_dock
    dock.menu.show_rows(dock.selected_rows())
    entry = next(action for action in dock.menu.actions() if action.text() == "Compare the two")
    entry.trigger()
    assert compared(driver) == {"kd", "logits"}
    dock.menu.show_rows(dock.selected_rows()[:1])
    offered = [action.text() for action in dock.menu.actions()]
    assert "Compare the two" not in offered
    assert "Compare the ticked runs" in offered


def test_an_example_that_is_clicked_can_be_tried(driver: WindowDriver) -> None:
    main = driver.main
    select(driver, "kd", "logits")
    driver.window.actions_["compare"].trigger()
    assert compared(driver) == {"kd", "logits"}
    run = there(view_of(driver).shown[-1].info).id
    main.views_page.case_chosen.emit(run, 3)
    assert there(main.views_page.view).key == "try_it"
    assert main.run_store.current == run
    assert main.views_page.tabs.current == [view.key for view in main.views_page.views].index("try_it")


def test_rows_of_other_data_are_refused_with_the_reason(driver: WindowDriver) -> None:
    select(driver, "kd", "moons")
    before = driver.main.run_store.ticked
    driver.window.actions_["compare"].trigger()
    assert "They were tested on different data." in driver.window.notice.words
    assert driver.main.run_store.ticked == before
