"""What the window says when runs end, and what the buttons beside it do."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.experiment import Experiment, validated
from studio.gui.controllers.main_controller import MainController
from studio.gui.runs_table.run_cells import Column
from studio.gui.views.learning.gap_strip import GapStrip
from tests.gui.at_hand import there
from tests.gui.window_driver import WindowDriver

VALUES = {
    "dataset": {"key": "digits"},
    "teacher": {"key": "cnn-8"},
    "student": {"key": "cnn-4"},
    "method": {"key": "kd"},
    "references": {"alone": True},
}


def seeds(*numbers: int) -> list[Experiment]:
    return [validated({**VALUES, "seed": seed}) for seed in numbers]


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def settle(driver: WindowDriver) -> None:
    """Until all that was asked for has been trained; several runs take longer than one."""
    driver.wait(lambda: driver.main.queue.doing == "idle" and not driver.main.queue.waiting, timeout=60_000)
    driver.wait(lambda: not driver.main.background.busy, timeout=20_000)


def press(main: MainController, offer: str) -> None:
    main.views_page.result.offers[offer].click()


def test_seeds_close_together_and_not_by_the_last_of_them(driver: WindowDriver) -> None:
    main = driver.open()
    said: list[str] = []
    main.training_controller.run_ended.connect(lambda _info: said.append(main.views_page.result.sentence))
    main.training_controller.train_all(seeds(0, 1, 2))
    settle(driver)
    assert said[0] == "Seed 0 is done, 2 more to come."
    assert said[1].startswith("2 of 3 seeds are done: 90.0 ± 0.0")
    assert said[2].startswith("Over 3 seeds the student reached 90.0 ± 0.0")
    assert driver.status == said[2]
    assert "3 seeds" in there(there(main.views_page.view).findChild(GapStrip)).headline


def test_more_seeds_are_trained_beside_those_that_are_there(driver: WindowDriver) -> None:
    main = driver.open()
    main.training_controller.train_all(seeds(1))
    settle(driver)
    press_seeds(driver, main)
    assert sorted(run.seed for run in main.run_store.runs) == [0, 1, 2]
    assert "Over 3 seeds" in main.views_page.result.sentence


def press_seeds(driver: WindowDriver, main: MainController) -> None:
    """The offer of more seeds, whatever was reached."""
    main.views_page.result.chosen.emit("seeds")
    settle(driver)


def test_the_panel_says_which_seeds_are_trained_where_its_experiment_is_still_that_one(driver: WindowDriver) -> None:
    main = driver.open()
    draft = main.window.draft
    draft.load_experiment(seeds(1)[0])
    main.training_controller.train_all(seeds(1))
    settle(driver)
    press_seeds(driver, main)
    assert draft.seeds == [0, 1, 2]
    draft.edits.undo()
    assert draft.seeds == [1]
    draft.set("training.epochs", 7)
    press_seeds(driver, main)
    assert draft.seeds == [1], "what is in the panel by now is another experiment"


def test_the_student_alone_is_trained_once_and_then_shown(driver: WindowDriver) -> None:
    main = driver.open()
    main.training_controller.train_all([validated({**VALUES, "references": {"alone": False}})])
    settle(driver)
    press(main, "alone")
    settle(driver)
    assert "71 % of the gap to its teacher is closed" in driver.status
    before = main.run_store.runs
    alone = next(run for run in before if run.role == "alone")
    assert not main.run_store.is_ticked(alone.id)
    press(main, "compare")
    settle(driver)
    assert main.run_store.runs == before
    assert main.run_store.is_ticked(alone.id)
    assert "was trained already" in driver.status
    assert there(main.views_page.view).key == "compare"


def test_what_is_offered_keeps_to_the_runs_that_are_there(driver: WindowDriver) -> None:
    main = driver.open()
    main.training_controller.train_all([validated({**VALUES, "references": {"alone": False}})])
    settle(driver)
    press(main, "alone")
    settle(driver)
    assert "compare" in main.views_page.result.offers
    alone = next(run for run in main.run_store.runs if run.role == "alone")
    main.run_store.edits.delete([alone.id], lambda: None)
    settle(driver)
    driver.wait(lambda: "compare" not in main.views_page.result.offers)
    assert main.views_page.result.offers["alone"].isEnabled()


def test_stopping_is_answered_by_a_button_that_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    slow = WindowDriver(qtbot, tmp_path / "workspace", seconds=0.05)
    main = slow.open()
    main.training_controller.train_all(seeds(0))
    slow.wait(lambda: main.run_store.asked and slow.live.history.step > 4)
    main.queue.stop()
    settle(slow)
    assert "studio resume" not in main.views_page.result.sentence
    assert (main.views_page.result.tone, list(main.views_page.result.offers)) == ("notice", ["go_on"])
    press(main, "go_on")
    settle(slow)
    assert main.run_store.runs[0].state == "finished"


def test_several_seeds_are_in_the_panel_the_next_time(driver: WindowDriver) -> None:
    main = driver.open()
    main.window.draft.set("seeds", [3, 4, 5])
    driver.close()
    assert driver.open().window.draft.seeds == [3, 4, 5]


def test_no_gap_is_said_only_of_what_was_compared(driver: WindowDriver) -> None:
    main = driver.open()
    cells: list[str] = []

    def look() -> None:
        model = main.runs_dock.model
        cells.extend(str(model.index(row, Column.GAP).data()) for row in range(model.rowCount()))

    main.run_store.overlaid.connect(look)
    main.run_store.listed.connect(look)
    main.training_controller.train_all(seeds(0, 1))
    settle(driver)
    assert "71\u00a0%" in cells
    assert "no gap to close" not in cells
