"""Teacher, student and student alone side by side: in the plane and in the soft targets."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.message import Text
from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.base import View
from studio.gui.views.charts.moments import arrays_of, moment_at
from studio.gui.views.charts.probabilities import softmax
from studio.gui.views.plane.view import PlaneView
from studio.gui.views.soft_targets.view import SoftTargetsView
from studio.runs.files.history import RunHistory
from tests.gui import made_up
from tests.gui.at_hand import there
from tests.gui.views.test_view_inside import changed_arrays


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


@lru_cache(maxsize=1)
def on_the_plane() -> ShownRun:
    history = made_up.points_run(grid=21, snapshots=4)
    alone = changed_arrays(
        history,
        lambda arrays: {key: value for key, value in arrays.items() if "teacher" not in key and "walks" not in key},
    )
    alone.run = "alone"
    return ShownRun(history, 0, current=True, alone=alone)


def with_pictures() -> ShownRun:
    alone = made_up.pictures_run("Alone", run="alone", transfer=0, readings=10, snapshots=4, teacher=False)
    return ShownRun(made_up.pictures_run(done=74, readings=10, snapshots=4), 0, current=True, alone=alone)


def opened(qtbot: QtBot, view: View, run: ShownRun, width: int) -> None:
    qtbot.addWidget(view)
    view.resize(width, 560)
    view.show()
    view.set_runs([run])
    for _ in range(3):
        view.refresh()
        QApplication.processEvents()


def seen(view: PlaneView) -> list[bool]:
    return [plot.isVisible() for plot in (view.teacher, view.student, view.alone)]


def test_three_planes_where_there_is_room(qtbot: QtBot) -> None:
    view = PlaneView()
    opened(qtbot, view, on_the_plane(), 1000)
    assert seen(view) == [True, True, True]
    assert there(view.sides.student.turn).isHidden()
    assert view.alone.layers == view.student.layers
    assert "neurons" in view.sides.alone.words.text()


def test_else_two_of_them_take_turns(qtbot: QtBot) -> None:
    view = PlaneView()
    opened(qtbot, view, on_the_plane(), 700)
    assert seen(view) == [True, True, False]
    qtbot.mouseClick(there(view.sides.student.turn).segment("alone"), Qt.MouseButton.LeftButton)
    assert seen(view) == [True, False, True]
    back = there(view.sides.alone.turn)
    assert back.current == "alone", "each says whose plane is below it"
    qtbot.mouseClick(back.segment("student"), Qt.MouseButton.LeftButton)
    assert seen(view) == [True, True, False]
    view.resize(1100, 560)
    qtbot.waitUntil(lambda: seen(view) == [True, True, True])
    assert there(view.sides.student.turn).isHidden()


def test_all_planes_are_moved_together(qtbot: QtBot) -> None:
    view = PlaneView()
    opened(qtbot, view, on_the_plane(), 1000)
    view.alone.setFocus()
    qtbot.keyClick(view.alone, Qt.Key.Key_Plus)
    assert np.allclose(view.teacher.ranges, view.alone.ranges, atol=0.05)


def test_without_the_student_alone_two_planes_and_the_reason(qtbot: QtBot) -> None:
    view = PlaneView()
    why = Text("Only teacher and student: the student alone was not trained for this run.")
    opened(qtbot, view, replace(on_the_plane(), alone=None, alone_words=why), 1000)
    assert seen(view) == [True, True, False]
    assert "was not trained for this run" in view.left_out.text()


def test_answers_of_all_three_stand_below_each_other(qtbot: QtBot) -> None:
    view, run = SoftTargetsView(), with_pictures()
    opened(qtbot, view, run, 1000)
    answers = there(view.bars.answers)
    assert [(name, stroke.role) for name, stroke, _ in answers.networks] == [
        ("Teacher", "teacher"),
        ("Student", "run"),
        ("Alone", "alone"),
    ]
    logits = arrays_of(there(moment_at(there(run.alone), None)))["logits/student"]
    expected = softmax(logits, view.temperature.value() / 10)[view.strip.index]
    assert np.allclose(answers.networks[2][2], expected)


def test_the_bars_of_the_label_are_in_sight_where_there_is_little_room(qtbot: QtBot) -> None:
    view = SoftTargetsView()
    opened(qtbot, view, with_pictures(), 1000)
    view.resize(1000, 300)
    for number in range(len(there(view.bars.answers).names)):
        view.strip.choose(number)
        for _ in range(2):
            view.refresh()
            QApplication.processEvents()
        middle = QPoint(1, view.bars.middle_of(there(view.bars.answers).label))
        assert view.bars.visibleRegion().contains(middle)


def test_they_are_of_the_same_epoch(qtbot: QtBot) -> None:
    view, run = SoftTargetsView(), with_pictures()
    opened(qtbot, view, run, 1000)
    before = there(view.bars.answers).networks[2][2]
    view.set_moment(0)
    view.refresh()
    assert not np.allclose(there(view.bars.answers).networks[2][2], before)


def test_a_student_alone_without_snapshots_is_left_out(qtbot: QtBot) -> None:
    view = SoftTargetsView()
    opened(qtbot, view, replace(with_pictures(), alone=RunHistory("alone")), 1000)
    assert [name for name, *_ in there(view.bars.answers).networks] == ["Teacher", "Student"]
