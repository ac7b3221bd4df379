"""A row of a table to fill in: a slider for a number, a list for a name; what may be missing can be left out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QGridLayout, QScrollArea, QSlider, QVBoxLayout, QWidget

from studio.core.format import short_number
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.labels import ElidedLabel, Label
from studio.gui.widgets.number_editors import wheel_when_focused
from studio.gui.widgets.scrolling import frame_focus
from studio.runs.inspect.asked_model import Cell, InputField

#: Steps of a slider; milliseconds after which a movement is told.
STEPS, REST = 200, 60
#: Letters of a name that a list has room for, however narrow the form is.
LEAST_LETTERS = 6


class RowForm(QFrame):
    """Fields one below the other; ``filled`` tells all cells after a change."""

    filled = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[InputField, ...] = ()
        self._cells: list[Cell] = []
        self.editors: list[QWidget] = []
        #: By place of a column of numbers that may be missing, what says that its number is.
        self.missing: dict[int, QCheckBox] = {}
        self._values: list[Label] = []
        self._tell = QTimer(self, singleShot=True, interval=REST)
        self._tell.timeout.connect(self._tell_cells)
        self._scroll = QScrollArea()
        frame_focus(self._scroll)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(self.tr("Row to try"))
        self.setProperty("surface", "raised")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 2, 4)
        column.addWidget(self._scroll)

    def show_fields(self, fields: tuple[InputField, ...]) -> None:
        """The columns of a table, half way between their ends."""
        if fields == self._fields:
            return
        self._fields = fields
        self._cells = [f.categories[0] if f.categories else (f.low + f.high) / 2 for f in fields]
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(2, 0, 4, 0)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        self.editors, self._values, self.missing = [], [], {}
        for place, shown in enumerate(fields):
            name, value = ElidedLabel(shown.name, "explain"), Label("", "table")
            name.setToolTip(plain_tip(shown.name))
            editor = self._list_for(shown, place) if shown.categories else self._slider_for(shown, place)
            editor.setAccessibleName(shown.name)
            grid.addWidget(name, 2 * place, 0)
            grid.addWidget(value, 2 * place, 1, Qt.AlignmentFlag.AlignRight)
            if shown.has_missing and not shown.categories:
                box = self.missing[place] = self._box_for(shown, place)
                grid.addWidget(editor, 2 * place + 1, 0)
                grid.addWidget(box, 2 * place + 1, 1, Qt.AlignmentFlag.AlignRight)
            else:
                grid.addWidget(editor, 2 * place + 1, 0, 1, 2)
            self.editors.append(editor)
            self._values.append(value)
        grid.setRowStretch(2 * len(fields), 1)
        self._scroll.setWidget(inside)
        self._show_values()

    def show_cells(self, cells: Sequence[Cell]) -> None:
        """A row as it stands in the table."""
        self._cells = list(cells)
        for shown, editor, cell in zip(self._fields, self.editors, cells, strict=True):
            with QSignalBlocker(editor):
                if isinstance(editor, QComboBox):
                    editor.setCurrentIndex(max(0, editor.findData(cell)))
                elif isinstance(editor, QSlider) and isinstance(cell, float | int):
                    span = shown.high - shown.low
                    editor.setValue(round(STEPS * (float(cell) - shown.low) / span) if span > 0 else 0)
        for place, box in self.missing.items():
            with QSignalBlocker(box):
                box.setChecked(self._cells[place] is None)
        self._show_values()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """What stands in the fields."""
        return tuple(self._cells)

    def _list_for(self, shown: InputField, place: int) -> QComboBox:
        choice = _List()
        choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel does not choose it
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        choice.setMinimumContentsLength(LEAST_LETTERS)  # a longer name is cut off, and whole in the list
        for name in shown.categories:
            choice.addItem(name, name)
        if shown.has_missing:
            choice.addItem(self.tr("missing"), None)
        choice.setProperty("place", place)
        choice.activated.connect(self._take_name)
        return choice

    def _box_for(self, shown: InputField, place: int) -> QCheckBox:
        box = QCheckBox(self.tr("missing"))
        box.setAccessibleName(self.tr("{column} is missing").format(column=shown.name))
        box.setProperty("place", place)
        box.toggled.connect(self._take_missing)
        return box

    def _slider_for(self, shown: InputField, place: int) -> QSlider:
        slider = _Slider(Qt.Orientation.Horizontal)
        slider.setRange(0, STEPS)
        slider.setValue(STEPS // 2)
        slider.setEnabled(shown.high > shown.low)
        slider.setProperty("place", place)
        slider.valueChanged.connect(self._take_number)
        return slider

    def _take_name(self) -> None:
        choice = self.sender()
        if isinstance(choice, QComboBox):
            self._set(int(choice.property("place")), choice.currentData())

    def _take_number(self, value: int) -> None:
        slider = self.sender()
        if isinstance(slider, QSlider):
            place = int(slider.property("place"))
            if place in self.missing:
                with QSignalBlocker(self.missing[place]):
                    self.missing[place].setChecked(False)
            self._set(place, self._number_at(place, value))

    def _take_missing(self, is_missing: bool) -> None:
        box = self.sender()
        if isinstance(box, QCheckBox):
            place = int(box.property("place"))
            slider = self.editors[place]
            assert isinstance(slider, QSlider)
            self._set(place, None if is_missing else self._number_at(place, slider.value()))

    def _number_at(self, place: int, value: int) -> float:
        shown = self._fields[place]
        return shown.low + value / STEPS * (shown.high - shown.low)

    def _set(self, place: int, cell: Cell) -> None:
        self._cells[place] = cell
        self._show_values()
        if not self._tell.isActive():
            self._tell.start()

    def _tell_cells(self) -> None:
        self.filled.emit(self.cells)

    def _show_values(self) -> None:
        for value, cell in zip(self._values, self._cells, strict=True):
            if cell is None:
                value.setText(self.tr("missing"))
            else:
                value.setText(short_number(cell) if isinstance(cell, float | int) else "")


class _List(GuardedOverrides, QComboBox):
    """A list that the wheel goes past, unless it has been chosen."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        wheel_when_focused(self, event, super().wheelEvent)


class _Slider(GuardedOverrides, QSlider):
    """A slider that the wheel goes past, unless it has been chosen: the form is scrolled by it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        wheel_when_focused(self, event, super().wheelEvent)
