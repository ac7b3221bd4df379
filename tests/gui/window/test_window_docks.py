"""Who gets the room: help beside a small window, views that fold it away, pages left before their answers came."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from pytestqt.qtbot import QtBot

from studio.core.message import Text
from studio.events import Phase, Progress, RunStarted, StageBand, StageStarted, StateChanged
from studio.gui.shell.status_text import StatusText
from studio.gui.shell.welcome_page import PICTURE
from studio.runs.timing.estimate import RunPart
from tests.gui.at_hand import there
from tests.gui.window_driver import WindowDriver


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def test_help_fits_beside_everything_in_the_least_window(driver: WindowDriver) -> None:
    main = driver.open(1024, 700)
    main.window.open_help("learning")
    for view in main.views_page.views:
        main.page_router.show_view(view.key)
        main.window.help_action.setChecked(True)
        driver.qtbot.wait(20)
        centre = there(main.window.body.centralWidget()).geometry()
        assert not centre.intersects(main.window.right.geometry())
        assert QRect(0, 0, 1024, 700).contains(main.window.right.geometry())


def test_help_that_a_page_folded_does_not_come_back_where_the_window_became_small(driver: WindowDriver) -> None:
    main = driver.open(1440, 900)
    main.page_router.show_gallery()
    main.window.resize(1024, 700)
    main.page_router.show_view("learning")
    assert not main.window.right.isVisible()
    main.page_router.show_gallery()
    main.window.resize(1440, 900)
    assert not main.window.right.isVisible()
    main.page_router.show_view("learning")
    assert main.window.right.isVisible()


def test_in_the_least_window_the_runs_leave_the_first_page_the_height_its_pictures_need(driver: WindowDriver) -> None:
    main = driver.open(1024, 700)
    window, dock = main.window, main.runs_dock
    driver.wait(lambda: window.welcome.cards[0].picture.height() == PICTURE.height())
    driver.wait(lambda: dock.is_folded)
    assert not main.settings.runs_folded, "only as long as there is no room"
    window.show_page(main.views_page)
    driver.wait(lambda: not dock.is_folded)
    window.show_page(window.welcome)
    window.resize(1440, 900)
    driver.wait(lambda: not dock.is_folded)


def test_the_keyboard_on_the_tabs_changes_none_of_their_places(driver: WindowDriver) -> None:
    main = driver.open(1440, 900)
    main.page_router.show_view("learning")
    bar = main.views_page.tabs.bar
    before = [bar.tabRect(number) for number in range(bar.count())]
    bar.setFocus(Qt.FocusReason.TabFocusReason)
    driver.qtbot.wait(20)
    assert [bar.tabRect(number) for number in range(bar.count())] == before
    assert bar.rect().contains(before[-1])


def test_a_chooser_left_for_another_page_is_not_answered(driver: WindowDriver) -> None:
    """pytest-qt fails the test when an answer reaches a page that is gone."""
    main = driver.open()
    for step in ("teacher", "student", "data"):
        main.page_router.show_chooser(step)
    main.page_router.show_gallery()
    driver.wait(lambda: not main.background.busy)
    assert main.page_router.chooser is None


def test_a_page_turns_from_teacher_to_student_and_back_to_where_it_came_from(driver: WindowDriver) -> None:
    main = driver.open(1440, 900)
    main.page_router.show_view("learning")
    main.page_router.show_chooser("teacher")
    there(driver.chooser.pair).switch.choose("student")
    driver.wait(lambda: not main.background.busy)
    assert driver.chooser.step == "student"
    assert there(driver.chooser.pair).switch.current == "student"
    driver.chooser.close_page()
    assert main.page_router.chooser is None
    assert main.window.pages.currentWidget() is main.views_page


def test_the_bar_on_top_says_something_between_two_phases() -> None:
    status = StatusText()
    status.start_job("run")
    status.handle_event(StageStarted(run="run", title="learn", trains=("student",)))
    assert status.line().words == "Learn"


def test_the_bar_on_top_says_that_a_pause_comes_after_the_item_under_way() -> None:
    status, later = StatusText(), Text("Pausing after the item under way, which may take minutes")
    status.start_job("run")
    status.set_answer(Text("Pausing after this step"))
    status.handle_event(StateChanged(run="run", state="running", words=later))
    assert status.line().words == str(later)
    status.handle_event(StateChanged(run="run", state="paused", words=Text("Paused.")))
    assert status.line().words == "Paused."


def test_the_time_left_of_a_reference_is_told_as_its_own() -> None:
    status = StatusText()
    status.start_job("run")
    status.handle_event(Progress(run="teacher", words=Text("Learn"), fraction=0.5, seconds_left=6))
    assert "for this part" in status.line().beside
    status.handle_event(Progress(run="run", words=Text("Learn"), fraction=0.5, seconds_left=6))
    assert "for this part" not in status.line().beside


def test_the_time_left_is_of_the_teacher_and_the_student_and_of_what_waits() -> None:
    status = StatusText()
    status.start_job()
    status.handle_event(Phase(run="run", words=Text("Training the teacher")))
    status.time_left.expect((RunPart("teacher", 20.0), RunPart("student", 20.0)))
    assert status.line().beside == "about 40\u00a0s left"
    status.time_left.expect_later([(RunPart("student", 50.0),)])
    assert status.line(waiting=1).beside == "about 1\u00a0min 30\u00a0s left for all, 1 waiting"


def test_while_data_are_fetched_the_bar_is_theirs() -> None:
    status = StatusText()
    status.start_job("run")
    status.time_left.expect((RunPart("student", 20.0),))
    status.handle_event(Progress(run="run", words=Text("Downloading"), fraction=0.7))
    assert (status.line().fraction, status.line().beside) == (0.7, "")


def test_of_a_chain_the_bar_names_the_step_and_keeps_the_share_of_the_whole() -> None:
    status = StatusText()
    status.start_job()
    roles = {"teacher": "", "generation 1": "teacher", "generation 2": "generation 1"}
    plan = tuple(StageBand(role, role, 10 * i, 10 * i + 10, True, by) for i, (role, by) in enumerate(roles.items()))

    def begins(run: str, role: str, parent: str = "") -> RunStarted:
        bands = () if parent else plan
        return RunStarted(
            run=run, name=run, plan=bands, steps=10, epochs=10, steps_per_epoch=1, batch_size=8, device="cpu",
            threads=1, precision="exact", classes=(), groups=(), role=role, parent=parent,
        )  # fmt: skip

    status.handle_event(Phase(run="chain", words=Text("Training MLP 8-8, generation 1")))
    status.time_left.expect((RunPart("generation 1", 10.0), RunPart("generation 2", 9.0), RunPart("student", 1.0)))
    status.handle_event(begins("chain", "student"))
    status.handle_event(StageStarted(run="chain", stage="generation 1", title="generation 1", trains=()))
    status.handle_event(begins("first", "generation 1", "chain"))
    status.handle_event(Progress(run="first", epoch=4, words=Text("Learn, epoch 5 of 10"), fraction=0.5))
    line = status.line()
    assert line.words == "Generation 1 of 2, epoch 5 of 10"
    assert line.fraction == pytest.approx(0.25)
    assert "15" in line.beside
    status.handle_event(Phase(run="first", words=Text("Measuring")))
    assert status.line().words == "Generation 1 of 2"
    status.handle_event(Progress(run="mean", words=Text("Measuring the trained networks"), fraction=0.0))
    assert status.line().fraction == pytest.approx(0.25), "what prepares within a chain does not take the bar"


def test_what_waits_is_counted_from_the_start_to_the_end_of_the_queue(driver: WindowDriver) -> None:
    main = driver.open()
    driver.engine.seconds = 0.01
    lefts = []
    main.queue.events_arrived.connect(lambda _events: lefts.append(main.training_controller.time_left.seconds))
    main.window.draft.set("seeds", [1, 2, 3])
    main.training_controller.train()
    driver.wait_idle()
    known = [left for left in lefts if left is not None]
    assert known[0] > 2 * known[-1]
    assert main.training_controller.time_left.seconds is None
