"""Test examples in a row: a picture, what it is, and what was answered instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.charts.maps import pictures
from studio.gui.views.charts.told_apart import told_apart

#: Pixels: a picture, a row of a table, the gap behind each, a line of words.
SIDE, WIDE, GAP, LINE = 60, 138, 12, 15


@dataclass(frozen=True)
class ShownCase:
    """One example.

    Attributes:
        row: its place in the test part.
        title: what it is.
        told: what was answered instead, with a word in braces for each class of ``answers``.
        answers: those classes by their words.
        words: what stands in its place where it is no picture.
    """

    row: int
    title: str
    told: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    words: str = ""

    @property
    def remark(self) -> str:
        """What was answered instead, in full."""
        return self.told.format(**self.answers)

    @property
    def spoken(self) -> str:
        """All of it in one line."""
        return ", ".join(part for part in (self.title, self.remark, self.words) if part)


class CaseStrip(GuardedOverrides, QWidget):
    """Arrow keys go along, a click or Enter chooses: ``chosen`` gives the place in the test part.

    Args:
        wraps: whether it goes on in a further row where one is full; else it is as wide as it needs be.
    """

    chosen = Signal(int)

    def __init__(self, name: str, wraps: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._wraps = name, wraps
        self._cases: tuple[ShownCase, ...] = ()
        self._pixmaps: list[QPixmap] = []
        self._index = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        across = QSizePolicy.Policy.Expanding if wraps else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme.notifier().changed.connect(self._restyle)

    def show_cases(self, cases: Sequence[ShownCase], inputs: np.ndarray | None = None) -> None:
        """Show examples; ``inputs`` uint8 (n, C, H, W) are their pictures once they have been read."""
        self._cases, self._index = tuple(cases), 0
        self._pixmaps = _pixmaps(inputs) if inputs is not None and inputs.ndim == 4 and len(inputs) else []
        self._fit()
        self._say()
        self.update()

    @property
    def cases(self) -> tuple[ShownCase, ...]:
        """What is shown."""
        return self._cases

    @property
    def has_pictures(self) -> bool:
        """Whether the pictures have been read."""
        return bool(self._pixmaps)

    @property
    def index(self) -> int:
        """The case the keys stand on."""
        return self._index

    def sizeHint(self) -> QSize:
        columns = self._columns
        rows = -(-len(self._cases) // columns) if self._cases else 1
        return QSize(min(len(self._cases), columns) * self._step, rows * self._tall)

    def place(self, index: int) -> QRectF:
        """Where a case stands."""
        row, column = divmod(index, self._columns)
        return QRectF(column * self._step, row * self._tall, self._step, self._tall)

    @property
    def _step(self) -> int:
        return (WIDE if any(case.words for case in self._cases) else SIDE) + GAP

    @property
    def _tall(self) -> int:
        return SIDE + 2 * theme.scaled(LINE) + 10

    @property
    def _columns(self) -> int:
        return max(1, self.width() // self._step) if self._wraps else max(1, len(self._cases))

    def _restyle(self) -> None:
        self._fit()
        self.update()

    def _fit(self) -> None:
        if self._wraps:
            self.setFixedHeight(self.sizeHint().height())
        else:
            self.setFixedSize(self.sizeHint())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other rows."""
        super().resizeEvent(event)
        if self._wraps and self.height() != self.sizeHint().height():
            self._fit()

    def _say(self) -> None:
        words = self._name
        if self._cases:
            said = self._cases[self._index].spoken
            words = self.tr("{name}: {case}, {i} of {n}").format(
                name=self._name, case=said, i=self._index + 1, n=len(self._cases)
            )
        self.setAccessibleName(words)

    def event(self, event: QEvent) -> bool:
        """A tool tip tells all of a case, whose names may have been cut."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), plain_tip("" if index is None else self._cases[index].spoken), self)
            return True
        return super().event(event)

    def _at(self, point: QPointF) -> int | None:
        return next((index for index in range(len(self._cases)) if self.place(index).contains(point)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        index = self._at(event.position())
        if index is not None:
            self._go_to(index)
            self.chosen.emit(self._cases[index].row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End go along; Enter and Space choose."""
        last = len(self._cases) - 1
        steps = {
            Qt.Key.Key_Left: self._index - 1,
            Qt.Key.Key_Right: self._index + 1,
            Qt.Key.Key_Up: self._index - self._columns,
            Qt.Key.Key_Down: self._index + self._columns,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._cases:
            self.chosen.emit(self._cases[self._index].row)
        elif 0 <= (wish := steps.get(key, -1)) <= last:
            self._go_to(wish)
        else:
            super().keyPressEvent(event)

    def _go_to(self, index: int) -> None:
        self._index = index
        self._say()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Picture, what it is, what was answered."""
        painter = QPainter(self)
        for index, case in enumerate(self._cases):
            self._paint_case(painter, index, case)
        painter.end()

    def _paint_case(self, painter: QPainter, index: int, case: ShownCase) -> None:
        colors, place = theme.current(), self.place(index)
        width = self._step - GAP
        box = QRectF(place.left() + 2, place.top() + 3, width, SIDE)
        if index == self._index and self.hasFocus():
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(1, 1, 3 - GAP + 2, -1), 4, 4)
        if index < len(self._pixmaps):
            painter.drawPixmap(QPointF(box.topLeft()), self._pixmaps[index])
        else:
            painter.fillRect(box, colors.color("sunken"))
            painter.setFont(theme.font("axis"))
            painter.setPen(colors.color("text2"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box.adjusted(4, 2, -4, -2), int(flags), case.words)
        for number, (words, role, tone) in enumerate(
            ((self.title_of(case), "step", "text"), (self.remark_of(case), "axis", "text2"))
        ):
            painter.setFont(theme.font(role))
            painter.setPen(colors.color(tone))
            line = QRectF(place.left(), box.bottom() + 2 + number * theme.scaled(LINE), self._room, theme.scaled(LINE))
            painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), words)

    @property
    def _room(self) -> int:
        """For a line of words."""
        return self._step - 8

    @property
    def _names(self) -> tuple[str, ...]:
        """The classes that are named: each is told from the others however little room there is."""
        return tuple({name: None for case in self._cases for name in (case.title, *case.answers.values())})

    def title_of(self, case: ShownCase) -> str:
        """What it is, as there is room for it."""
        return told_apart(self._names, theme.font("step"), self._room)[case.title]

    def remark_of(self, case: ShownCase) -> str:
        """What was answered instead, as there is room for it."""
        font = theme.font("axis")
        metrics = QFontMetricsF(font)
        if metrics.horizontalAdvance(case.remark) <= self._room or not case.answers:
            return metrics.elidedText(case.remark, Qt.TextElideMode.ElideRight, self._room)
        around = metrics.horizontalAdvance(case.told.format(**dict.fromkeys(case.answers, "")))
        written = told_apart(self._names, font, max(0.0, self._room - around) / len(case.answers))
        return case.told.format(**{word: written[name] for word, name in case.answers.items()})


def _pixmaps(inputs: np.ndarray) -> list[QPixmap]:
    return [
        QPixmap.fromImage(QImage(picture.data, SIDE, SIDE, 3 * SIDE, QImage.Format.Format_RGB888))
        for picture in pictures(inputs, SIDE)
    ]
