"""The error of trees by how many leaves they have, between a plain tree and the teacher of the tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.presenters.tree_reading import SizesTried
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.views.charts.ticks import linear_ticks, number
from studio.gui.widgets.swatch import reference_pen

#: Pixels: the y axis, the border above, the x axis below; a number's box, and the least distance of numbers below the axis.
LEFT, TOP, BOTTOM, NUMBER, APART = 34, 16, 18, 16, 34


@dataclass(frozen=True)
class ErrorLevel:
    """An error in percent that is a line from side to side."""

    value: float
    role: StrokeRole
    label: str


class LeavesChart(GuardedOverrides, QWidget):
    """Error in percent over leaves, which double from mark to mark; the kept tree is the upright line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes: SizesTried | None = None
        self._levels: tuple[ErrorLevel, ...] = ()
        self._index = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)
        self.setAccessibleName(self.tr("Test error by number of leaves"))
        theme.notifier().changed.connect(self.update)

    def show_sizes(self, sizes: SizesTried, levels: Sequence[ErrorLevel], color_index: int) -> None:
        """Draw other values in the colour of a run."""
        if (self._sizes, self._levels, self._index) == (sizes, tuple(levels), color_index):
            return
        self._sizes, self._levels, self._index = sizes, tuple(levels), color_index
        leaves, error = sizes.leaves[sizes.chosen], 100 * sizes.wrong[sizes.chosen]
        words = self.tr("The tree that was kept has {n} leaves and errs on {error:.1f} %.").format(
            n=int(leaves), error=error
        )
        self.setAccessibleDescription(" ".join([words, *(f"{level.label}." for level in self._levels)]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axes, levels, the kept tree, the curve, its number."""
        if self._sizes is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sizes, colors = self._sizes, theme.current()
        part = QRectF(LEFT, TOP, max(20, self.width() - LEFT - 14), max(20, self.height() - TOP - BOTTOM))
        values = np.concatenate([100 * sizes.wrong, [level.value for level in self._levels]])
        low, high = float(values.min()), float(values.max())
        pad = max(0.5, 0.06 * (high - low))
        low, high = max(0.0, low - pad), high + pad
        across = np.log2(sizes.leaves)
        span = max(float(across[-1] - across[0]), 1e-9)
        points = [
            QPointF(
                part.left() + part.width() * float(x - across[0]) / span, self._height(part, low, high, 100 * float(y))
            )
            for x, y in zip(across, sizes.wrong, strict=True)
        ]
        self._paint_axes(painter, part, low, high, points)
        kept = points[sizes.chosen]
        painter.fillRect(QRectF(round(kept.x()), part.top(), 1, part.height()), colors.color("accent"))
        taken = [QRectF(point.x() - 5, point.y() - 5, 10, 10) for point in points]
        heights = [self._height(part, low, high, level.value) for level in self._levels]
        taken += [QRectF(part.left(), y - 1, part.width(), 2) for y in heights]
        painter.setPen(QPen(colors.run_color(self._index), 2))
        painter.drawPolyline(points)
        for row, point in enumerate(points):
            painter.setPen(QPen(colors.color("surface"), 1.5))
            painter.setBrush(colors.run_color(self._index))
            radius = 5.5 if row == sizes.chosen else 3.5
            painter.drawEllipse(point, radius, radius)
        self._paint_number(painter, part, kept, taken)
        for y, level in zip(heights, self._levels, strict=True):
            self._paint_level(painter, part, y, level, taken)
        painter.end()

    @staticmethod
    def _height(part: QRectF, low: float, high: float, value: float) -> float:
        return part.bottom() - part.height() * (value - low) / (high - low)

    def _paint_axes(self, painter: QPainter, part: QRectF, low: float, high: float, points: Sequence[QPointF]) -> None:
        assert self._sizes is not None
        colors = theme.current()
        painter.setFont(theme.font("axis"))
        for tick, words in linear_ticks(low, high, part.height(), 32):
            y = self._height(part, low, high, tick)
            painter.fillRect(QRectF(part.left(), round(y), part.width(), 1), colors.color("grid"))
            painter.setPen(colors.color("text3"))
            right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRectF(0, y - 8, LEFT - 6, 16), right, words)
        kept, last = points[self._sizes.chosen].x(), -1e9
        for row, point in enumerate(points):
            chosen = row == self._sizes.chosen
            if not chosen and (point.x() - last < APART or abs(point.x() - kept) < APART):
                continue
            last = point.x()
            painter.setPen(colors.color("text" if chosen else "text3"))
            box = QRectF(point.x() - 30, part.bottom() + 3, 60, 15)
            box.moveRight(min(box.right(), self.width() + 30 - painter.fontMetrics().horizontalAdvance("0,000") / 2))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), number(float(self._sizes.leaves[row])))

    def _paint_number(self, painter: QPainter, part: QRectF, kept: QPointF, taken: list[QRectF]) -> None:
        assert self._sizes is not None
        painter.setFont(theme.font("section"))
        words = f"{100 * self._sizes.wrong[self._sizes.chosen]:.1f} %"
        width = painter.fontMetrics().horizontalAdvance(words) + 6
        places = [
            QRectF(x, y, width, NUMBER)
            for y in (kept.y() - 24, kept.y() + 8)
            for x in (kept.x() + 4, kept.x() - 4 - width)
        ]
        place = _freest(places, part, taken)
        taken.append(place)
        painter.setPen(theme.current().color("text"))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), words)

    def _paint_level(self, painter: QPainter, part: QRectF, y: float, level: ErrorLevel, taken: list[QRectF]) -> None:
        painter.setPen(reference_pen(level.role))
        painter.drawLine(QPointF(part.left(), y), QPointF(part.right(), y))
        painter.setFont(theme.font("axis"))
        width = painter.fontMetrics().horizontalAdvance(level.label) + 8
        places = [
            QRectF(x, top, width, NUMBER) for x in (part.right() - width, part.left() + 4) for top in (y - 18, y + 3)
        ]
        place = _freest(places, part, taken)
        taken.append(place)
        painter.fillRect(place.adjusted(0, 1, 0, -1), theme.current().color("surface"))
        painter.setPen(theme.current().color("text"))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), level.label)


def _freest(places: Sequence[QRectF], part: QRectF, taken: Sequence[QRectF]) -> QRectF:
    """The place that covers least, the first of equal ones."""

    def covered(place: QRectF) -> int:
        outside = place.top() < part.top() - 14 or place.bottom() > part.bottom() or place.left() < part.left()
        return sum(place.intersects(other) for other in taken) + 3 * outside

    return min(places, key=covered)
