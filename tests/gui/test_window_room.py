"""Who gets the room: help beside a small window, views that fold it away, pages left before their answers came."""

from __future__ import annotations

import pytest
from bench import Bench
from PySide6.QtCore import QRect, Qt

from studio.events import Progress, StageStarted
from studio.gui.progress import ProgressTeller
from studio.text import Text


@pytest.fixture
def bench(qtbot, tmp_path) -> Bench:
    return Bench(qtbot, tmp_path / "workspace")


def test_help_fits_beside_everything_in_the_least_window(bench):
    work = bench.open(1024, 700)
    work.window.open_help("learning")
    for view in work.page.views:
        work.pages.show_view(view.key)
        work.window.help_action.setChecked(True)
        bench.qtbot.wait(20)
        centre = work.window.centralWidget().geometry()
        assert not centre.intersects(work.window.right.geometry())
        assert QRect(0, 0, 1024, 700).contains(work.window.right.geometry())


def test_help_that_a_view_folded_does_not_come_back_where_the_window_became_small(bench):
    work = bench.open(1440, 900)
    work.pages.show_view("attention")
    work.window.resize(1024, 700)
    work.pages.show_view("learning")
    assert not work.window.right.isVisible()
    work.pages.show_view("attention")
    work.window.resize(1440, 900)
    assert not work.window.right.isVisible()
    work.pages.show_view("learning")
    assert work.window.right.isVisible()


def test_the_keyboard_on_the_tabs_changes_none_of_their_places(bench):
    work = bench.open(1440, 900)
    work.pages.show_view("learning")
    bar = work.page.tabs.bar
    before = [bar.tabRect(number) for number in range(bar.count())]
    bar.setFocus(Qt.FocusReason.TabFocusReason)
    bench.qtbot.wait(20)
    assert [bar.tabRect(number) for number in range(bar.count())] == before
    assert bar.rect().contains(before[-1])


def test_a_chooser_left_for_another_page_is_not_answered(bench):
    """pytest-qt fails the test when an answer reaches a page that is gone."""
    work = bench.open()
    for step in ("teacher", "student", "data"):
        work.pages.choose(step)
    work.pages.show_gallery()
    bench.wait(lambda: not work.background.busy)
    assert work.pages.chooser is None


def test_the_bar_on_top_says_something_between_two_phases():
    teller = ProgressTeller()
    teller.begin("run")
    teller.take([StageStarted(run="run", title="learn", trains=("student",))])
    assert teller.said().words == "Learn"


def test_the_time_left_of_a_reference_is_told_as_its_own():
    teller = ProgressTeller()
    teller.begin("run")
    teller.take([Progress(run="teacher", words=Text("Learn"), fraction=0.5, seconds_left=6)])
    assert "for this part" in teller.said().beside
    teller.take([Progress(run="run", words=Text("Learn"), fraction=0.5, seconds_left=6)])
    assert "for this part" not in teller.said().beside
