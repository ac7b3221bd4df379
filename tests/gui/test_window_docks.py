"""Who gets the room: help beside a small window, views that fold it away, pages left before their answers came."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from window_driver import WindowDriver

from studio.core.message import Text
from studio.events import Phase, Progress, StageStarted
from studio.gui.shell.status_text import StatusText
from studio.runs.timing.estimate import RunPart


@pytest.fixture
def driver(qtbot, tmp_path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def test_help_fits_beside_everything_in_the_least_window(driver):
    work = driver.open(1024, 700)
    work.window.open_help("learning")
    for view in work.page.views:
        work.page_router.show_view(view.key)
        work.window.help_action.setChecked(True)
        driver.qtbot.wait(20)
        centre = work.window.centralWidget().geometry()
        assert not centre.intersects(work.window.right.geometry())
        assert QRect(0, 0, 1024, 700).contains(work.window.right.geometry())


def test_help_that_a_view_folded_does_not_come_back_where_the_window_became_small(driver):
    work = driver.open(1440, 900)
    work.page_router.show_view("attention")
    work.window.resize(1024, 700)
    work.page_router.show_view("learning")
    assert not work.window.right.isVisible()
    work.page_router.show_view("attention")
    work.window.resize(1440, 900)
    assert not work.window.right.isVisible()
    work.page_router.show_view("learning")
    assert work.window.right.isVisible()


def test_the_keyboard_on_the_tabs_changes_none_of_their_places(driver):
    work = driver.open(1440, 900)
    work.page_router.show_view("learning")
    bar = work.page.tabs.bar
    before = [bar.tabRect(number) for number in range(bar.count())]
    bar.setFocus(Qt.FocusReason.TabFocusReason)
    driver.qtbot.wait(20)
    assert [bar.tabRect(number) for number in range(bar.count())] == before
    assert bar.rect().contains(before[-1])


def test_a_chooser_left_for_another_page_is_not_answered(driver):
    """pytest-qt fails the test when an answer reaches a page that is gone."""
    work = driver.open()
    for step in ("teacher", "student", "data"):
        work.page_router.choose(step)
    work.page_router.show_gallery()
    driver.wait(lambda: not work.background.busy)
    assert work.page_router.chooser is None


def test_the_bar_on_top_says_something_between_two_phases():
    teller = StatusText()
    teller.begin("run")
    teller.take([StageStarted(run="run", title="learn", trains=("student",))])
    assert teller.said().words == "Learn"


def test_the_time_left_of_a_reference_is_told_as_its_own():
    teller = StatusText()
    teller.begin("run")
    teller.take([Progress(run="teacher", words=Text("Learn"), fraction=0.5, seconds_left=6)])
    assert "for this part" in teller.said().beside
    teller.take([Progress(run="run", words=Text("Learn"), fraction=0.5, seconds_left=6)])
    assert "for this part" not in teller.said().beside


def test_the_time_left_is_of_the_teacher_and_the_student_and_of_what_waits():
    teller = StatusText()
    teller.begin()
    teller.take([Phase(run="run", words=Text("Training the teacher"))])
    teller.remaining.expect((RunPart("teacher", "T", 20.0), RunPart("student", "S", 20.0)))
    assert teller.said().beside == "about 40\u00a0s left"
    teller.remaining.expect_later([(RunPart("student", "S2", 50.0),)])
    assert teller.said(waiting=1).beside == "about 1\u00a0min 30\u00a0s left for all, 1 waiting"


def test_while_data_are_fetched_the_bar_is_theirs():
    teller = StatusText()
    teller.begin("run")
    teller.remaining.expect((RunPart("student", "S", 20.0),))
    teller.take([Progress(run="run", words=Text("Downloading"), fraction=0.7)])
    assert (teller.said().fraction, teller.said().beside) == (0.7, "")


def test_what_waits_is_counted_from_the_start_to_the_end_of_the_queue(driver):
    work = driver.open()
    driver.engine.seconds = 0.01
    lefts = []
    work.queue.mailed.connect(lambda _events: lefts.append(work.training.remaining.left))
    work.window.draft.set("seeds", [1, 2, 3])
    work.training.train()
    driver.wait_idle()
    known = [left for left in lefts if left is not None]
    assert known[0] > 2 * known[-1]
    assert work.training.remaining.left is None
