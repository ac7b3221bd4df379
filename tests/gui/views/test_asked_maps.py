"""Maps that no snapshot holds, asked of the networks of a run: of an own picture, and of a run of an earlier version."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio import catalog
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.training.inspection import Inspection
from studio.gui.views.attention.view import AttentionView
from studio.runs.inspect.inspector import Inspector
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo, read_history
from studio.runs.store.workspace import Workspace
from tests.gui.at_hand import there
from tests.gui.fake_jobs import LaterJobs, at_once
from tests.gui.views.test_view_inside import changed_arrays, without
from tests.training.small_runs import small

catalog.load()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("looked into"))


@pytest.fixture(scope="module")
def run(workspace: Workspace) -> RunInfo:
    training = {"epochs": 1, "batch_size": 32, "device": "cpu"}
    return launch(small("kd", training=training, references={"alone": True}), workspace)


def earlier(run: RunInfo) -> ShownRun:
    """As a version without Grad-CAM and inner taps kept it."""
    return ShownRun(changed_arrays(read_history(run), without("grad_cam", "inner")), 2, current=True)


def opened(qtbot: QtBot, inspection: Inspection, shown: ShownRun) -> AttentionView:
    view = AttentionView()
    qtbot.addWidget(view)
    view.resize(1100, 600)
    view.set_inspection(inspection)
    view.set_runs([shown])
    view.show()
    view.refresh()
    return view


@pytest.fixture
def inspection(workspace: Workspace) -> Inspection:
    return Inspection(at_once, lambda: Inspector(workspace))


def click(widget: object) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


def a_one() -> QImage:
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for y in range(10, 50):
        for x in range(27, 33):
            image.setPixelColor(x, y, QColor("black"))
    return image


def test_of_an_earlier_run_what_speaks_for_the_answer_is_asked_for(
    qtbot: QtBot, inspection: Inspection, run: RunInfo
) -> None:
    view = opened(qtbot, inspection, earlier(run))
    click(view.controls.what.segment("grad_cam"))
    kept = read_history(run).moments[-1].load()
    content = there(view.table.content)
    assert there(content.groups[0].student) == pytest.approx(kept["grad_cam/student/group1"], abs=2e-3)
    assert there(content.groups[0].teacher) == pytest.approx(kept["grad_cam/teacher/group1"], abs=2e-3)
    assert content.captions[0].label in "0123456789"
    assert "were asked" in view.left_out.text()
    click(view.controls.what.segment("attention"))
    assert "asked" not in view.left_out.text(), "the snapshot holds these"


def test_of_an_earlier_run_other_layers_are_offered_once_they_are_known(
    qtbot: QtBot, inspection: Inspection, run: RunInfo
) -> None:
    view = opened(qtbot, inspection, earlier(run))
    taps = view.controls.taps
    taps.setCurrentIndex(1)
    taps.activated.emit(1)
    names = [taps.itemText(i) for i in range(taps.count())]
    assert "Other layers: ask the networks" not in names
    taps.setCurrentIndex(len(names) - 1)
    taps.activated.emit(len(names) - 1)
    assert view.controls.wanted[1] != "ends"
    assert there(view.table.content).key[2] == view.controls.wanted[1]


def test_a_dropped_picture_takes_the_place_of_the_test_pictures_until_they_are_wanted_again(
    qtbot: QtBot, inspection: Inspection, run: RunInfo, tmp_path: Path
) -> None:
    view = opened(qtbot, inspection, ShownRun(read_history(run), 2, current=True))
    tested = there(view.table.content)
    assert a_one().save(str(tmp_path / "one.png"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "one.png"))])
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    view.dropEvent(QDropEvent(QPointF(9, 9), action, data, buttons, keys))
    own = there(view.table.content)
    assert own.inputs.shape == (1, 1, 8, 8)
    assert own.captions[0].label == "Your picture"
    assert [(role, wrong) for role, _, wrong in own.captions[0].says] == [
        ("teacher", False), ("run", False), ("alone", False)
    ]  # fmt: skip
    assert own.has_three
    click(view.controls.what.segment("grad_cam"))
    assert not np.array_equal(there(there(view.table.content).groups[0].student), there(own.groups[0].student))
    assert "not kept" in view.left_out.text()
    click(view.controls.own.back)
    click(view.controls.what.segment("attention"))
    assert np.array_equal(there(view.table.content).inputs, tested.inputs)


def test_what_cannot_be_pasted_or_read_is_said_and_the_test_pictures_stay(
    qtbot: QtBot, inspection: Inspection, run: RunInfo, tmp_path: Path
) -> None:
    view = opened(qtbot, inspection, ShownRun(read_history(run), 2, current=True))
    QGuiApplication.clipboard().setText("no picture")
    QTest.keySequence(view, "Ctrl+V")
    assert "no picture in the clipboard" in view.left_out.text()
    (tmp_path / "words.png").write_text("only words")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "words.png"))])
    assert view.controls.own.take(data)
    assert "words.png cannot be tried" in view.left_out.text()
    assert len(there(view.table.content).inputs) > 1


def test_what_nobody_looks_at_is_not_answered(qtbot: QtBot, workspace: Workspace, run: RunInfo) -> None:
    later = LaterJobs()
    view = opened(qtbot, Inspection(later.submit, lambda: Inspector(workspace)), earlier(run))
    view.controls.what.choose("grad_cam")
    assert "are asked" in view.left_out.text()
    view.hide()
    later.work()
    assert there(view.table.content).key[1] == "attention"
    view.show()
    later.work()
    view.refresh()
    assert there(view.table.content).key[1] == "grad_cam"


def test_a_run_without_maps_asks_nothing(qtbot: QtBot, inspection: Inspection, run: RunInfo) -> None:
    shown = ShownRun(read_history(run), 2, current=True)
    view = opened(qtbot, inspection, replace(shown, history=changed_arrays(shown.history, without("attention"))))
    assert not view.page.isVisible()
    assert not view.asked.trouble
