"""The left of the view: a picture drawn, chosen or pasted, a place in the plane, a row of a table, or one of the test part."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.views.charts.own_pixels import image_in, image_of, pixels_of, pixmap_of
from studio.gui.views.try_it.camera import Camera
from studio.gui.views.try_it.drawing_canvas import DrawingCanvas
from studio.gui.views.try_it.plane_field import PlaneField
from studio.gui.views.try_it.row_form import RowForm
from studio.gui.widgets.buttons import IconButton, SegmentedControl, button
from studio.gui.widgets.labels import ClampedLabel, ElidedLabel, Label
from studio.runs.inspect.asked_model import Cell, Example, RunOverview
from studio.runs.inspect.trial import FilledIn, FromTestPart, Given, OwnFile, OwnPicture

Way = Literal["draw", "file", "test", "camera"]
#: Pixels of the picture, and of what the network sees of it.
SHOWN, SEEN = 204, 60
#: The place of no tools among them, which is that of the camera too.
NOTHING = 3


class PicturePanel(GuardedOverrides, QWidget):
    """Gives pictures one after the other.

    Signals:
        given: a :class:`~studio.runs.inspect.trial.Given`.
        emptied: nothing is given until something is drawn, chosen or seen by the camera.
        named: the name of the class a person says it is; empty for none.
    """

    given = Signal(object)
    emptied = Signal()
    named = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tested, self._row = 0, 0
        ways = (
            ("draw", self.tr("Draw")),
            ("file", self.tr("File")),
            ("test", self.tr("Test")),
            ("camera", self.tr("Camera")),
        )
        self.way = SegmentedControl(ways, self.tr("Picture from"), "test")
        self.way.chosen.connect(self._show_way)
        self.canvas = DrawingCanvas()
        self.canvas.setFixedSize(SHOWN, SHOWN)
        self.canvas.changed.connect(self._give_drawing)
        self.canvas.emptied.connect(self._give_nothing)
        self.camera = Camera(self)
        self.camera.taken.connect(self._give_frame)
        self.camera.failed.connect(self.say_trouble)
        self.plane = PlaneField()
        self.plane.placed.connect(self._give_place)
        self.form = RowForm()
        self.form.filled.connect(self._give_row)
        self.stage = QStackedWidget()
        for one in (self.canvas, self.plane, self.form):
            self.stage.addWidget(one)
        self.stage.setFixedSize(SHOWN, SHOWN)
        self.words = ClampedLabel("", "explain", lines=5)
        self._tools = QStackedWidget()
        for tools in (self._make_drawing_tools(), self._make_file_tools(), self._make_test_tools(), QWidget()):
            self._tools.addWidget(tools)
        theme.keep_length(self._tools, QWidget.setFixedHeight, 34)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.way, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.stage, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._tools)
        column.addLayout(self._make_truth())
        column.addLayout(self._make_seen())
        column.addStretch(1)
        self._fit()
        theme.notifier().changed.connect(self._fit)
        self.canvas.show_picture(QPixmap())  # the first of the test part comes later
        self._show_way("test", ask=False)

    def _fit(self) -> None:
        self.setFixedWidth(max(SHOWN, self.way.sizeHint().width()) + 4)

    # --- parts -------------------------------------------------------------------------------------------------------

    def _make_drawing_tools(self) -> QWidget:
        self.pen = SegmentedControl((("pen", self.tr("Pen")), ("rubber", self.tr("Rubber"))), self.tr("Drawing with"))
        self.pen.chosen.connect(self._take_tool)
        self.undo = IconButton("undo", self.tr("Take the last stroke back"), self.canvas.undo)
        self.clear = IconButton("trash", self.tr("Clear the drawing"), self.canvas.clear)
        return _row(self.pen, self.undo, self.clear)

    def _make_file_tools(self) -> QWidget:
        self.open = button(self.tr("Choose…"), icon="folder", clicked=self._choose_file)
        self.paste = button(self.tr("Paste"), clicked=self.paste_picture)
        return _row(self.open, self.paste)

    def _make_test_tools(self) -> QWidget:
        self.back = IconButton("chevron-left", self.tr("The one before"), self._show_one_before)
        self.next = button(self.tr("Next"), clicked=self.show_next)
        return _row(self.back, self.next)

    def _make_truth(self) -> QHBoxLayout:
        self.truth = QComboBox()
        self.truth.setAccessibleName(self.tr("It really is"))
        self.truth.activated.connect(self._name_truth)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(ElidedLabel(self.tr("It really is"), "explain"), 1)
        row.addWidget(self.truth, 2)
        return row

    def _make_seen(self) -> QHBoxLayout:
        self.seen = Label()
        self.seen.setFixedSize(SEEN, SEEN)
        self.seen.setAccessibleName(self.tr("What the network sees"))
        self._seen_words = ClampedLabel("", "explain", lines=3)
        beside = QVBoxLayout()
        beside.setSpacing(2)
        beside.addWidget(self._seen_words)
        beside.addWidget(self.words)
        beside.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.seen, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside, 1)
        return row

    # --- told by the view --------------------------------------------------------------------------------------------

    def show_data(self, overview: RunOverview) -> None:
        """Of which data an example is to be given."""
        self._tested, self._row = overview.tested, min(self._row, max(0, overview.tested - 1))
        pictures = overview.offers.has_maps
        if overview.cloud is not None:
            self.plane.show_points(*overview.cloud)
        self.form.show_fields(overview.fields)
        stage = self.canvas if pictures else self.form if overview.fields else self.plane
        self.stage.setCurrentWidget(stage)
        words = self.tr("Draw") if pictures else self.tr("Fill in") if overview.fields else self.tr("Click")
        self.way.set_words("draw", words)
        for way in ("file", "camera"):
            self.way.segment(way).setVisible(pictures)
        self.way.segment("draw").setVisible(pictures or overview.cloud is not None or bool(overview.fields))
        self.seen.setVisible(pictures)
        self._seen_words.setVisible(pictures)
        with QSignalBlocker(self.truth):
            self.truth.clear()
            self.truth.addItem(self.tr("not known"), "")
            for name in overview.classes:
                self.truth.addItem(name, name)

    def show_example(self, given: Given, example: Example) -> None:
        """What the network sees of what was given, and what it is."""
        if example.values.ndim == 3:
            self.seen.setPixmap(pixmap_of(example.values, SEEN))
            c, h, w = example.values.shape
            kind = self.tr("in colour") if c == 3 else self.tr("grey")
            words = self.tr("It sees {w} × {h} pixels, {kind}")
            self._seen_words.setText(words.format(w=w, h=h, kind=kind))
            if isinstance(given, FromTestPart):
                self.canvas.show_picture(pixmap_of(example.values, SHOWN))
            elif example.given is not None:
                self.canvas.show_picture(_squared(image_of(example.given)))
        if example.cells and not isinstance(given, FilledIn):
            self._show_cells(example.cells)
        self.truth.setEnabled(not isinstance(given, FromTestPart))
        if example.words:
            self.words.setText(say(example.words))
        with QSignalBlocker(self.truth):
            self.truth.setCurrentIndex(max(0, self.truth.findData(example.truth)))

    def say_trouble(self, words: str) -> None:
        """Why a picture could not be used."""
        self.words.setText(words)
        self.seen.clear()
        self._seen_words.setText("")

    @property
    def waits(self) -> bool:
        """Whether a person is to give a picture: none of the test part takes its place."""
        return self.way.current != "test"

    # --- ways --------------------------------------------------------------------------------------------------------

    def show_row(self, row: int) -> None:
        """Give one of the test part, from 0."""
        self._row = row
        with QSignalBlocker(self.way):
            self.way.choose("test")
        self._show_way("test")

    def show_next(self) -> None:
        """Give the next of the test part; after the last the first."""
        self.show_row((self._row + 1) % max(1, self._tested))

    def _show_one_before(self) -> None:
        self.show_row((self._row - 1) % max(1, self._tested))

    def take_file(self, path: Path) -> None:
        """Give the picture in a file."""
        self._enter("file")
        self.words.setText(path.name)
        self.canvas.show_picture(_blank())  # it is read in a worker, large as it may be
        self.given.emit(OwnFile(path))

    def take_image(self, image: QImage, name: str) -> None:
        """Give a picture that stands in no file."""
        self._enter("file")
        self.words.setText(name)
        self.canvas.show_picture(_squared(image))
        self.given.emit(OwnPicture(pixels_of(image), name))

    def paste_picture(self) -> None:
        """Give the picture in the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        image = image_in(data) if data is not None else None
        urls = data.urls() if data is not None else []
        if image is not None:
            self.take_image(image, self.tr("the pasted picture"))
        elif len(urls) == 1 and urls[0].isLocalFile():
            self.take_file(Path(urls[0].toLocalFile()))
        else:
            self.say_trouble(self.tr("There is no picture in the clipboard: copy one first."))

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a picture"), "", self.tr("Pictures (*)"))
        if chosen:
            self.take_file(Path(chosen))

    def _enter(self, way: Way) -> None:
        with QSignalBlocker(self.way):
            self.way.choose(way)
        self._show_way(way, ask=False)

    def _show_way(self, way: str, ask: bool = True) -> None:
        self._tools.setCurrentIndex(("draw", "file", "test", "camera").index(way))
        if way != "camera":
            self.camera.stop()
        if way != "draw" and ask and (way != "test" or not self.canvas.shows_picture):
            self.canvas.show_picture(QPixmap())  # nothing to draw on until there is one
        stage = self.stage.currentWidget()
        if way == "draw" and stage is not self.canvas:
            self._tools.setCurrentIndex(NOTHING)
            on_plane = self.tr("Click in the plane, or move the place with the arrows.")
            self.words.setText(on_plane if stage is self.plane else self.tr("Move a slider or choose a name."))
        elif way == "draw":
            self.canvas.show_picture(None)
            self.words.setText(self.tr("Nothing you draw is kept, and nothing leaves this computer."))
            if ask and self.canvas.is_blank:
                self._give_nothing()
            elif ask:
                self._give_drawing()
        elif way == "test" and ask and self._tested:
            self.given.emit(FromTestPart(self._row))
        elif way == "camera":
            self.words.setText(self.tr("Nothing the camera sees is kept, and nothing leaves this computer."))
            self._give_nothing()
            self.camera.start()
        elif way == "file" and ask:
            self.words.setText(self.tr("Choose, paste or drop a picture."))
            self._give_nothing()

    def _give_nothing(self) -> None:
        """What was seen before belongs to no picture here."""
        self.seen.clear()
        self._seen_words.setText("")
        self.truth.setEnabled(False)
        with QSignalBlocker(self.truth):
            self.truth.setCurrentIndex(0)
        self.emptied.emit()

    def _take_tool(self, tool: str) -> None:
        self.canvas.tool = "rubber" if tool == "rubber" else "pen"

    def _show_cells(self, cells: tuple[Cell, ...]) -> None:
        """An example of the test part where a person gives their own."""
        if self.stage.currentWidget() is self.form:
            self.form.show_cells(cells)
        elif len(cells) == 2 and isinstance(cells[0], float) and isinstance(cells[1], float):
            self.plane.show_place(cells[0], cells[1])

    def _give_place(self, x: float, y: float) -> None:
        self._enter("draw")
        self.given.emit(FilledIn((x, y)))

    def _give_row(self, cells: tuple[Cell, ...]) -> None:
        self._enter("draw")
        self.given.emit(FilledIn(cells))

    def _give_frame(self, image: QImage) -> None:
        self.canvas.show_picture(_squared(image))
        self.given.emit(OwnPicture(pixels_of(image), self.tr("the picture of the camera")))

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: the camera does not either."""
        super().hideEvent(event)
        self.camera.stop()

    def _give_drawing(self) -> None:
        self.given.emit(OwnPicture(pixels_of(self.canvas.drawing), self.tr("the drawing")))

    def _name_truth(self) -> None:
        self.named.emit(str(self.truth.currentData()))


def _row(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return holder


def _blank() -> QPixmap:
    square = QPixmap(SHOWN, SHOWN)
    square.fill(Qt.GlobalColor.white)
    return square


def _squared(image: QImage) -> QPixmap:
    """A picture as large as there is room for, on white."""
    square = QImage(SHOWN, SHOWN, QImage.Format.Format_RGB32)
    square.fill(Qt.GlobalColor.white)
    small = image.scaled(SHOWN, SHOWN, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    painter = QPainter(square)
    painter.drawImage((SHOWN - small.width()) // 2, (SHOWN - small.height()) // 2, small)
    painter.end()
    return QPixmap.fromImage(square)
