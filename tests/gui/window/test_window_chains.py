"""A chain of trainings in the window, over the real engine: stopped, failed, gone on with."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from studio.core.errors import RunFailed
from studio.gui.controllers.main_controller import MainController
from studio.gui.runs_table.average_dialog import AverageDialog
from studio.runs.launch import launch
from studio.runs.results.chain_text import next_role
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.training import session
from tests.gui.at_hand import there
from tests.gui.window_driver import WindowDriver
from tests.systems.chains import small_chain

#: For a row of the table, of 20 milliseconds each.
WAITS = 500
LONG = {"training": {"epochs": 200, "batch_size": 64}}


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a chain of two generations that has ended; nobody changes it."""
    place = tmp_path_factory.mktemp("ended")
    launch(small_chain("ban"), Workspace(place))
    return place


def open_over(driver: WindowDriver, workspace: Path) -> MainController:
    """A window over a copy of a workspace, once its runs are listed and the views are in front."""
    shutil.copytree(workspace, driver.place)
    main = driver.open(real=True)
    driver.wait(lambda: main.run_store.runs and not main.background.busy)
    main.page_router.show_views()
    return main


def train(driver: WindowDriver, main: MainController, **changes: Any) -> RunInfo | None:
    """Train a chain of two generations to its end; how it stands then."""
    with driver.qtbot.waitSignal(main.training_controller.run_ended, timeout=60_000) as ended:
        main.training_controller.train_all([small_chain("ban", **changes)])
    driver.wait_idle()
    info = ended.args[0]
    assert info is None or isinstance(info, RunInfo)
    return info


def chain(main: MainController) -> RunInfo:
    return next(run for run in main.run_store.runs if run.is_chain)


def button(main: MainController, words: str) -> QPushButton:
    """One on the page of views that can be seen."""
    return next(one for one in main.views_page.findChildren(QPushButton) if one.text() == words and one.isVisible())


def select(main: MainController, run: RunInfo) -> None:
    """Select the row of a run, once the table has it."""
    for _ in range(WAITS):
        main.runs_dock.select(run.id)
        if [row.first.id for row in main.runs_dock.selected_rows()] == [run.id]:
            return
        QTest.qWait(20)
    pytest.fail(f"there is no row of {run.name}")


def menu_words(main: MainController, run: RunInfo) -> list[str]:
    select(main, run)
    main.runs_dock.menu.show_rows(main.runs_dock.selected_rows())
    return [action.text() for action in main.runs_dock.menu.actions()]


def go_on(driver: WindowDriver, main: MainController, words: str) -> RunInfo:
    with driver.qtbot.waitSignal(main.training_controller.run_ended, timeout=60_000):
        button(main, words).click()
    driver.wait_idle()
    return chain(main)


def test_a_stopped_chain_goes_on_from_the_step_it_was_stopped_in(driver: WindowDriver) -> None:
    main = driver.open(real=True)
    main.training_controller.train_all([small_chain("ban", **LONG)])
    driver.wait(lambda: any(run.role == "generation 1" for run in main.run_store.runs), timeout=60_000)
    with driver.qtbot.waitSignal(main.training_controller.run_ended, timeout=60_000):
        main.queue.stop()
    driver.wait_idle()
    assert chain(main).state == "stopped"
    assert "Go on from generation 1" in menu_words(main, chain(main))
    assert go_on(driver, main, "Go on from generation 1").state == "finished"


def test_a_failed_step_keeps_the_chain(driver: WindowDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    main = driver.open(real=True)
    real, runs = session.run_session, 0

    def fail_third(*args: Any, **kwargs: Any) -> Any:
        nonlocal runs
        runs += 1
        if runs == 3:
            raise RunFailed("It broke.")
        return real(*args, **kwargs)

    monkeypatch.setattr(session, "run_session", fail_third)
    assert train(driver, main) is None
    assert main.views_page.error.isVisible()
    assert chain(main).state == "failed"
    assert set(chain(main).references) == {"teacher", "generation 1"}
    assert "Go on from generation 2" in menu_words(main, chain(main))
    done = go_on(driver, main, "Go on from generation 2")
    assert done.state == "finished"
    assert runs == 5, "what was done before was not done again"


class TestDeleting:
    """A chain of two generations that has ended."""

    @pytest.fixture
    def main(self, driver: WindowDriver, ended: Path) -> MainController:
        return open_over(driver, ended)

    def ask(self, main: MainController, run: RunInfo) -> QMessageBox:
        select(main, run)
        main.runs_dock.deletion.delete(main.runs_dock.selected_rows())
        return there(main.runs_dock.deletion.question)

    def answer(self, driver: WindowDriver, question: QMessageBox, name: str) -> None:
        there(question.findChild(QAbstractButton, name)).click()
        driver.wait_idle()

    def step(self, main: MainController, role: str) -> RunInfo:
        return next(run for run in main.run_store.runs if run.role == role)

    def test_a_step_says_what_depends_on_it(self, driver: WindowDriver, main: MainController) -> None:
        gone, name = self.step(main, "generation 1"), chain(main).name
        question = self.ask(main, gone)
        said = question.informativeText()
        assert f"“{gone.name}” is a step of “{name}”: generation 1." in said
        assert f"“{gone.name}” has taught “{self.step(main, 'generation 2').name}”." in said
        assert f"is a member of the ensemble “{self.step(main, 'mean of generations 1 and 2').name}”." in said
        self.answer(driver, question, "alone")
        assert main.run_store.find(gone.id) is None
        assert next_role(chain(main), {run.id for run in main.run_store.runs}) == "generation 1"

    def test_a_chain_can_take_its_runs_along_and_all_come_back(
        self, driver: WindowDriver, main: MainController
    ) -> None:
        before = len(main.run_store.runs)
        question = self.ask(main, chain(main))
        self.answer(driver, question, "with_steps")
        assert main.run_store.runs == []
        main.window.notice.followed.emit()
        driver.wait(lambda: len(main.run_store.runs) == before)

    def test_a_chain_alone_leaves_its_runs(self, driver: WindowDriver, main: MainController) -> None:
        gone, before = chain(main), len(main.run_store.runs)
        self.answer(driver, self.ask(main, gone), "alone")
        assert len(main.run_store.runs) == before - 1
        assert main.run_store.find(gone.id) is None

    def test_what_nothing_depends_on_goes_without_a_question(self, driver: WindowDriver, main: MainController) -> None:
        gone = self.step(main, "mean of generations 1 and 2")
        select(main, gone)
        main.runs_dock.deletion.delete(main.runs_dock.selected_rows())
        assert main.runs_dock.deletion.question is None
        driver.wait(lambda: main.run_store.find(gone.id) is None)


def test_one_that_has_ended_offers_nothing_to_go_on_with(driver: WindowDriver) -> None:
    main = driver.open(real=True)
    train(driver, main)
    assert main.views_page.result.isVisible()
    assert not [one for one in main.views_page.findChildren(QPushButton) if one.isVisible() and "Go on" in one.text()]
    assert "Go on with it" in menu_words(main, chain(main)), "what cannot be done does not speak of steps"


class TestAveraging:
    """The steps of a chain of two generations that has ended."""

    @pytest.fixture
    def main(self, driver: WindowDriver, ended: Path) -> MainController:
        return open_over(driver, ended)

    def ask(self, main: MainController, *runs: RunInfo) -> AverageDialog:
        main.run_store.tick(main.run_store.ticked, on=False)
        main.run_store.tick([run.id for run in runs], on=True)
        main.window.actions_["average"].trigger()
        return there(main.ensemble_actions.dialog)

    def generations(self, main: MainController) -> list[RunInfo]:
        return [run for run in main.run_store.runs if run.role.startswith("generation")]

    def test_ticked_runs_become_a_row_of_their_own(self, driver: WindowDriver, main: MainController) -> None:
        dialog = self.ask(main, *self.generations(main))
        dialog.mean.segment("logits").click()
        dialog.name.setText("two of them")
        with driver.qtbot.waitSignal(main.training_controller.run_ended, timeout=60_000):
            dialog.measure.click()
        driver.wait_idle()
        made = next(run for run in main.run_store.runs if run.name == "two of them")
        assert (made.state, made.parent) == ("finished", "")
        assert set(made.members) == {run.id for run in self.generations(main)}
        assert made.student == "mean-logits(mlp-8-8+mlp-8-8)"
        assert made.test_accuracy is not None

    def test_what_cannot_be_averaged_is_left_out_at_first_and_refused_in_words(
        self, driver: WindowDriver, main: MainController
    ) -> None:
        average = next(run for run in main.run_store.runs if run.members)
        dialog = self.ask(main, chain(main), average, *self.generations(main))
        assert set(dialog.list.ticked) == {run.id for run in self.generations(main)}
        last = self.generations(main)[0]
        dialog.list.tick([chain(main).id, last.id])
        dialog.measure.click()
        driver.wait(main.views_page.error.isVisible)
        assert "keep the same network" in main.views_page.error.accessibleName()
        main.ensemble_actions.average([average.id, last.id], "probabilities", "")
        driver.wait(lambda: "is an ensemble itself" in main.views_page.error.accessibleName())

    def test_its_network_is_saved_as_a_file_from_the_menu(
        self, driver: WindowDriver, main: MainController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        average = next(run for run in main.run_store.runs if run.members)
        assert "Save its network…" in menu_words(main, average)
        file = tmp_path / "mean.safetensors"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(file), ""))
        main.runs_dock.menu.export_requested.emit(average.id)
        driver.wait(lambda: str(file) in driver.status)
        assert file.read_bytes() == average.places.student.read_bytes()

    def test_one_run_is_no_ensemble(self, main: MainController) -> None:
        first, _ = self.generations(main)
        main.run_store.tick(main.run_store.ticked, on=False)
        main.run_store.tick([first.id], on=True)
        assert not main.window.actions_["average"].isEnabled()

    def test_an_ensemble_is_used_as_the_teacher(self, driver: WindowDriver, main: MainController) -> None:
        average = next(run for run in main.run_store.runs if run.members)
        assert "Use as teacher" in menu_words(main, average)
        main.runs_dock.menu.teacher_requested.emit(average.id)
        assert main.window.draft.get("teacher") == {"key": average.student, "source": f"run:{average.id}"}
        assert main.window.draft.key("data") == "moons", "the data it knows"
        driver.wait(lambda: main.window.panel.cards["teacher"].title == average.student_title)
