"""The pictures on which networks differ most: picture, name, and what each answers. A click tries one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.format import percent, thousands
from studio.gui import theme
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.views.charts.naming import class_name
from studio.gui.views.charts.own_pixels import pixmap_of
from studio.gui.views.charts.told_apart import told_apart
from studio.gui.widgets.swatch import paint_swatch
from studio.runs.inspect.asked_model import SEATS, Seat
from studio.runs.inspect.differences import DifferenceSet, DifferingPictures

#: Pixels: a picture, a tile, a line of words.
PICTURE, TILE, LINE = 72, 116, 17
#: Between the name of a class and how sure a network is of it, at least.
APART = 8
HEIGHT = PICTURE + 4 * LINE + 8
ROLES: dict[Seat, StrokeRole] = {"teacher": "teacher", "student": "run", "alone": "alone"}


class DifferenceStrip(GuardedOverrides, QWidget):
    """Tiles in a row; ``picked`` tells a row of the test part, by a click or with the arrows and Return."""

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._set: DifferenceSet | None = None
        self._classes: tuple[str, ...] = ()
        self._color = 0
        self._pixmaps: list[QPixmap | None] = []
        self._words: Mapping[int, tuple[str, ...]] = {}
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.notifier().changed.connect(self._restyle)

    def show_set(self, shown: DifferenceSet, found: DifferingPictures, classes: tuple[str, ...], color: int) -> None:
        """Show the pictures of a set.

        Args:
            color: the colour index of the run.
        """
        self._set, self._classes, self._color, self._at = shown, classes, color, 0
        self._words = found.words
        inputs = [found.inputs.get(int(row)) for row in shown.rows]
        self._pixmaps = [
            pixmap_of(values, PICTURE) if values is not None and values.ndim == 3 else None for values in inputs
        ]
        self.setFixedSize(self.sizeHint())
        self._say_which()
        self.update()

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows of the test part that are shown, the most different first."""
        return tuple(int(row) for row in self._set.rows) if self._set is not None else ()

    def _say_which(self) -> None:
        rows = self.rows
        words = self.tr("Pictures: {i} of {n}").format(i=min(self._at + 1, len(rows)), n=len(rows))
        self.setAccessibleName(words)

    def _restyle(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(max(1, len(self.rows)) * scaled(TILE), scaled(HEIGHT))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click picks."""
        self._pick(int(event.position().x()) // scaled(TILE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right go along, Return or Space picks."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._at = min(max(0, self._at + step), max(0, len(self.rows) - 1))
            self._say_which()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick(self._at)
        else:
            super().keyPressEvent(event)

    def _pick(self, place: int) -> None:
        if 0 <= place < len(self.rows):
            self._at = place
            self._say_which()
            self.update()
            self.picked.emit(self.rows[place])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A tile a picture."""
        shown = self._set
        if shown is None:
            return
        colors = theme.current()
        painter = QPainter(self)
        for place, pixmap in enumerate(self._pixmaps):
            x, label = place * scaled(TILE), int(shown.labels[place])
            if pixmap is not None:
                painter.drawPixmap(x + 2, 2, pixmap)
            else:
                self._write_row(painter, x, int(shown.rows[place]))
            if place == self._at and self.hasFocus():
                painter.setPen(QPen(colors.color("accent"), 2))
                painter.drawRect(QRectF(x + 1, 1, PICTURE + 2, PICTURE + 2))
            font = theme.font("table")
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(colors.color("text"))
            self._write(painter, x, 0, class_name(self._classes, label))
            line = 1
            for seat in SEATS:
                if seat in shown.answers:
                    best, sure = shown.answers[seat]
                    top = PICTURE + 6 + line * scaled(LINE)
                    paint_swatch(painter, QRectF(x, top, 18, scaled(LINE)), ROLES[seat], self._color)
                    wrong = int(best[place]) != label
                    font = theme.font("axis")
                    font.setBold(wrong)
                    painter.setFont(font)
                    painter.setPen(colors.color("error" if wrong else "text2"))
                    self._write(
                        painter,
                        x + 22,
                        line,
                        class_name(self._classes, int(best[place])),
                        percent(float(sure[place]), 0),
                    )
                    line += 1
        painter.end()

    @property
    def _named(self) -> list[str]:
        """The classes that are named: each is told from the others however little room there is."""
        if self._set is None:
            return []
        labels = [self._set.labels, *(best for best, _ in self._set.answers.values())]
        return [class_name(self._classes, int(label)) for label in np.unique(np.concatenate(labels))]

    def _write_row(self, painter: QPainter, x: float, row: int) -> None:
        """Instead of a picture the number of a row and what its first columns say, cut off at the end of the tile."""
        lines = (self.tr("number {n}").format(n=thousands(row + 1)), *self._words.get(row, ()))
        painter.setFont(theme.font("axis"))
        painter.setPen(theme.current().color("text2"))
        metrics, high, room = QFontMetrics(painter.font()), scaled(LINE), scaled(TILE) - 10
        for place, words in enumerate(lines):
            elided = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room)
            line = QRectF(x, 2 + place * high, room, high)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), elided)

    def _write(self, painter: QPainter, x: float, line: int, name: str, share: str = "") -> None:
        """A name, cut where there is no room for it, and at the right, apart from it, how sure it is: a name may be a
        digit."""
        room = scaled(TILE) - 22 - (x % scaled(TILE))
        metrics = QFontMetrics(painter.font())
        left = int(room) - (metrics.horizontalAdvance(share) + scaled(APART) if share else 0)
        words = told_apart(self._named, painter.font(), left)[name]
        place = QRectF(x, PICTURE + 6 + line * scaled(LINE), room, scaled(LINE))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), share)
