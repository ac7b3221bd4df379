"""Errors over a size that doubles from mark to mark - leaves, made-up cases, hidden units -, between reference lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.format import short_number
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.views.charts.ticks import linear_ticks, number
from studio.gui.widgets.swatch import marker_of, paint_marker, reference_pen

#: Pixels: the y axis, the border above, the x axis below; a number's box, and the least distance of numbers below the axis.
LEFT, TOP, BOTTOM, NUMBER, APART = 42, 16, 18, 16, 40
#: Pixels between two places of a line that a number keeps clear of.
STEP = 8

#: Pixels that are left below the lowest error, for the words of a reference line that has another just above it.
BELOW = NUMBER + 4

#: What a reference line is of; "best" is the best single learner of many.
LevelRole = Literal["teacher", "alone", "best"]


@dataclass(frozen=True)
class ErrorLevel:
    """An error that is a line from side to side."""

    value: float
    role: LevelRole
    label: str


@dataclass(frozen=True)
class ErrorLine:
    """Points that belong together, from the smallest size to the largest.

    Attributes:
        sizes, errors: of each point; sizes are above 0.
        chosen: the number of the point that counts; None where none does.
    """

    sizes: tuple[float, ...]
    errors: tuple[float, ...]
    color_index: int = 0
    chosen: int | None = None


@dataclass(frozen=True)
class ErrorContent:
    """All that is drawn, and what is said of it aloud. ``percent``: errors are percents, else plain figures."""

    lines: tuple[ErrorLine, ...] = ()
    levels: tuple[ErrorLevel, ...] = ()
    percent: bool = True
    spoken: str = ""

    def words(self, error: float) -> str:
        """An error as it is written at its point."""
        return f"{error:.1f} %" if self.percent else short_number(error, 3)


class ErrorChart(GuardedOverrides, QWidget):
    """The chart; the first line's chosen point has an upright line and its number.

    Args:
        name: what is drawn, for those who do not see it.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = ErrorContent()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.keep_length(self, QWidget.setMinimumHeight, 96)
        self.setAccessibleName(name)
        theme.notifier().changed.connect(self.update)

    @property
    def content(self) -> ErrorContent:
        """What is drawn."""
        return self._content

    def show_content(self, content: ErrorContent) -> None:
        """Draw other values."""
        if content == self._content:
            return
        self._content = content
        self.setAccessibleDescription(
            " ".join([content.spoken, *(f"{level.label}." for level in content.levels)]).strip()
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axes, levels, the chosen point, the lines, its number."""
        content, colors = self._content, theme.current()
        if not content.lines:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        part = QRectF(
            scaled(LEFT),
            scaled(TOP),
            max(20, self.width() - scaled(LEFT) - 14),
            max(20, self.height() - scaled(TOP) - scaled(BOTTOM)),
        )
        low, high = _range(content, part.height())
        places = [self._points(line, part, low, high) for line in content.lines]
        self._paint_axes(painter, part, low, high, places)
        first, chosen = places[0], content.lines[0].chosen
        if chosen is not None:
            painter.fillRect(QRectF(round(first[chosen].x()), part.top(), 1, part.height()), colors.color("accent"))
        heights = [_height(part, low, high, level.value) for level in content.levels]
        taken = [QRectF(point.x() - 5, point.y() - 5, 10, 10) for points in places for point in points]
        taken += [box for points in places for box in _along(points)]
        taken += [QRectF(part.left(), y - 1, part.width(), 2) for y in heights]
        said = content.words(content.lines[0].errors[chosen]) if chosen is not None else ""
        numbers = [self._number_places(painter, first[chosen], said)] if chosen is not None else []
        labels = [self._level_places(painter, part, y, level) for y, level in zip(heights, content.levels, strict=True)]
        words_at = apart([*numbers, *labels], part, taken)
        for y, level, place in zip(heights, content.levels, words_at[len(numbers) :], strict=True):
            self._paint_level(painter, part, y, level, place)
        for line, points in reversed(list(zip(content.lines, places, strict=True))):
            _paint_line(painter, line, points)
        if numbers:
            self._paint_number(painter, words_at[0], said)
        painter.end()

    def _points(self, line: ErrorLine, part: QRectF, low: float, high: float) -> list[QPointF]:
        sizes = [math.log2(size) for line in self._content.lines for size in line.sizes]
        least, most = min(sizes), max(sizes)
        span = most - least
        return [
            QPointF(
                part.left() + part.width() * ((math.log2(size) - least) / span if span > 1e-9 else 0.5),
                _height(part, low, high, error),
            )
            for size, error in zip(line.sizes, line.errors, strict=True)
        ]

    def _paint_axes(
        self, painter: QPainter, part: QRectF, low: float, high: float, places: Sequence[Sequence[QPointF]]
    ) -> None:
        colors, first = theme.current(), self._content.lines[0]
        painter.setFont(theme.font("axis"))
        for tick, words in linear_ticks(low, high, part.height(), 32):
            y = _height(part, low, high, tick)
            painter.fillRect(QRectF(part.left(), round(y), part.width(), 1), colors.color("grid"))
            painter.setPen(colors.color("text3"))
            right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRectF(0, y - scaled(8), scaled(LEFT) - 6, scaled(16)), right, words)
        kept = None if first.chosen is None else (places[0][first.chosen].x(), first.sizes[first.chosen])
        pairs = zip(self._content.lines, places, strict=True)
        marks = {(point.x(), size) for line, points in pairs for point, size in zip(points, line.sizes, strict=True)}
        last = -1e9
        for x, size in sorted(marks):
            chosen = (x, size) == kept
            if not chosen and (x - last < APART or (kept is not None and abs(x - kept[0]) < APART)):
                continue
            last = x
            painter.setPen(colors.color("text" if chosen else "text3"))
            box = QRectF(x - scaled(30), part.bottom() + 3, scaled(60), scaled(15))
            words = number(size)
            box.moveRight(min(box.right(), self.width() + 28 - painter.fontMetrics().horizontalAdvance(words) / 2))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)

    @staticmethod
    def _number_places(painter: QPainter, at: QPointF, words: str) -> list[QRectF]:
        """Where the number of the chosen point may stand, the best first."""
        painter.setFont(theme.font("section"))
        width = painter.fontMetrics().horizontalAdvance(words) + 6
        return [
            QRectF(x, y, width, NUMBER)
            for y in (at.y() - 24, at.y() + 8, at.y() - 40)
            for x in (at.x() + 4, at.x() - 4 - width)
        ]

    @staticmethod
    def _paint_number(painter: QPainter, place: QRectF, words: str) -> None:
        painter.setFont(theme.font("section"))
        painter.setPen(theme.current().color("text"))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), words)

    @staticmethod
    def _level_places(painter: QPainter, part: QRectF, y: float, level: ErrorLevel) -> list[QRectF]:
        """Where the words of a level may stand, the best first: above it or below."""
        painter.setFont(theme.font("axis"))
        width = painter.fontMetrics().horizontalAdvance(level.label) + 8
        right, left = part.right() - width, part.left() + 4
        across = (right, left, right - (right - left) / 3, left + (right - left) / 3)
        return [QRectF(x, top, width, NUMBER) for x in across for top in (y - 18, y + 3)]

    def _paint_level(self, painter: QPainter, part: QRectF, y: float, level: ErrorLevel, place: QRectF) -> None:
        painter.setPen(_level_pen(level.role))
        painter.drawLine(QPointF(part.left(), y), QPointF(part.right(), y))
        painter.setFont(theme.font("axis"))
        painter.fillRect(place.adjusted(0, 1, 0, -1), theme.current().color("surface"))
        painter.setPen(theme.current().color("text"))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), level.label)


def _along(points: Sequence[QPointF]) -> list[QRectF]:
    """Small boxes along a line, where nothing should be written."""
    boxes = []
    for begin, end in pairwise(points):
        steps = max(1, round(math.hypot(end.x() - begin.x(), end.y() - begin.y()) / STEP))
        for step in range(steps + 1):
            at = begin + (end - begin) * (step / steps)
            boxes.append(QRectF(at.x() - 1, at.y() - 1, 2, 2))
    return boxes


def _range(content: ErrorContent, height: float) -> tuple[float, float]:
    values = [error for line in content.lines for error in line.errors] + [level.value for level in content.levels]
    low, high = min(values), max(values)
    pad = max(0.5 if content.percent else 0.05 * abs(high), 0.06 * (high - low), 1e-9)
    room = min(scaled(BELOW), height / 3)
    below = max(pad, (high + pad - low) * room / (height - room)) if content.levels else pad
    return max(0.0, low - below), high + pad


def _height(part: QRectF, low: float, high: float, value: float) -> float:
    return part.bottom() - part.height() * (value - low) / (high - low)


def _level_pen(role: LevelRole) -> QPen:
    if role == "best":
        return QPen(theme.current().color("text3"), 1)
    return reference_pen(role)


def _paint_line(painter: QPainter, line: ErrorLine, points: Sequence[QPointF]) -> None:
    colors = theme.current()
    painter.setPen(QPen(colors.run_color(line.color_index), 2))
    painter.drawPolyline(points)
    for row, point in enumerate(points):
        painter.setPen(QPen(colors.color("surface"), 1.5))
        painter.setBrush(colors.run_color(line.color_index))
        paint_marker(painter, point, marker_of(line.color_index) or "circle", 5.5 if row == line.chosen else 3.5)


def apart(words: Sequence[Sequence[QRectF]], part: QRectF, taken: Sequence[QRectF]) -> list[QRectF]:
    """A place for each of several words, so that together they cover least of what is there and of each other.

    Each place of the first is tried, with the freest that it leaves the others one after the other.

    Args:
        words: for each its places, the best first.
        part: of the chart, which they should not leave.
        taken: what should not be covered.

    Example:
        >>> left, right = QRectF(0, 0, 10, 10), QRectF(20, 0, 10, 10)
        >>> [box.x() for box in apart([[left, right], [left]], QRectF(0, 0, 40, 20), [])]
        [20.0, 0.0]
    """
    if not words:
        return []
    alone = [[_covered(place, part, taken) for place in places] for places in words]
    found: list[tuple[float, list[QRectF]]] = []
    for place, cost in zip(words[0], alone[0], strict=True):
        chosen, total = [place], cost
        for places, costs in zip(words[1:], alone[1:], strict=True):
            all_in = [cost + _shared(one, chosen) for one, cost in zip(places, costs, strict=True)]
            best = min(range(len(places)), key=all_in.__getitem__)
            chosen.append(places[best])
            total += all_in[best]
        found.append((total, chosen))
    return min(found, key=lambda one: one[0])[1]


def _covered(place: QRectF, part: QRectF, taken: Sequence[QRectF]) -> float:
    """Square pixels of what is there; very many where it leaves the chart."""
    outside = place.top() < part.top() - 14 or place.bottom() > part.bottom()
    outside |= place.left() < part.left() or place.right() > part.right() + 12
    return _shared(place, taken) + 1e6 * outside


def _shared(place: QRectF, others: Sequence[QRectF]) -> float:
    boxes = (place.intersected(other) for other in others)
    return sum(box.width() * box.height() for box in boxes)
