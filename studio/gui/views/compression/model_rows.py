"""The four models beside each other: error, right answers, bytes, milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.presenters.compression_reading import Compared
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.widgets.swatch import reference_pen

#: Pixels: a row, the head, the mark before a name, the gap before a column, the least room of a bar.
ROW, HEAD, MARK, GAP, BAR = 26, 22, 20, 14, 60


@dataclass(frozen=True)
class ModelRow:
    """A model: its name, its error and how that is written, and cells as they are written."""

    key: Compared
    name: str
    error: float | None
    words: str
    cells: tuple[str, ...]


class ModelRows(GuardedOverrides, QWidget):
    """A row a model: its mark, its name, a bar as long as its error, and further figures in columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head: tuple[str, ...] = ()
        self._rows: tuple[ModelRow, ...] = ()
        self._index = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Error, size and time of all models"))
        theme.notifier().changed.connect(self.update)

    def show_rows(self, head: Sequence[str], rows: Sequence[ModelRow], color_index: int) -> None:
        """Show other figures.

        Args:
            head: what the error is, then a word a cell.
        """
        if (tuple(head), tuple(rows), color_index) == (self._head, self._rows, self._index):
            return
        self._head, self._rows, self._index = tuple(head), tuple(rows), color_index
        theme.keep_length(self, QWidget.setFixedHeight, HEAD + ROW * len(self._rows))
        told = (
            f"{row.name}: "
            + ", ".join(f"{name} {cell}" for name, cell in zip(self._head, (row.words, *row.cells), strict=True))
            for row in self._rows
        )
        self.setAccessibleDescription("; ".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self.minimumHeight())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The head, then row after row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.current()
        painter.setFont(theme.font("body"))
        metrics = painter.fontMetrics()
        names = scaled(MARK) + max((metrics.horizontalAdvance(row.name) for row in self._rows), default=0) + 8
        cells = [
            max(metrics.horizontalAdvance(words) for words in (head, *(row.cells[place] for row in self._rows)))
            + scaled(GAP)
            for place, head in enumerate(self._head[1:])
        ]
        figures = max((metrics.horizontalAdvance(row.words) for row in self._rows), default=0) + 8
        room = max(0.0, self.width() - names - sum(cells) - figures)
        if room < scaled(BAR):
            room = 0.0
        most = max((row.error for row in self._rows if row.error is not None), default=1.0) or 1.0
        self._paint_head(painter, names, cells)
        for number, row in enumerate(self._rows):
            top = scaled(HEAD) + scaled(ROW) * number
            painter.fillRect(QRectF(0, top, self.width(), 1), colors.color("grid"))
            self._paint_mark(painter, row.key, QRectF(0, top, scaled(MARK), scaled(ROW)))
            painter.setFont(theme.font("section" if row.key == "student" else "body"))
            painter.setPen(colors.color("text"))
            middle = int(Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRectF(scaled(MARK), top, names - scaled(MARK), scaled(ROW)), middle, row.name)
            left = float(names)
            if row.error is not None and room:
                bar = QRectF(left, top + 9, max(2.0, room * row.error / most), scaled(ROW) - 18)
                painter.fillRect(bar, colors.run_color(self._index) if row.key == "student" else colors.color("alone"))
                left = bar.right() + 6
            painter.drawText(QRectF(left, top, figures, scaled(ROW)), middle, row.words)
            right = float(self.width())
            painter.setFont(theme.font("body"))
            for words, width in zip(reversed(row.cells), reversed(cells), strict=True):
                end = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
                painter.drawText(QRectF(right - width, top, width, scaled(ROW)), end, words)
                right -= width
        painter.end()

    def _paint_head(self, painter: QPainter, names: float, cells: Sequence[float]) -> None:
        painter.setFont(theme.font("axis"))
        painter.setPen(theme.current().color("text2"))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        if self._head:
            painter.drawText(QRectF(names, 0, 200, scaled(HEAD)), middle, self._head[0])
        right = float(self.width())
        for words, width in zip(reversed(self._head[1:]), reversed(cells), strict=True):
            painter.drawText(
                QRectF(right - width, 0, width, scaled(HEAD)), int(Qt.AlignmentFlag.AlignRight) | middle, words
            )
            right -= width

    def _paint_mark(self, painter: QPainter, key: Compared, area: QRectF) -> None:
        colors, y = theme.current(), area.center().y()
        if key == "student":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.run_color(self._index))
            painter.drawRoundedRect(QRectF(0, y - 4, 14, 8), 3, 3)
            return
        pens = {"ensemble": reference_pen("teacher"), "alone": reference_pen("alone")}
        painter.setPen(pens.get(key, QPen(colors.color("text3"), 1)))
        painter.drawLine(QPointF(0, y), QPointF(14, y))
