"""What a person does in the window: pick by clicks, train, pause, step, stop, queue, close in the middle, come back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QThread
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studio.core.errors import NotANumber, OutOfMemory
from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.chooser.several_methods_dialog import KEY, SeveralMethodsDialog
from studio.runs.store.saved_methods import SavedMethods
from tests.gui.at_hand import there
from tests.gui.fake_engine import STEPS
from tests.gui.window_driver import WindowDriver


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


@pytest.fixture
def slow(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    """Steps take long enough to press buttons between them."""
    return WindowDriver(qtbot, tmp_path / "workspace", seconds=0.03)


def press(driver: WindowDriver, button: QWidget) -> None:
    driver.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def button(driver: WindowDriver, words: str) -> QPushButton:
    found = [one for one in driver.window.findChildren(QPushButton) if words in (one.text(), one.accessibleName())]
    return next(one for one in found if one.isVisible())


def begin_run(driver: WindowDriver) -> None:
    press(driver, driver.window.top_bar.train)
    driver.wait(lambda: driver.main.run_store.asked and driver.live.history.step > 0)


class TestPicking:
    def test_everything_is_filled_in_at_the_start(self, driver: WindowDriver) -> None:
        main = driver.open()
        assert main.window.panel.refusal() == ""
        assert main.window.top_bar.train.isEnabled()

    def test_the_method_is_changed_by_clicks(self, driver: WindowDriver) -> None:
        main = driver.open()
        press(driver, main.window.panel.cards["method"])
        chooser = main.page_router.chooser
        assert isinstance(chooser, ChooserPage)
        driver.wait(lambda: chooser.list.rows.choices)
        chooser.list.point_at("at")
        press(driver, chooser.use)
        assert main.window.draft.key("method") == "at"
        assert main.page_router.chooser is None
        assert main.window.pages.currentWidget() is main.window.welcome

    def test_a_choice_can_be_undone(self, driver: WindowDriver) -> None:
        main = driver.open()
        main.window.draft.pick("method", "at")
        assert main.window.actions_["undo"].isEnabled()
        main.window.actions_["undo"].trigger()
        assert main.window.draft.key("method") == "kd"

    def test_a_card_of_the_welcome_page_trains_at_once(self, driver: WindowDriver) -> None:
        main = driver.open()
        press(driver, main.window.welcome.cards[1].action)
        driver.wait_idle()
        assert driver.engine.launched[0].dataset.key == main.window.draft.key("data")
        assert main.window.pages.currentWidget() is main.views_page

    def test_what_cannot_work_is_refused_in_words(self, driver: WindowDriver) -> None:
        main = driver.open()
        main.window.draft.pick("data", "moons")
        driver.wait(main.window.panel.refusal)
        press(driver, main.window.top_bar.train)
        assert not driver.engine.launched
        assert "cannot be trained yet" in driver.status
        card = next(one for one in main.window.panel.cards.values() if one.note)
        assert card.note in card.toolTip()
        main.window.draft.edits.undo()
        driver.wait(lambda: not main.window.panel.refusal())
        driver.wait(lambda: driver.status == "Ready. Press Train.")

    def test_what_is_refused_is_not_said_beside_the_time_of_another_run(self, driver: WindowDriver) -> None:
        main = driver.open()
        main.window.top_bar.phase.show_progress(1.0, "took 33 s")
        main.window.draft.pick("data", "moons")
        driver.wait(main.window.panel.refusal)
        press(driver, main.window.top_bar.train)
        assert not main.window.top_bar.phase.beside.text()
        assert not main.window.top_bar.phase.bar.isVisible()


class TestTraining:
    def test_a_run_goes_from_train_to_the_sentence(self, driver: WindowDriver) -> None:
        main = driver.open()
        press(driver, main.window.top_bar.train)
        assert driver.status == "Getting ready"
        assert main.window.top_bar.train.text() == "Queue"
        driver.wait_idle()
        assert "71 % of the gap to its teacher is closed" in driver.status
        assert main.views_page.result.isVisible()
        assert main.views_page.result.sentence == driver.status
        assert main.window.top_bar.train.text() == "Train"

    def test_phases_progress_and_time_left_are_told(self, slow: WindowDriver) -> None:
        main = slow.open()
        begin_run(slow)
        slow.wait(lambda: re.search(r"epoch \d of 10", slow.status))
        phase = main.window.top_bar.phase
        assert "left" in phase.beside.text()
        assert 0 < phase.bar.value() < phase.bar.maximum()
        main.queue.stop()
        slow.wait_idle()

    def test_pause_step_and_go_on(self, slow: WindowDriver) -> None:
        main = slow.open()
        begin_run(slow)
        history = slow.live.history
        press(slow, button(slow, "Pause"))
        assert slow.status == "Pausing after this step"
        slow.wait(lambda: slow.status == "Paused.")
        held = history.step
        slow.qtbot.wait(150)
        assert history.step == held
        press(slow, button(slow, "Step"))
        slow.wait(lambda: history.step == held + 1)
        slow.qtbot.wait(150)
        assert history.step == held + 1
        press(slow, button(slow, "Go on"))
        slow.wait(lambda: history.step > held + 3)
        main.queue.stop()
        slow.wait_idle()

    def test_stop_is_answered_at_once_and_keeps_what_was_learnt(self, slow: WindowDriver) -> None:
        main = slow.open()
        begin_run(slow)
        press(slow, button(slow, "Stop"))
        assert slow.status.startswith("Stopping after this step")
        assert not main.window.actions_["stop"].isEnabled()
        slow.wait_idle()
        assert main.run_store.runs[0].state == "stopped"
        assert main.run_store.runs[0].reached is not None

    def test_seeds_are_a_run_each(self, driver: WindowDriver) -> None:
        main = driver.open()
        main.window.draft.set("seeds", [1, 2, 3])
        press(driver, main.window.top_bar.train)
        assert len(main.queue.waiting) == 2
        driver.wait_idle()
        assert [one.seed for one in driver.engine.launched] == [1, 2, 3]
        assert len(main.run_store.ticked) == 3

    def test_methods_are_ticked_as_a_set(self, driver: WindowDriver) -> None:
        main = driver.open()
        main.window.draft.set("seeds", [1, 2])
        main.window.actions_["train_several"].trigger()
        driver.wait(lambda: main.window.findChildren(SeveralMethodsDialog))
        dialog = main.window.findChildren(SeveralMethodsDialog)[0]
        assert dialog.ticked == ["kd"]
        logits = dialog.list.findItems("Logit matching", Qt.MatchFlag.MatchStartsWith)[0]
        logits.setCheckState(Qt.CheckState.Checked)
        assert dialog._sum.text() == "4 runs, one after the other"
        press(driver, dialog.train)
        driver.wait_idle()
        assert [(one.seed, one.method.key) for one in driver.engine.launched] == [
            (1, "logits"),
            (1, "kd"),
            (2, "logits"),
            (2, "kd"),
        ]

    def test_methods_to_tick_wrap_their_words_and_show_which_cannot_be_ticked(self, driver: WindowDriver) -> None:
        main = driver.open()
        main.window.actions_["train_several"].trigger()
        driver.wait(lambda: main.window.findChildren(SeveralMethodsDialog))
        methods = main.window.findChildren(SeveralMethodsDialog)[0].list
        items = [methods.item(row) for row in range(methods.count())]
        heights = {item.data(KEY): methods.visualItemRect(item).height() for item in items}
        assert heights["svd"] > heights["none"], "the reason takes two lines"
        assert methods.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        refused = [item for item in items if item.toolTip()]
        assert refused, "of the pair of the first ready experiment not all fit"
        for item in refused:
            assert item.checkState() == Qt.CheckState.Unchecked
            assert not item.flags() & Qt.ItemFlag.ItemIsEnabled

    def test_a_kept_method_is_among_those_to_tick_and_one_yet_to_be_made_is_not(self, driver: WindowDriver) -> None:
        SavedMethods(driver.place).save("Maps by L1", {"key": "composed", "settings": {"distance": "l1"}})
        main = driver.open()
        main.window.actions_["train_several"].trigger()
        driver.wait(lambda: main.window.findChildren(SeveralMethodsDialog))
        dialog = main.window.findChildren(SeveralMethodsDialog)[0]
        assert not dialog.list.findItems("Your own method", Qt.MatchFlag.MatchStartsWith)
        dialog.list.findItems("Maps by L1", Qt.MatchFlag.MatchStartsWith)[0].setCheckState(Qt.CheckState.Checked)
        press(driver, dialog.train)
        driver.wait_idle()
        titles = [one.method.title for one in driver.engine.launched]
        assert sorted(titles) == ["Maps by L1", "Soft targets"]

    def test_editing_during_a_run_prepares_the_next(self, slow: WindowDriver) -> None:
        main = slow.open()
        begin_run(slow)
        main.window.draft.set("training.epochs", 7)
        assert "for the next run" in main.window.panel.running_notice.words
        press(slow, main.window.top_bar.train)
        slow.wait(lambda: "1 waiting" in main.window.top_bar.phase.beside.text())
        main.queue.stop()
        slow.wait(lambda: len(slow.engine.launched) == 2)
        main.queue.stop()
        slow.wait_idle()
        assert [one.training.epochs == 7 for one in slow.engine.launched] == [False, True]

    def test_the_views_follow_the_run(self, driver: WindowDriver) -> None:
        main = driver.open()
        press(driver, main.window.top_bar.train)
        driver.wait_idle()
        shown = there(main.views_page.view).shown
        assert shown[0].current
        assert shown[0].history.step == STEPS
        assert len(shown[0].history.test) == 10

    def test_no_thread_is_left(self, driver: WindowDriver) -> None:
        main = driver.open()
        press(driver, main.window.top_bar.train)
        driver.wait_idle()
        driver.close()
        assert not [thread for thread in main.findChildren(QThread) if thread.isRunning()]


class TestErrors:
    def fail_with(self, driver: WindowDriver, error: Exception) -> None:
        driver.engine.fault = (6, error)
        press(driver, driver.window.top_bar.train)
        driver.wait_idle()

    def test_a_failure_takes_the_upper_half_and_offers_the_remedy(self, driver: WindowDriver) -> None:
        main = driver.open()
        batch = main.window.draft.experiments()[0].training.batch_size
        self.fail_with(driver, OutOfMemory("The device ran out of memory.", "Because.", offers=("halve_batch",)))
        page = main.views_page.error
        assert page.isVisible()
        assert there(main.views_page.view).isVisible()
        remedy = page.remedy_buttons[0]
        assert remedy.text() == f"Train with batch {batch // 2}"
        press(driver, remedy)
        driver.wait_idle()
        assert driver.engine.launched[1].training.batch_size == batch // 2
        assert not page.isVisible()

    def test_the_setting_at_fault_is_marked(self, driver: WindowDriver) -> None:
        main = driver.open()
        self.fail_with(driver, NotANumber("The loss is no longer a number.", offers=("lower_learning_rate",)))
        assert main.window.panel.form.row("training.optimizer.lr").error

    def test_an_unexpected_error_is_no_traceback_first(self, driver: WindowDriver) -> None:
        main = driver.open()
        self.fail_with(driver, ZeroDivisionError("odd"))
        page = main.views_page.error
        assert "Traceback" not in page.accessibleName() + page.accessibleDescription()
        assert "Traceback" in page._details.toPlainText()
        assert not page._details.isVisible()

    def test_a_full_disk_pauses_and_can_go_on(self, driver: WindowDriver) -> None:
        main = driver.open()
        driver.engine.full_at = 5
        press(driver, main.window.top_bar.train)
        driver.wait(lambda: main.queue.doing == "paused")
        driver.wait(main.views_page.error.isVisible)
        press(driver, main.views_page.error.remedy_buttons[0])
        driver.wait_idle()
        assert main.run_store.runs[0].state == "finished"

    def test_a_broken_experiment_file_is_told_with_every_place(self, driver: WindowDriver, tmp_path: Path) -> None:
        main = driver.open()
        before = main.window.draft.values
        path = tmp_path / "broken.toml"
        path.write_text('[dataset]\nkey = "digitz"\n[training]\nepoch = 3\n', encoding="utf-8")
        main.experiment_files.open(path)
        said = main.views_page.error.accessibleName() + main.views_page.error.accessibleDescription()
        assert "broken.toml" in said
        assert "dataset.key" in said
        assert "training.epoch" in said
        assert main.window.draft.values == before


class TestLeaving:
    def test_closing_while_nothing_trains_asks_nothing(self, driver: WindowDriver) -> None:
        main = driver.open()
        assert main.window.close()
        assert main.close_guard.question is None

    def test_closing_during_training_asks_and_one_can_stay(self, slow: WindowDriver) -> None:
        main = slow.open()
        begin_run(slow)
        assert not main.window.close()
        question = there(main.close_guard.question)
        stay = next(one for one in question.buttons() if one.objectName() != "stop")
        stay.click()
        assert main.window.isVisible()
        assert main.queue.doing == "running"
        main.queue.stop()
        slow.wait_idle()

    def test_closing_in_the_middle_leaves_a_run_to_go_on_with(self, slow: WindowDriver) -> None:
        main = slow.open()
        main.window.draft.set("training.batch_size", 48)
        begin_run(slow)
        press(slow, main.window.top_bar.train)
        slow.wait(lambda: len(slow.live.history.test))
        main.window.close()
        next(one for one in there(main.close_guard.question).buttons() if one.objectName() == "stop").click()
        slow.wait(lambda: not main.window.isVisible())
        left = main.workspace.run("last")
        assert left.state == "stopped"

        main = slow.open()
        assert main.window.draft.get("training.batch_size") == 48
        assert main.run_store.ticked == [left.id]
        assert left.name in main.window.notice.words
        main.window.notice.followed.emit()
        slow.wait(lambda: main.run_store.asked == left.id)
        slow.wait(lambda: slow.live.history.step > 0)
        assert len(slow.live.history.test) > 0, "what it had before is still drawn"
        assert "waited in the queue" in main.window.notice.words
        slow.wait_idle()
        assert there(main.run_store.find(left.id)).state == "finished"
        steps = there(main.run_store.history(left.id)).test.x
        assert list(steps) == sorted(set(steps))

    def test_what_goes_on_by_another_way_is_no_longer_offered(self, slow: WindowDriver) -> None:
        main = slow.open()
        begin_run(slow)
        slow.wait(lambda: len(slow.live.history.test))
        main.window.close()
        next(one for one in there(main.close_guard.question).buttons() if one.objectName() == "stop").click()
        slow.wait(lambda: not main.window.isVisible())
        left = main.workspace.run("last")
        main = slow.open()
        assert left.name in main.window.notice.words
        main.run_actions.resume(left.id)
        slow.wait(lambda: main.run_store.asked == left.id)
        assert left.name not in main.window.notice.words
        slow.wait_idle()

    def test_the_window_comes_back_as_it_was(self, driver: WindowDriver) -> None:
        main = driver.open(1300, 800)
        press(driver, main.window.top_bar.train)
        driver.wait_idle()
        main.window.actions_["theme"].trigger()
        main.window.actions_["runs"].trigger()
        run = main.run_store.ticked[0]
        color = main.run_store.color(run)
        driver.close()
        main = driver.open(1300, 800)
        assert main.settings.theme == "dark"
        assert main.runs_dock.is_folded
        assert main.run_store.ticked == [run]
        assert main.run_store.color(run) == color
        main.window.toggle_theme()
