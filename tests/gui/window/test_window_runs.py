"""The runs below: ticked, coloured, grouped, searched, named, deleted and brought back, saved."""

from __future__ import annotations

import csv
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from studio.core.message import Text
from studio.events import Phase, ignore_event
from studio.experiment import validated
from studio.gui.runs_table.run_cells import Column
from studio.gui.training.worker import TrainingJob
from studio.gui.views.view_tabs import ViewTabs
from studio.gui.widgets.labels import Label
from studio.runs.results.table import rows
from studio.systems.reference_experiments import teacher_experiment
from studio.training.control import Control
from tests.gui.at_hand import there
from tests.gui.fake_engine import FakeEngine
from tests.gui.window_driver import WindowDriver

SEEDS = [1, 2, 3]
MOONS = {
    "dataset": {"key": "moons"},
    "teacher": {"key": "mlp-20-20"},
    "student": {"key": "mlp-5-5"},
    "method": {"key": "kd"},
}


@pytest.fixture(scope="module")
def four_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three runs of one experiment and, newest, one of another."""
    place = tmp_path_factory.mktemp("four")
    engine = FakeEngine(place)
    values = {
        "dataset": {"key": "digits"},
        "teacher": {"key": "cnn-8"},
        "student": {"key": "cnn-4"},
        "method": {"key": "kd"},
        "references": {"alone": True},
    }
    for seed in SEEDS:
        engine.launch(validated({**values, "seed": seed}), ignore_event, Control())
    time.sleep(1.1)  # a run's time is told in seconds
    engine.launch(validated({**values, "seed": 7, "method": {"key": "logits"}}), ignore_event, Control())
    return place


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path, four_runs: Path) -> WindowDriver:
    """A window in which all four are drawn, the newest last."""
    place = tmp_path / "workspace"
    shutil.copytree(four_runs, place)
    made = WindowDriver(qtbot, place)
    main = made.open()
    made.wait(lambda: len(main.run_store.runs) == 4)
    main.page_router.show_views()
    main.run_store.tick([run.id for run in reversed(main.run_store.runs)], on=True)
    main.run_store.set_current(main.run_store.runs[0].id)
    made.wait(lambda: not main.background.busy)
    return made


def cell(driver: WindowDriver, row: int, column: Column) -> str:
    model = driver.main.runs_dock.table.model()
    return str(model.index(row, column).data())


def click(driver: WindowDriver, row: int, column: Column) -> None:
    table = driver.main.runs_dock.table
    at = table.visualRect(table.model().index(row, column)).center()
    driver.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_every_column_says_what_the_run_is(driver: WindowDriver) -> None:
    row = [cell(driver, 0, column) for column in Column]
    assert row[Column.METHOD] == "Logit matching"
    assert row[Column.ACCURACY] == "90.0\u00a0%"
    assert row[Column.GAP] == "71\u00a0%"
    assert row[Column.STATE] == "Finished"


def test_a_click_ticks_and_the_views_follow(driver: WindowDriver) -> None:
    main = driver.main
    before = len(there(main.views_page.view).shown)
    click(driver, 0, Column.TICK)
    assert len(there(main.views_page.view).shown) == before - 1
    click(driver, 0, Column.TICK)
    assert len(there(main.views_page.view).shown) == before


def test_a_run_keeps_its_colour(driver: WindowDriver) -> None:
    main = driver.main
    colors = {run: main.run_store.color(run) for run in main.run_store.ticked}
    assert set(colors.values()) == {0, 1, 2, 3}
    run = main.run_store.ticked[1]
    main.run_store.tick([run], on=False)
    main.run_store.tick([run], on=True)
    assert main.run_store.color(run) == colors[run]


def test_space_ticks_and_enter_opens(driver: WindowDriver) -> None:
    main = driver.main
    run = main.runs_dock.model.row(main.runs_dock.model.index(2, 0)).first.id
    main.runs_dock.select(run)
    driver.qtbot.keyClick(main.runs_dock.table, Qt.Key.Key_Space)
    assert not main.run_store.is_ticked(run)
    driver.qtbot.keyClick(main.runs_dock.table, Qt.Key.Key_Return)
    assert main.run_store.current == run


def test_seeds_are_grouped_into_mean_and_spread(driver: WindowDriver) -> None:
    main = driver.main
    main.runs_dock.group.setChecked(True)
    assert main.runs_dock.model.rowCount() == 2
    grouped = [cell(driver, row, Column.ACCURACY) for row in range(2)]
    assert any("± 0.0" in words and "(n\u00a03)" in words for words in grouped)
    main.runs_dock.group.setChecked(False)
    assert main.runs_dock.model.rowCount() == 4


def test_groups_hold_runs_that_differ_in_the_seed_alone(driver: WindowDriver) -> None:
    made = rows(driver.main.run_store.runs, grouped=True)
    assert sorted(sorted(run.seed for run in row.runs) for row in made) == [[1, 2, 3], [7]]


def test_search_finds_words_in_any_order(driver: WindowDriver) -> None:
    main = driver.main
    main.window.actions_["find"].trigger()
    assert main.runs_dock.search.hasFocus()
    driver.qtbot.keyClicks(main.runs_dock.search, "matching logit")
    assert main.runs_dock.table.model().rowCount() == 1
    driver.qtbot.keyClick(main.runs_dock.search, Qt.Key.Key_Escape)
    assert main.runs_dock.table.model().rowCount() == 4


def test_columns_sort_by_what_they_mean(driver: WindowDriver) -> None:
    table = driver.main.runs_dock.table
    table.sortByColumn(Column.RUN, Qt.SortOrder.DescendingOrder)
    names = [cell(driver, row, Column.RUN) for row in range(4)]
    assert names == sorted(names, key=str.casefold, reverse=True)


def test_a_run_is_renamed_in_its_row(driver: WindowDriver) -> None:
    main = driver.main
    run = main.runs_dock.model.row(main.runs_dock.model.index(0, 0)).first.id
    main.runs_dock.model.setData(main.runs_dock.model.index(0, Column.RUN), "The good one")
    driver.wait(lambda: there(main.run_store.find(run)).name == "The good one")
    assert cell(driver, 0, Column.RUN) == "The good one"


def test_the_menu_labels_a_run(driver: WindowDriver) -> None:
    main = driver.main
    row = main.runs_dock.model.row(main.runs_dock.model.index(0, 0))
    main.runs_dock.menu.show_rows([row])
    entries = {action.text(): action for action in main.runs_dock.menu.actions() if isinstance(action, QAction)}
    assert not entries["Go on with it"].isEnabled()
    entries["Favourite"].trigger()
    driver.wait(lambda: there(main.run_store.find(row.first.id)).favourite)
    entries["Take its experiment into the panels"].trigger()
    assert main.window.draft.key("method") == row.first.method


def test_a_deleted_run_can_be_brought_back(driver: WindowDriver) -> None:
    main = driver.main
    run = main.runs_dock.model.row(main.runs_dock.model.index(0, 0)).first.id
    main.runs_dock.select(run)
    driver.qtbot.keyClick(main.runs_dock.table, Qt.Key.Key_Delete)
    driver.wait(lambda: main.run_store.find(run) is None)
    assert "is in the bin now" in main.window.notice.words
    main.window.notice.followed.emit()
    driver.wait(lambda: main.run_store.find(run) is not None)


def test_it_is_no_longer_offered_once_it_was_brought_back_from_the_bin(driver: WindowDriver) -> None:
    main = driver.main
    run = main.runs_dock.model.row(main.runs_dock.model.index(0, 0)).first.id
    main.runs_dock.select(run)
    driver.qtbot.keyClick(main.runs_dock.table, Qt.Key.Key_Delete)
    driver.wait(lambda: main.run_store.find(run) is None)
    assert "is in the bin now" in main.window.notice.words
    main.run_store.edits.restore(run)
    driver.wait(lambda: main.run_store.find(run) is not None)
    assert not main.window.notice.words


def test_notes_are_written_down_when_typing_pauses(driver: WindowDriver) -> None:
    main = driver.main
    run = main.run_store.current
    main.window.help.tabs.setCurrentIndex(2)
    driver.qtbot.keyClicks(main.window.help.notes.notes, "Best of the day.")
    driver.wait(lambda: main.workspace.run(run).notes == "Best of the day.")


def test_this_run_tells_its_own_experiment(driver: WindowDriver) -> None:
    main = driver.main
    main.run_store.set_current(main.run_store.ticked[0])
    main.window.help.tabs.setCurrentIndex(1)
    texts = [label.text() for label in main.window.help.run_page.findChildren(type(main.window.help.run_page._title))]
    assert "Soft targets" in texts
    assert "Temperature" in texts


def test_the_table_is_saved_as_csv(driver: WindowDriver, tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    driver.main.runs_dock.write_csv(path)
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["method"] for line in lines} == {"kd", "logits"}
    assert {line["test_accuracy"] for line in lines} == {"0.9"}


def test_a_table_that_cannot_be_written_is_said(driver: WindowDriver, tmp_path: Path) -> None:
    driver.main.runs_dock.write_csv(tmp_path / "nowhere" / "runs.csv")
    assert "cannot be written" in driver.main.views_page.error.accessibleName()


def test_only_one_and_none_are_one_click(driver: WindowDriver) -> None:
    main = driver.main
    dock, third = main.runs_dock, main.runs_dock.model.row(main.runs_dock.model.index(2, 0)).first.id
    dock.select(third)
    driver.qtbot.mouseClick(dock.only, Qt.MouseButton.LeftButton)
    assert main.run_store.drawn == [third] == [run.history.run for run in there(main.views_page.view).shown]
    driver.qtbot.mouseClick(dock.none, Qt.MouseButton.LeftButton)
    assert main.run_store.drawn == []


def test_a_run_of_other_data_is_drawn_alone_and_the_others_are_off_with_the_reason(driver: WindowDriver) -> None:
    main = driver.main
    before = main.run_store.ticked
    job = TrainingJob("Moons", validated(MOONS))
    main.training_controller.add([job])
    driver.wait_idle()
    new = main.run_store.current
    assert main.run_store.drawn == [new]
    assert set(main.run_store.off) == set(before)
    row = main.runs_dock.model.row_of(before[0])
    assert "Digits" in str(main.runs_dock.model.index(row, Column.TICK).data(Qt.ItemDataRole.ToolTipRole))
    assert "4 of other data are off" in main.runs_dock.findChildren(Label)[1].text()
    click(driver, row, Column.TICK)
    assert set(main.run_store.drawn) == set(before)
    assert main.run_store.off == [new]


def test_a_new_run_is_laid_over_those_of_its_data(driver: WindowDriver) -> None:
    main = driver.main
    before = main.run_store.ticked
    main.run_store.tick(before[1:], on=False)
    main.training_controller.add([TrainingJob("Digits", there(main.run_store.find(before[0])).experiment)])
    driver.wait_idle()
    assert set(main.run_store.drawn) == {before[0], main.run_store.current}, "what was unticked stays away"


def test_the_runs_fold_to_one_line_with_the_names_of_what_is_drawn(driver: WindowDriver) -> None:
    main = driver.main
    before = main.views_page.height()
    main.runs_dock.fold(True)
    driver.qtbot.wait(50)
    assert main.runs_dock.height() == 34
    assert main.views_page.height() > before
    names = [name.text() for _, name in main.runs_dock._legend_entries if name.isVisible()]
    assert len(names) == 4


def test_a_report_is_one_file_with_pictures(driver: WindowDriver, tmp_path: Path) -> None:
    main = driver.main
    path = tmp_path / "report.html"
    current = there(main.run_actions.current)
    beside = main.run_actions.beside(current)
    experiments = {info.group for info in map(main.run_store.find, main.run_store.ticked) if info is not None}
    assert sorted(other.group for other in beside) == sorted(experiments - {current.group}), "one run of each"
    main.experiment_files.report(path, current, main.views_page.views, beside, main.run_store.runs)
    driver.wait(path.exists)
    text = path.read_text(encoding="utf-8")
    assert text.count("compared</h2>") + text.count("<h2>Compared with") == len(beside)
    assert "71 % of the gap to its teacher is closed" in text
    assert text.count("data:image/png;base64,") >= 3
    assert "http://" not in text.replace("http://www.w3.org", "")


class TestTabs:
    TITLES = ("One", "Two", "Three", "Four", "Five", "Six", "Seven")

    @pytest.fixture
    def tabs(self, qtbot: QtBot) -> ViewTabs:
        made = ViewTabs()
        made.set_titles(self.TITLES)
        qtbot.addWidget(made)
        made.show()
        return made

    def shown(self, tabs: ViewTabs) -> list[str]:
        return [tabs.bar.tabText(i) for i in range(tabs.bar.count())]

    def test_six_come_first_and_where_it_is_narrow_five(self, tabs: ViewTabs) -> None:
        assert self.shown(tabs) == list(self.TITLES[:6])
        assert self.menu(tabs) == ["Seven"]
        tabs.set_room(5)
        assert self.shown(tabs) == list(self.TITLES[:5])
        assert tabs.more.isVisible()

    def test_one_chosen_from_more_takes_the_last_tab(self, tabs: ViewTabs) -> None:
        tabs.set_room(5)
        chosen: list[int] = []
        tabs.chosen.connect(chosen.append)
        tabs.choose(6)
        assert self.shown(tabs) == [*self.TITLES[:4], "Seven"]
        assert chosen == [6]
        tabs.bar.setCurrentIndex(1)
        assert chosen == [6, 1]

    def menu(self, tabs: ViewTabs) -> list[str]:
        actions = there(tabs.more.menu()).actions()
        return [action.text() for action in actions if not action.isSeparator()]

    def test_a_view_that_nothing_fills_stands_under_more_with_the_reason(self, tabs: ViewTabs) -> None:
        tabs.set_room(7)
        assert not tabs.more.isVisible()
        tabs.set_off({2: "no maps", 6: "no points"})
        assert self.shown(tabs) == ["One", "Two", "Four", "Five", "Six"]
        assert self.menu(tabs) == ["Three\tno maps", "Seven\tno points"]
        tabs.set_room(4)
        assert self.menu(tabs) == ["Six", "Three\tno maps", "Seven\tno points"]
        tabs.set_off({})
        assert self.menu(tabs) == ["Five", "Six", "Seven"]

    def test_one_that_is_shown_keeps_its_tab_until_another_is_chosen(self, tabs: ViewTabs, qtbot: QtBot) -> None:
        tabs.choose(2)
        tabs.set_off(dict.fromkeys([2, 4, 5, 6], "off"))
        assert self.shown(tabs) == [self.TITLES[number] for number in (0, 1, 2, 3)]
        tabs.bar.setCurrentIndex(3)
        qtbot.waitUntil(lambda: self.shown(tabs) == [self.TITLES[number] for number in (0, 1, 3)])
        assert tabs.current == 3
        assert tabs.bar.currentIndex() == 2

    def test_one_that_is_off_can_be_opened_from_more(self, tabs: ViewTabs) -> None:
        tabs.set_room(3)
        tabs.set_off(dict.fromkeys([2, 5, 6], "off"))
        next(action for action in there(tabs.more.menu()).actions() if action.text() == "Six\toff").trigger()
        assert tabs.current == 5
        assert self.shown(tabs) == [self.TITLES[number] for number in (0, 1, 5)]
        tabs.choose(0)
        assert self.shown(tabs) == [self.TITLES[number] for number in (0, 1, 3)]

    def test_a_tab_is_moved_by_dragging_and_the_order_stays(self, tabs: ViewTabs, qtbot: QtBot) -> None:
        tabs.set_room(5)
        told: list[tuple[int, ...]] = []
        tabs.moved.connect(lambda: told.append(tabs.order))
        start, end = tabs.bar.tabRect(0).center(), tabs.bar.tabRect(2).center()
        qtbot.mousePress(tabs.bar, Qt.MouseButton.LeftButton, pos=start)
        for step in range(1, 6):
            qtbot.mouseMove(tabs.bar, start + (end - start) * step / 5)
        qtbot.mouseMove(tabs.bar, end + QPoint(20, 0))
        qtbot.mouseRelease(tabs.bar, Qt.MouseButton.LeftButton, pos=end + QPoint(20, 0))
        assert self.shown(tabs) == ["Two", "Three", "One", "Four", "Five"]
        assert told[-1] == (1, 2, 0, 3, 4, 5, 6)
        assert tabs.current == 0
        tabs.set_room(4)
        assert self.shown(tabs) == ["Two", "Three", "One", "Four"]

    def test_a_tab_is_moved_by_keys(self, tabs: ViewTabs, qtbot: QtBot) -> None:
        tabs.choose(3)
        tabs.bar.setFocus()
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right):
            qtbot.keyClick(tabs.bar, key, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        assert tabs.order == (0, 1, 3, 2, 4, 5, 6)
        assert tabs.current == 3

    def test_one_from_more_that_is_moved_forward_stays_there(self, tabs: ViewTabs) -> None:
        tabs.set_room(5)
        tabs.choose(6)
        tabs.bar.moveTab(4, 0)
        tabs.choose(1)
        tabs.set_room(5)
        assert self.shown(tabs) == ["Seven", "One", "Two", "Three", "Four"]

    def test_a_view_that_is_off_keeps_its_place_in_the_order(self, tabs: ViewTabs) -> None:
        tabs.set_off({1: "off"})
        tabs.bar.moveTab(3, 0)
        tabs.set_off({})
        assert self.shown(tabs)[:4] == ["Five", "One", "Two", "Three"]


def test_the_order_of_the_tabs_is_remembered(driver: WindowDriver) -> None:
    bar = driver.main.views_page.tabs.bar
    bar.moveTab(0, 2)
    order = driver.main.views_page.order
    assert order[0] != "learning"
    driver.main.settings.save()
    again = driver.open()
    assert again.views_page.order == order


def test_pressing_beside_a_row_changes_nothing(driver: WindowDriver) -> None:
    table = driver.main.runs_dock.table
    before = driver.main.run_store.ticked
    driver.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, table.viewport().height() - 2))
    assert driver.main.run_store.ticked == before


def test_drawn_runs_are_called_by_method_and_seed(driver: WindowDriver) -> None:
    """All are of the same data, so it is not said at every line."""
    labels = {shown.history.label for shown in driver.main.run_store.shown_runs()}
    assert labels == {"Soft targets, seed 1", "Soft targets, seed 2", "Soft targets, seed 3", "Logit matching"}


def test_a_name_that_was_given_stays_at_the_line(driver: WindowDriver) -> None:
    run = driver.main.run_store.runs[0].id
    driver.main.run_store.edits.set_labels(run, name="My best")
    driver.wait(lambda: "My best" in {shown.history.label for shown in driver.main.run_store.shown_runs()})


def test_a_run_that_has_just_ended_is_not_said_to_train_elsewhere(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list may have been read while its folder still said that it runs."""
    main = driver.main
    list_runs = main.workspace.runs
    monkeypatch.setattr(main.workspace, "runs", lambda: [replace(info, state="running") for info in list_runs()])
    main.training_controller.train()
    driver.wait_idle()
    newest = main.run_store.runs[0]
    assert newest.state == "running"
    assert main.runs_dock.model.cells.state(rows([newest])[0]) == "Finished"


def test_a_reference_is_called_so_before_it_is_one(driver: WindowDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it prepares its data nothing refers to it yet; it says for whom it is trained."""
    main = driver.main
    teacher = teacher_experiment(main.window.draft.experiments()[0])
    main.run_store.start_job()
    main.run_store.handle_events([Phase(run="asking", words=Text("Training the teacher"))])
    asked = replace(
        main.run_store.runs[0], id="t", name=teacher.title, parent="asking", role="teacher", method_title="None"
    )
    listed = [asked, *main.run_store.runs]
    monkeypatch.setattr(main.workspace, "runs", lambda: listed)
    main.run_store.refresh()
    driver.wait(lambda: main.run_store.find("t") is not None)
    assert main.runs_dock.model.cells.words(rows([asked])[0], Column.METHOD) == "Reference: teacher"
