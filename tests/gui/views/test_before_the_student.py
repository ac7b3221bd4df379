"""What the views show while the teacher, or the student alone, is trained for a run that has not begun."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from studio.core.message import Text
from studio.events import Phase
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.attention.view import AttentionView
from studio.gui.views.base import View
from studio.gui.views.boundaries.view import BoundariesView
from studio.gui.views.plane.view import PlaneView
from studio.runs.files.history import RunHistory
from tests.gui import made_up
from tests.gui.at_hand import there


def waiting_run() -> ShownRun:
    """A run whose references are trained first."""
    history = RunHistory("new", label="Hints")
    history.handle_event(Phase(run="new", words=Text("Training the teacher")))
    return ShownRun(history, 1, current=True)


def begun_run() -> ShownRun:
    return ShownRun(made_up.pictures_run("Hints", run="new", done=8, readings=20, snapshots=3), 1, current=True)


def reference(role: StrokeRole) -> ShownRun:
    history = made_up.pictures_run(
        role, run=role, done=8, transfer=0, epochs=20, readings=20, snapshots=3, teacher=False
    )
    history.state = "running"
    return ShownRun(history, 0, role)


def opened(qtbot: QtBot, view: View, *runs: ShownRun) -> None:
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    view.set_runs(runs)
    view.refresh()


@pytest.mark.parametrize("role", ["teacher", "alone"])
def test_the_maps_of_what_learns_first_are_there_and_said_to_be_its_own(qtbot: QtBot, role: StrokeRole) -> None:
    view = AttentionView()
    opened(qtbot, view, waiting_run(), reference(role))
    assert view.empty_reason() is None
    content = there(view.table.content)
    shown = [(group.teacher is not None, group.student is not None) for group in content.groups]
    assert set(shown) == {(role == "teacher", role == "alone")}
    assert "learns first: these are its own maps" in view.left_out.text()
    assert not view.difference.isVisible()  # there is no other to differ from
    opened(qtbot, view, begun_run())
    assert view.difference.isVisible()


def test_the_students_maps_come_as_soon_as_there_are_any(qtbot: QtBot) -> None:
    view = AttentionView()
    opened(qtbot, view, begun_run(), reference("teacher"))
    assert there(view.table.content).stroke.role == "run"
    assert not view.left_out.isVisible()


def test_without_a_snapshot_it_is_said_what_comes_first(qtbot: QtBot) -> None:
    view = BoundariesView()
    opened(qtbot, view, waiting_run())
    reason = there(view.empty_reason())
    assert reason.title == "Training the teacher."
    assert "Then the student begins" in reason.sentence


def test_earlier_runs_are_drawn_and_said_to_be_others(qtbot: QtBot) -> None:
    view = BoundariesView()
    earlier = replace(ShownRun(made_up.pictures_run(readings=20, snapshots=3), 0), current=False)
    opened(qtbot, view, waiting_run(), earlier)
    assert view.empty_reason() is None
    assert "Until “Hints” has its first point, the other ticked runs are drawn" in view.left_out.text()


def test_a_name_that_comes_late_is_in_the_list_of_students(qtbot: QtBot) -> None:
    late = made_up.pictures_run("", run="new", done=8, readings=20, snapshots=3)
    other = ShownRun(made_up.pictures_run("Hints", run="old", readings=20, snapshots=3), 0)
    view = AttentionView()
    opened(qtbot, view, ShownRun(late, 1, current=True), other)
    late.label = "Soft targets"
    view.set_runs([ShownRun(late, 1, current=True), other])
    view.refresh()
    assert [view.controls.picker.itemText(i) for i in range(view.controls.picker.count())] == ["Soft targets", "Hints"]


def test_the_plane_of_the_teacher_is_there_and_goes_when_the_student_begins(qtbot: QtBot) -> None:
    view = PlaneView()
    points = made_up.point_runs()[0].history
    points.state = "running"
    opened(qtbot, view, waiting_run(), ShownRun(points, 0, "teacher"))
    assert view.empty_reason() is None
    assert (view.teacher.isVisible(), view.student.isVisible()) == (True, False)
    assert view.left_out.text() == "The teacher learns first: this is its own plane."
    view.set_runs(made_up.point_runs())
    view.refresh()
    assert (view.teacher.isVisible(), view.student.isVisible()) == (True, True)
    assert not view.left_out.isVisible()
