"""The Try it view over a real run: drawn, dropped, pasted and tested pictures, other models, and what cannot be tried."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from studio import catalog
from studio.core.answer_time import AnswerTime
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.training.inspection import Inspection
from studio.gui.views.try_it.answer_column import AnswerColumn
from studio.gui.views.try_it.picture_panel import PicturePanel
from studio.gui.views.try_it.view import TryItView
from studio.runs.inspect.asked_model import MapWish, NamedModel, RunOverview
from studio.runs.inspect.inspector import Inspector
from studio.runs.inspect.loaded_data import Stopping, never
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo, read_history
from studio.runs.store.workspace import Workspace
from tests.gui.fake_jobs import LaterJobs, at_once
from tests.training.small_runs import small

catalog.load()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("tried"))


@pytest.fixture(scope="module")
def run(workspace: Workspace) -> RunInfo:
    """A student with its teacher and its student alone."""
    training = {"epochs": 2, "batch_size": 32, "device": "cpu"}
    return launch(small("kd", training=training, references={"alone": True}), workspace)


@pytest.fixture
def inspection(workspace: Workspace) -> Inspection:
    return Inspection(at_once, lambda: Inspector(workspace))


@pytest.fixture
def view(qtbot: QtBot, run: RunInfo, inspection: Inspection) -> TryItView:
    made = TryItView()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.set_inspection(inspection)
    made.set_runs([ShownRun(read_history(run), 2, current=True)])
    made.show()
    made.refresh()
    return made


def draw_a_one(view: TryItView) -> None:
    view.panel.way.choose("draw")
    canvas = view.panel.canvas
    middle = canvas.width() // 2
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, pos=QPoint(middle, 30))
    QTest.mouseMove(canvas, QPoint(middle, canvas.height() - 30))
    QTest.mouseRelease(canvas, left, pos=QPoint(middle, canvas.height() - 30))


def nothing_is_answered(view: TryItView) -> bool:
    return not any(column.bars.isVisible() or column.right.isVisible() for column in view.columns.values())


def click(widget: object) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


def seen(view: TryItView) -> QImage:
    """What the network sees."""
    return view.panel.seen.pixmap().toImage()


def test_it_opens_on_the_first_picture_of_the_test_part_and_says_who_is_right(view: TryItView) -> None:
    truth = view.panel.truth.currentText()
    assert truth in "0123456789"
    for column in view.columns.values():
        assert column.word.text() in "0123456789"
        assert column.right.text() == ("right" if column.word.text() == truth else "wrong")
        rows = column.bars.rows
        assert len(rows) == 5
        assert sum(row.right for row in rows) == 1, "the right answer is always among them"
        assert rows[0].name == column.word.text()
        assert not column.map.pixmap().isNull()
    assert "%" in view.columns["student"].alike.text()
    assert "Number 1 of" in view.panel.words.text()


def test_a_time_that_is_not_apart_from_the_others_is_said_about(qtbot: QtBot) -> None:
    column = AnswerColumn("Student", "run")
    qtbot.addWidget(column)
    column.show_time(AnswerTime(0.73, 0.66, 0.9), "alike")
    assert column.milliseconds.text() == "≈ 0.7 ms"
    assert "0.66 to 0.9 ms" in column.milliseconds.toolTip()
    column.show_time(AnswerTime(2.04, 1.93, 2.2), "apart")
    assert column.milliseconds.text() == "2.0 ms"
    column.show_time(AnswerTime(20.0, 0.7, 60.0), "busy")
    assert column.milliseconds.text() == "? ms"
    assert "busy" in column.milliseconds.toolTip()


def test_the_maps_can_be_what_speaks_for_the_answer_at_any_layers(view: TryItView) -> None:
    def shown() -> list[QImage]:
        return [view.columns[seat].map.pixmap().toImage() for seat in view.columns]

    bar = view.maps
    assert bar.isVisible()
    looked, words = shown(), view.columns["student"].word.text()
    click(bar.what.segment("grad_cam"))
    assert shown() != looked
    assert view.columns["student"].word.text() == words, "the answer is the same"
    assert "Grad-CAM" in view.cards[0].accessibleDescription()
    late, name = shown(), bar.place.text()
    QTest.keyClick(bar.how_deep, Qt.Key.Key_Home)
    assert (shown() != late, bar.place.text() != name) == (True, True)
    assert view.columns["teacher"].map.accessibleName().startswith("Its map: ")
    offered = [bar.taps.itemText(i) for i in range(bar.taps.count())]
    assert offered[0] == "Ends of the groups"
    assert "Every block" in offered
    bar.taps.setCurrentText("Every block")
    bar.taps.activated.emit(bar.taps.currentIndex())
    assert "block" in bar.place.text() or "Group" in bar.place.text()
    assert bar.wish == MapWish("grad_cam", "block")


def test_next_goes_on_and_the_one_before_comes_back(view: TryItView) -> None:
    first = seen(view)
    click(view.panel.next)
    assert "Number 2 of" in view.panel.words.text()
    assert seen(view) != first
    click(view.panel.back)
    assert seen(view) == first


def test_drawing_answers_and_undo_rubber_and_clear_change_what_is_seen(view: TryItView) -> None:
    draw_a_one(view)
    drawn = seen(view)
    assert drawn.pixelColor(drawn.width() // 2, drawn.height() // 2).lightness() > 150
    assert view.columns["student"].right.text() == "", "nobody knows what it is"
    view.panel.pen.choose("rubber")
    QTest.mouseClick(view.panel.canvas, Qt.MouseButton.LeftButton, pos=QPoint(view.panel.canvas.width() // 2, 60))
    assert seen(view) != drawn
    click(view.panel.undo)
    assert seen(view) == drawn
    click(view.panel.clear)
    assert view.panel.canvas.is_blank
    assert nothing_is_answered(view)
    click(view.panel.undo)
    assert not nothing_is_answered(view)


@pytest.mark.parametrize("way", ["draw", "file"])
def test_before_a_picture_is_given_nothing_is_answered_and_another_run_brings_none(view: TryItView, way: str) -> None:
    assert not nothing_is_answered(view)
    click(view.panel.way.segment(way))
    assert nothing_is_answered(view)
    assert view.panel.seen.pixmap().isNull()
    assert (view.panel.truth.currentText(), view.panel.truth.isEnabled()) == ("not known", False)
    runs = view.runs
    view.set_runs([])
    view.set_runs(runs)
    view.refresh()
    assert view.panel.way.current == way
    assert nothing_is_answered(view)
    click(view.panel.way.segment("test"))
    assert not nothing_is_answered(view)


def test_a_person_says_what_it_is(view: TryItView) -> None:
    draw_a_one(view)
    answered = view.columns["student"].word.text()
    view.panel.truth.setCurrentText(answered)
    view.panel.truth.activated.emit(view.panel.truth.currentIndex())
    assert view.columns["student"].right.text() == "right"


def test_a_dropped_and_a_pasted_picture_are_tried(view: TryItView, tmp_path: Path) -> None:
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for y in range(10, 50):
        for x in range(27, 33):
            image.setPixelColor(x, y, QColor("black"))
    assert image.save(str(tmp_path / "one.png"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "one.png"))])
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    view.dropEvent(QDropEvent(QPointF(9, 9), action, data, buttons, keys))
    dropped = seen(view)
    shown = view.panel.canvas.grab().toImage()
    assert shown.pixelColor(shown.rect().center()).lightness() < 60, "the picture itself stands at the left"
    assert view.panel.way.current == "file"
    assert view.columns["teacher"].word.text()
    click(view.panel.canvas)  # no drawing on a photograph
    QGuiApplication.clipboard().setImage(image)
    click(view.panel.paste)
    assert seen(view) == dropped
    QGuiApplication.clipboard().setText("no picture")
    click(view.panel.paste)
    assert "no picture in the clipboard" in view.panel.words.text()


def test_only_pictures_are_taken_from_the_window(view: TryItView, tmp_path: Path) -> None:
    """An experiment or a table that is dropped here is opened as anywhere else."""
    files = {"a.toml": False, "a.csv": False, "a.png": True, "a.heic": True}
    for name, taken in files.items():
        (tmp_path / name).write_bytes(b"\0\0\0\x18ftypheic" if name == "a.heic" else b"x = 1")
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        copy, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QDragEnterEvent(QPoint(9, 9), copy, data, buttons, keys)
        event.ignore()
        view.dragEnterEvent(event)
        assert event.isAccepted() == taken, name


def test_without_its_package_the_camera_says_how_to_get_it(view: TryItView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    click(view.panel.way.segment("camera"))
    assert "pip install 'distillation-studio[camera]'" in view.panel.words.text()
    assert not view.panel.camera.is_on


class _FakeSignal:
    def __init__(self) -> None:
        self.slots: list[Callable[..., object]] = []

    def connect(self, slot: Callable[..., object]) -> None:
        self.slots.append(slot)


class _FakeMedia(ModuleType):
    """As much of QtMultimedia as a camera needs, and what was done with it."""

    def __init__(self) -> None:
        super().__init__("PySide6.QtMultimedia")
        self.done: list[str] = []
        self.frames, self.errors = _FakeSignal(), _FakeSignal()
        self.QMediaDevices = SimpleNamespace(defaultVideoInput=lambda: SimpleNamespace(isNull=lambda: False))
        self.QCamera = lambda _device: SimpleNamespace(
            start=lambda: self.done.append("start"), stop=lambda: self.done.append("stop"), errorOccurred=self.errors
        )
        self.QVideoSink = lambda: SimpleNamespace(videoFrameChanged=self.frames)
        self.QMediaCaptureSession = lambda: SimpleNamespace(
            setCamera=lambda _camera: None, setVideoSink=lambda _sink: None
        )


def test_what_the_camera_sees_is_tried_until_another_way_is_chosen(
    view: TryItView, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = _FakeMedia()
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", media)
    click(view.panel.way.segment("camera"))
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for y in range(8, 40):
        image.setPixelColor(30, y, QColor("black"))
        image.setPixelColor(31, y, QColor("black"))
    for _ in range(3):  # they come faster than they are tried
        media.frames.slots[0](SimpleNamespace(toImage=lambda: image))
    assert view.columns["student"].word.text()
    assert view.columns["student"].right.text() == ""
    click(view.panel.way.segment("test"))
    assert media.done == ["start", "stop"]
    click(view.panel.way.segment("camera"))
    view.hide()
    assert media.done == ["start", "stop", "start", "stop"]
    view.show()
    click(view.panel.way.segment("draw"))
    click(view.panel.way.segment("camera"))
    media.errors.slots[-1](1, "it is in use")
    assert "it is in use" in view.panel.words.text()
    assert not view.panel.camera.is_on


def test_what_cannot_be_tried_is_said_in_a_sentence_and_nothing_is_answered(view: TryItView, tmp_path: Path) -> None:
    (tmp_path / "words.png").write_text("not a picture at all, only words")
    view.panel.take_file(tmp_path / "words.png")
    assert "words.png cannot be tried" in view.panel.words.text()
    assert all(column.bars.isHidden() or not column.bars.isVisible() for column in view.columns.values())
    click(view.panel.way.segment("test"))
    assert all(column.bars.isVisible() for column in view.columns.values())


def test_a_column_asks_another_model_and_its_own_again(view: TryItView, run: RunInfo, tmp_path: Path) -> None:
    own = view.columns["alone"].bars.rows
    shutil.copy(run.places.student, tmp_path / "mine.safetensors")
    view.seats.seat_file("alone", tmp_path / "mine.safetensors")
    assert view.columns["alone"].title.text() == "mine.safetensors"
    assert view.columns["alone"].bars.rows == view.columns["student"].bars.rows
    menu = view.columns["alone"].choose.menu()
    menu.aboutToShow.emit()
    names = [action.text() for action in menu.actions() if action.text()]
    assert names[0] == "Student alone"
    assert names[-1] == "A network file…"
    menu.actions()[0].trigger()
    assert view.columns["alone"].bars.rows == own
    other = next(action for action in menu.actions() if isinstance((action.data() or ("", ""))[1], NamedModel))
    other.trigger()
    assert view.columns["alone"].title.text() == other.text()
    (tmp_path / "broken.safetensors").write_bytes(b"?")
    view.seats.seat_file("alone", tmp_path / "broken.safetensors")
    assert "broken.safetensors" in view.columns["alone"].trouble.text()
    assert view.columns["student"].bars.isVisible(), "the others answer all the same"


def test_a_picture_on_which_they_differ_is_tried_by_a_click(view: TryItView) -> None:
    chosen = next(number for number, chip in enumerate(view.differences.chips) if not chip.text().endswith(": 0"))
    click(view.differences.chips[chosen])
    shown = view.differences.shown
    assert shown is not None
    assert view.differences.chips[chosen].text().endswith(f": {shown.count}")
    click_at = QPoint(10, 20)
    QTest.mouseClick(view.differences.strip, Qt.MouseButton.LeftButton, pos=click_at)
    assert f"Number {int(shown.rows[0]) + 1} of" in view.panel.words.text()
    for seat, right in [*((seat, "right") for seat in shown.right), *((seat, "wrong") for seat in shown.wrong)]:
        assert view.columns[seat].right.text() == right
    table = view.differences.table()
    assert len(table.rows) == len(shown.rows) * len(shown.answers)


def test_what_was_given_stays_when_another_run_is_shown(
    view: TryItView, run: RunInfo, workspace: Workspace, qtbot: QtBot
) -> None:
    draw_a_one(view)
    drawn = seen(view)
    other = workspace.run(run.references["alone"])
    view.set_runs([ShownRun(read_history(other), 0, current=True)])
    view.refresh()
    assert seen(view) == drawn
    assert view.columns["student"].bars.isVisible()
    assert "no teacher" in view.columns["teacher"].trouble.text()


@pytest.fixture(scope="module")
def of_points(workspace: Workspace) -> RunInfo:
    changes = {"dataset": {"key": "moons", "per_class": 40}, "student": {"key": "mlp-8"}, "training": {"epochs": 3}}
    return launch(small("none", **changes), workspace)


@pytest.fixture(scope="module")
def of_rows(workspace: Workspace) -> RunInfo:
    changes = {"dataset": {"key": "iris", "per_class": 20}, "student": {"key": "mlp-8"}, "training": {"epochs": 3}}
    return launch(small("none", **changes), workspace)


def test_a_click_in_the_plane_and_the_arrows_try_a_place(view: TryItView, of_points: RunInfo) -> None:
    view.set_runs([ShownRun(read_history(of_points), 0, current=True)])
    view.refresh()
    assert view.panel.plane.isVisible()
    assert not view.panel.way.segment("file").isVisible()
    click(view.panel.plane)
    first = view.columns["student"].bars.rows
    assert view.panel.way.current == "draw"
    assert view.columns["student"].right.text() == ""
    for _ in range(5):
        QTest.keyClick(view.panel.plane, Qt.Key.Key_Up)
    assert view.columns["student"].bars.rows != first
    click(view.panel.way.segment("test"))
    assert view.columns["student"].right.text() in ("right", "wrong")
    assert not view.columns["student"].map.isVisible()


def test_a_row_is_filled_in_by_sliders(view: TryItView, of_rows: RunInfo, qtbot: QtBot) -> None:
    view.set_runs([ShownRun(read_history(of_rows), 0, current=True)])
    view.refresh()
    form = view.panel.form
    assert form.isVisible()
    assert form.editors[0].accessibleName() == "sepal length"
    first, cells = view.columns["student"].bars.rows, form.cells
    assert all(isinstance(cell, float) for cell in cells), "the row of the test part"
    slider = form.editors[2]
    assert isinstance(slider, QSlider)
    slider.setValue(0 if slider.value() > 100 else 200)
    qtbot.waitUntil(lambda: view.columns["student"].bars.rows != first)
    assert form.cells[0] == cells[0]
    assert form.cells[2] != cells[2]


def test_the_newest_question_of_a_topic_wins(workspace: Workspace) -> None:
    later, done, told = LaterJobs(), list[int](), list[int]()
    inspection = Inspection(later.submit, lambda: Inspector(workspace))

    def asks(number: int) -> None:
        def question(_inspector: object, _stopping: object) -> int:
            done.append(number)
            return number

        inspection.ask("a topic", question, told.append)

    for number in range(5):
        asks(number)
    assert inspection.waits("a topic")
    later.work()
    assert (done, told) == ([4], [4])
    assert not inspection.waits("a topic")


def test_a_hidden_view_takes_its_questions_back_and_asks_again(
    qtbot: QtBot, workspace: Workspace, run: RunInfo
) -> None:
    later = LaterJobs()
    view = TryItView()
    qtbot.addWidget(view)
    view.set_inspection(Inspection(later.submit, lambda: Inspector(workspace)))
    view.set_runs([ShownRun(read_history(run), 2, current=True)])
    view.show()
    view.hide()
    later.work()
    assert view.columns["student"].word.text() == ""
    view.show()
    later.work()
    assert view.columns["student"].word.text() in "0123456789"
    assert view.columns["student"].bars.rows


def test_who_is_trained_for_a_running_run_takes_its_column_when_it_is_there(
    qtbot: QtBot, workspace: Workspace, run: RunInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = ["student"]

    class Growing(Inspector):
        def overview(self, run: str, stopping: Stopping = never) -> RunOverview:
            whole = super().overview(run, stopping)
            return replace(whole, seats={seat: model for seat, model in whole.seats.items() if seat in trained})

    monkeypatch.setattr("studio.gui.views.try_it.view.AGAIN", 0.0)
    history = read_history(run)
    history.state = "running"
    view = TryItView()
    qtbot.addWidget(view)
    view.set_inspection(Inspection(at_once, lambda: Growing(workspace)))
    view.set_runs([ShownRun(history, 2, current=True)])
    view.show()
    view.refresh()
    assert "still trains" in view.columns["teacher"].trouble.text()
    trained.append("teacher")
    view.refresh()
    assert view.columns["teacher"].word.text() in "0123456789"
    assert view.columns["teacher"].bars.isVisibleTo(view)
    assert "still trains" in view.columns["alone"].trouble.text()


def test_nothing_that_was_given_is_kept(view: TryItView, workspace: Workspace, run: RunInfo) -> None:
    before = {path: path.stat().st_mtime_ns for path in workspace.path.rglob("*") if path.is_file()}
    draw_a_one(view)
    view.panel.take_image(view.panel.canvas.drawing, "a picture")
    after = {path: path.stat().st_mtime_ns for path in workspace.path.rglob("*") if path.is_file()}
    assert after == before
    assert np.isfinite(run.test_accuracy or 0)


def test_there_is_a_sheet_only_where_something_is_to_be_drawn(qtbot: QtBot) -> None:
    panel = PicturePanel()
    qtbot.addWidget(panel)
    panel.show()
    seen = [panel.canvas.shows_picture]  # the test part's first picture comes later
    for way in ("draw", "file"):
        click(panel.way.segment(way))
        seen.append(panel.canvas.shows_picture)
    assert seen == [True, False, True]
