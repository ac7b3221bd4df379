"""The one time slider of all views."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.events import Resumed, Snapshot
from studio.gui import theme
from studio.gui.views.charts.time_slider import TimeSlider
from studio.runs.files.history import RunHistory
from tests.gui import made_up
from tests.gui.at_hand import there


@pytest.fixture
def history() -> RunHistory:
    return made_up.pictures_run(done=74, readings=20, snapshots=10)


@pytest.fixture
def slider(qtbot: QtBot, qapp: QApplication, history: RunHistory) -> TimeSlider:
    theme.install(qapp, "light")
    made = TimeSlider()
    qtbot.addWidget(made)
    made.resize(800, 44)
    made.set_history(history)
    made.show()
    return made


def steps(history: RunHistory) -> list[int]:
    return [moment.step for moment in history.moments]


def test_it_begins_live_and_says_where(slider: TimeSlider) -> None:
    assert slider.moment is None
    assert slider.live.isChecked()
    assert slider.epoch.text() == "Epoch 75 of 120"
    assert "Epoch 75 of 120" in slider.track.accessibleName()


def test_keys_go_from_snapshot_to_snapshot(slider: TimeSlider, history: RunHistory, qtbot: QtBot) -> None:
    at = steps(history)
    with qtbot.waitSignal(slider.moment_changed) as changed:
        qtbot.keyClick(slider.track, Qt.Key.Key_Left)
    assert changed.args == [at[-2]]
    assert not slider.live.isChecked()
    qtbot.keyClick(slider.track, Qt.Key.Key_Home)
    assert slider.moment == at[0]
    qtbot.keyClick(slider.track, Qt.Key.Key_Right)
    assert slider.moment == at[1]
    qtbot.keyClick(slider.track, Qt.Key.Key_PageUp)
    assert slider.moment == at[6]
    qtbot.keyClick(slider.track, Qt.Key.Key_End)
    assert slider.moment is None


def test_a_click_goes_to_the_nearest_snapshot(slider: TimeSlider, history: RunHistory, qtbot: QtBot) -> None:
    qtbot.mouseClick(slider.track, Qt.MouseButton.LeftButton, pos=QPoint(0, 25))
    seen = [slider.moment]
    qtbot.mouseClick(slider.track, Qt.MouseButton.LeftButton, pos=QPoint(slider.track.width(), 25))
    seen.append(slider.moment)
    slider.live.click()
    assert [*seen, slider.moment] == [0, steps(history)[-1], None]
    assert slider.live.isChecked()


def test_a_click_at_the_latest_snapshot_leaves_live(slider: TimeSlider, history: RunHistory, qtbot: QtBot) -> None:
    qtbot.mouseClick(slider.track, Qt.MouseButton.LeftButton, pos=QPoint(slider.track.width(), 25))
    assert slider.moment == steps(history)[-1]


def test_a_moment_picked_in_a_plot_snaps(slider: TimeSlider, history: RunHistory) -> None:
    slider.set_moment(steps(history)[4] + 3)
    assert slider.moment == steps(history)[4]


def test_while_the_run_grows_live_follows_and_a_moment_stays(slider: TimeSlider, history: RunHistory) -> None:
    history.handle_event(Snapshot(step=75 * 40, epoch=75))
    slider.refresh()
    assert slider.epoch.text() == "Epoch 76 of 120", "the one it learns in, as the bar on top has it"
    slider.set_moment(0)
    history.handle_event(Snapshot(step=76 * 40, epoch=76))
    slider.refresh()
    assert slider.moment == 0
    assert slider.track.maximum() == len(history.moments) - 1


def test_a_run_that_goes_on_from_earlier_is_followed_again(slider: TimeSlider, history: RunHistory) -> None:
    slider.set_moment(steps(history)[-1])
    history.handle_event(Resumed(step=100))
    slider.refresh()
    assert slider.moment is None


def test_it_plays_to_the_end_and_then_is_live(slider: TimeSlider, history: RunHistory, qtbot: QtBot) -> None:
    seen: list[int | None] = []
    slider.moment_changed.connect(seen.append)
    there(slider.findChild(QTimer)).setInterval(1)
    qtbot.keyClick(slider.track, Qt.Key.Key_Space)
    assert slider.playing
    qtbot.waitUntil(lambda: not slider.playing, timeout=3000)
    assert seen == [*steps(history), None]


def test_playing_is_held_by_the_same_button(slider: TimeSlider) -> None:
    slider.play.click()
    assert slider.playing
    assert slider.play.accessibleName() == "Hold"
    slider.play.click()
    assert not slider.playing


def test_a_finished_run_is_not_live_and_another_run_begins_at_its_end(slider: TimeSlider) -> None:
    finished = made_up.pictures_run(readings=20, snapshots=5)
    slider.set_moment(0)
    slider.set_history(finished)
    assert slider.moment is None
    assert not slider.live.isChecked()
    assert slider.epoch.text() == "Epoch 120 of 120"


def test_without_snapshots_the_evaluations_are_the_stops(slider: TimeSlider, history: RunHistory) -> None:
    history.moments.clear()
    slider.refresh()
    assert slider.track.maximum() == len(history.test) - 1


def test_without_a_run_it_is_off(slider: TimeSlider) -> None:
    slider.set_history(None)
    assert not slider.track.isEnabled()
    assert not slider.play.isEnabled()
    slider.grab()
    slider.toggle_play()
    assert not slider.playing


def test_before_its_first_step_a_run_has_no_time(slider: TimeSlider) -> None:
    slider.set_history(RunHistory(run="later"))
    assert slider.epoch.text() == ""
    assert slider.track.accessibleName() == "Moment shown: none"
