"""A reported table with our own row on top."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.format import UNKNOWN
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.told_apart import told_apart
from studio.gui.widgets.swatch import paint_swatch

#: Pixels: a row, the least width of the names, the gap before a column.
ROW, NAMES, GAP = 23, 60, 6
#: Pixels before a name: behind the swatch of our own row, and of the others.
OWN, OTHER = 24, 4


@dataclass(frozen=True)
class GridRow:
    """A row: its name, a word on its size, and its cells as they are written; empty where there is no number."""

    name: str
    size: str
    cells: tuple[str, ...]
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class GridContent:
    """The head of the names, the columns, our own row, which is drawn in ``stroke``, and those of others."""

    head: str
    columns: tuple[str, ...]
    own: GridRow
    others: tuple[GridRow, ...]
    stroke: Stroke
    source: str


class ReportedGrid(GuardedOverrides, QWidget):
    """The table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content: GridContent | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Reported errors and ours"))
        theme.notifier().changed.connect(self._fit)

    def show_content(self, content: GridContent) -> None:
        """Show another table."""
        if content != self._content:
            self._content = content
            theme.keep_length(self, QWidget.setFixedHeight, ROW * (2 + len(content.others)))
            self.setAccessibleDescription("; ".join(_said(content, row) for row in (content.own, *content.others)))
            self._fit()

    def _fit(self) -> None:
        """Never narrower than its words: where there is less room it stands in what scrolls."""
        if self._content is not None:
            self.setMinimumWidth(ceil(self._names_room(self._content) + sum(self._natural_widths(self._content))) + 4)
        self.update()

    @property
    def content(self) -> GridContent | None:
        """What is shown."""
        return self._content

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Head, our row on a tinted ground, the others with a line between."""
        content = self._content
        if content is None:
            return
        painter = QPainter(self)
        colors = theme.current()
        head = GridRow(content.head, "", content.columns, ())
        self._paint_row(painter, content, 0, head, theme.font("axis"), "text2")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color("accent_soft"))
        painter.drawRoundedRect(QRectF(0, scaled(ROW), self.width(), scaled(ROW)), 4, 4)
        paint_swatch(painter, QRectF(2, scaled(ROW), 18, scaled(ROW)), content.stroke.role, content.stroke.index)
        self._paint_row(painter, content, 1, content.own, theme.font("section"), "text", indent=OWN)
        for number, row in enumerate(content.others, start=2):
            painter.fillRect(QRectF(0, number * scaled(ROW) - 1, self.width(), 1), colors.color("grid"))
            self._paint_row(painter, content, number, row, theme.font("table"), "text")
        painter.end()

    def _paint_row(
        self,
        painter: QPainter,
        content: GridContent,
        number: int,
        row: GridRow,
        font: QFont,
        tone: str,
        indent: int = OTHER,
    ) -> None:
        top, widths = number * scaled(ROW), self._widths(content)
        names = self.width() - 4 - sum(widths)
        painter.setFont(font)
        painter.setPen(theme.current().color(tone))
        metrics = QFontMetricsF(font)
        room = names - indent
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        elided = told_apart((each.name for each in (row, content.own, *content.others)), font, room)[row.name]
        painter.drawText(QRectF(indent, top, room + 2, scaled(ROW)), middle | Qt.AlignmentFlag.AlignLeft, elided)
        left = names
        for cell, width in zip(row.cells, widths, strict=True):
            words = metrics.elidedText(cell or UNKNOWN, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(left, top, width, scaled(ROW)), middle | right, words)
            left += width
        axis = theme.font("axis")
        if (
            row.size
            and QFontMetricsF(axis).horizontalAdvance(row.size) + metrics.horizontalAdvance(row.name) + 16 <= room
        ):
            painter.setFont(axis)
            painter.setPen(theme.current().color("text3"))
            painter.drawText(QRectF(indent, top, room - 8, scaled(ROW)), middle | right, row.size)

    @staticmethod
    def _names_room(content: GridContent) -> float:
        """What the names need."""
        table, own = QFontMetricsF(theme.font("table")), QFontMetricsF(theme.font("section"))
        others = [OTHER + table.horizontalAdvance(row.name) for row in content.others]
        return float(max([scaled(NAMES), OWN + own.horizontalAdvance(content.own.name), *others])) + 2

    @staticmethod
    def _natural_widths(content: GridContent) -> list[float]:
        """What the words of the columns need."""
        table, head, own = (QFontMetricsF(theme.font(role)) for role in ("table", "axis", "section"))
        widths = []
        for i, title in enumerate(content.columns):
            cells = [table.horizontalAdvance(row.cells[i]) for row in content.others]
            widths.append(
                max([head.horizontalAdvance(title), own.horizontalAdvance(content.own.cells[i]), *cells]) + scaled(GAP)
            )
        return widths

    def _widths(self, content: GridContent) -> list[float]:
        """Of the columns: what their words need; wide tables are spread."""
        widths = self._natural_widths(content)
        room = self.width() - 4 - max(self._names_room(content), 0.28 * self.width())
        return [width + max(0.0, room - sum(widths)) / len(widths) for width in widths]

    def sizeHint(self) -> QSize:
        return QSize(max(scaled(NAMES) + 240, self.minimumWidth()), self.minimumHeight())


def _said(content: GridContent, row: GridRow) -> str:
    cells = zip(content.columns, row.cells, strict=True)
    return f"{row.name}: " + ", ".join(f"{title} {cell or UNKNOWN}" for title, cell in cells)
