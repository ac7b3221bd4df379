"""Which maps the Attention view shows: what is asked of the networks, at which taps, of which of the three."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.message import Text
from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views import views
from studio.gui.views.attention.attention_content import AttentionContent
from studio.gui.views.attention.view import AttentionView
from studio.gui.views.charts.moments import arrays_of
from studio.insight.snapshot_parts import part_giving
from studio.runs.files.history import RunHistory
from tests.gui import made_up
from tests.gui.at_hand import there
from tests.gui.views.test_view_inside import changed_arrays, without


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


def taught(*, done: int | None = 74, alone: RunHistory | None = None) -> ShownRun:
    return ShownRun(made_up.pictures_run(done=done, readings=20, snapshots=6), 0, current=True, alone=alone)


def alone_run() -> RunHistory:
    return made_up.pictures_run("Alone", run="alone", transfer=0, readings=20, snapshots=6, teacher=False)


@pytest.fixture
def opened(qtbot: QtBot) -> Callable[..., AttentionView]:
    def show(run: ShownRun, width: int = 1100) -> AttentionView:
        view = AttentionView()
        qtbot.addWidget(view)
        view.resize(width, 600)
        view.show()
        view.set_runs([run])
        for _ in range(3):
            view.refresh()
        QApplication.processEvents()
        return view

    return show


def content(view: AttentionView) -> AttentionContent:
    return there(view.table.content)


def test_every_array_a_view_needs_is_given_by_one_part() -> None:
    needed = {name for view in views() for name in view.needs}
    assert {"attention/", "grad_cam/", "logits/"} <= needed
    assert [name for name in sorted(needed) if part_giving(name) is None] == []


def test_a_click_shows_what_speaks_for_the_answer(qtbot: QtBot, opened: Callable[..., AttentionView]) -> None:
    view = opened(taught())
    qtbot.mouseClick(view.controls.what.segment("grad_cam"), Qt.MouseButton.LeftButton)
    arrays = arrays_of(taught().history.moments[-1])
    assert np.array_equal(there(content(view).groups[0].student), arrays["grad_cam/student/group1"])
    assert content(view).groups[0].alike is None
    assert not view.controls.kind.isVisible()
    assert "Grad-CAM" in view.cards[0].accessibleDescription()
    qtbot.mouseClick(view.controls.what.segment("attention"), Qt.MouseButton.LeftButton)
    assert view.controls.kind.isVisible()
    assert np.array_equal(there(content(view).groups[0].student), arrays["attention/student/group1/sum2"])


def test_in_the_snapshots_of_an_earlier_version_it_is_off_and_says_why(opened: Callable[..., AttentionView]) -> None:
    run = taught()
    view = opened(replace(run, history=changed_arrays(run.history, without("grad_cam", "inner"))))
    segment = view.controls.what.segment("grad_cam")
    assert not segment.isEnabled()
    assert "earlier version" in segment.toolTip()
    assert view.controls.taps.isHidden()
    assert len(content(view).groups) == 3


def test_any_tap_can_be_picked_and_the_moment_it_was_kept_at_is_said(opened: Callable[..., AttentionView]) -> None:
    run = taught()
    view = opened(run)
    taps = view.controls.taps
    assert [taps.itemText(i) for i in range(taps.count())] == [
        "Ends of the groups",
        "Before the last ReLU",
        "Blocks inside Group 1",
    ]
    taps.setCurrentIndex(2)
    taps.activated.emit(2)
    assert [group.name for group in content(view).groups] == ["Group 1, block 1", "Group 1, block 2"]
    copied = next(moment for moment in run.history.moments if moment.step == run.history.key_moments["copied"].step)
    expected = arrays_of(copied)["inner/attention/student/block/group1.1"]
    assert np.array_equal(there(content(view).groups[1].student), expected)
    assert "epoch 20" in view.left_out.text()
    taps.setCurrentIndex(0)
    taps.activated.emit(0)
    assert "kept at the start" not in view.left_out.text()


def test_teacher_student_and_alone_stand_side_by_side_at_the_same_epoch(opened: Callable[..., AttentionView]) -> None:
    alone = alone_run()
    view = opened(taught(alone=alone), width=1300)
    moment = [m for m in alone.moments if m.step <= 74 * alone.steps_per_epoch][-1]
    view.set_moment(taught().history.moments[-1].step)
    view.refresh()
    shown = there(content(view).groups[0].alone)
    assert np.array_equal(shown, arrays_of(moment)["attention/student/group1/sum2"])
    assert [who for who, *_ in content(view).captions[0].says] == ["teacher", "run", "alone"]
    assert view.controls.second.isHidden()


def test_without_room_two_of_them_take_turns(qtbot: QtBot, opened: Callable[..., AttentionView]) -> None:
    view = opened(taught(alone=alone_run()), width=700)
    assert view.controls.second.isVisible()
    before = view.table.grab().toImage()
    qtbot.mouseClick(view.controls.second.segment("alone"), Qt.MouseButton.LeftButton)
    assert view.table.grab().toImage() != before
    view.resize(1400, 600)
    qtbot.waitUntil(view.controls.second.isHidden)


def test_why_the_student_alone_is_missing_is_said(opened: Callable[..., AttentionView]) -> None:
    why = Text("The student alone is being read.")
    view = opened(replace(taught(), alone_words=why))
    assert "The student alone is being read." in view.left_out.text()
    assert content(view).groups[0].alone is None


def test_maps_of_other_pictures_do_not_stand_beside(opened: Callable[..., AttentionView]) -> None:
    other = changed_arrays(alone_run(), lambda arrays: {**arrays, "probe/inputs": arrays["probe/inputs"][::-1].copy()})
    view = opened(taught(alone=other), width=1300)
    assert content(view).groups[0].alone is None
