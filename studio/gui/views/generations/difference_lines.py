"""The rows of a reported table as lines: how much their cells differ from their first."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.format import signed_points
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.views.charts.reported_grid import GridContent, GridRow
from studio.gui.views.charts.ticks import linear_ticks
from studio.gui.widgets.swatch import paint_swatch

#: Pixels: the y axis, the head with the names, the row of columns, the least height.
LEFT, HEAD, ROW, LEAST_HEIGHT = 30, 18, 18, 112


class DifferenceLines(GuardedOverrides, QWidget):
    """A line a row: how much its cells differ from its first, in points; ours in its colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content: GridContent | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.keep_length(self, QWidget.setMinimumHeight, LEAST_HEIGHT)
        self.setAccessibleName(self.tr("Error against the first teacher, points"))
        theme.notifier().changed.connect(self.update)

    def show_content(self, content: GridContent) -> None:
        """Show another table."""
        if content != self._content:
            self._content = content
            own = zip(content.columns, differences(content.own), strict=True)
            self.setAccessibleDescription(
                ", ".join(f"{name} {signed_points(value / 100)}" for name, value in own if value is not None)
            )
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Whose lines are which, the grid, the reported lines, ours above them, the columns."""
        content = self._content
        if content is None:
            return
        painter = QPainter(self)
        colors = theme.current()
        rows = [differences(row) for row in content.others]
        own = differences(content.own)
        known = [value for row in (*rows, own) for value in row if value is not None]
        low, high = min([-1.0, *known]) - 0.2, max([0.0, *known]) + 0.2
        area = QRectF(
            scaled(LEFT),
            scaled(HEAD) + 4,
            max(20, self.width() - scaled(LEFT)),
            max(20, self.height() - scaled(HEAD) - scaled(ROW) - 6),
        )
        width = area.width() / max(1, len(content.columns))

        def place(column: int, value: float) -> QPointF:
            y = area.bottom() - (value - low) / (high - low) * area.height()
            return QPointF(area.left() + (column + 0.5) * width, y)

        painter.setFont(theme.font("axis"))
        for tick, words in linear_ticks(low, high, area.height(), 26):
            y = place(0, tick).y()
            painter.fillRect(QRectF(area.left(), round(y), area.width(), 1), colors.color("grid"))
            painter.setPen(colors.color("text3"))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - scaled(8), scaled(LEFT) - 6, scaled(16)), flags, words)
        metrics = QFontMetricsF(painter.font())
        for i, title in enumerate(content.columns):
            elided = metrics.elidedText(title, Qt.TextElideMode.ElideRight, width)
            rect = QRectF(area.left() + i * width, self.height() - scaled(ROW), width, scaled(ROW) - 2)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, elided)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in rows:
            _paint_line(
                painter, [place(i, v) for i, v in enumerate(row) if v is not None], colors.color("field_border"), 1
            )
        _paint_line(painter, [place(i, v) for i, v in enumerate(own) if v is not None], content.stroke.color, 2)
        self._paint_head(painter, content)
        painter.end()

    def _paint_head(self, painter: QPainter, content: GridContent) -> None:
        """What is drawn, and at the right whose lines are which."""
        colors = theme.current()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("axis"))
        metrics = QFontMetricsF(painter.font())
        right = float(self.width())
        painter.setPen(colors.color("text"))
        for words in (self.tr("ours"), content.source):
            width = metrics.horizontalAdvance(words)
            painter.drawText(QRectF(right - width - 1, 0, width + 2, scaled(HEAD)), middle, words)
            right -= width + 22
            if words == content.source:
                painter.fillRect(QRectF(right + 2, scaled(HEAD) / 2, 14, 1), colors.color("field_border"))
            else:
                paint_swatch(painter, QRectF(right, 0, 18, scaled(HEAD)), content.stroke.role, content.stroke.index)
                painter.setPen(colors.color("text"))
            right -= 10
        painter.setFont(theme.font("section"))
        words = self.tr("Against the first teacher, points")
        elided = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, right))
        painter.drawText(QRectF(0, 0, max(0.0, right), scaled(HEAD)), middle, elided)

    def sizeHint(self) -> QSize:
        return QSize(280, scaled(LEAST_HEIGHT))


def _paint_line(painter: QPainter, points: list[QPointF], color: QColor, width: int) -> None:
    painter.setPen(QPen(color, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
    painter.setBrush(color)
    painter.setPen(QPen(theme.current().color("surface"), 1))
    for point in points:
        painter.drawEllipse(point, 2.0 + width, 2.0 + width)


def differences(row: GridRow) -> list[float | None]:
    """Of a row's cells from its first; None where one of both is not there."""
    first = row.values[0] if row.values else None
    return [None if value is None or first is None else value - first for value in row.values]
