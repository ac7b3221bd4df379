"""The interval about a point of the chart of steps, and whether a line goes through a number beside one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from studio.gui.views.generations.chart_content import ChartMark

#: Half the least length of the strokes at the ends of an interval: shorter ones would only be dirt.
LEAST_STROKE = 2.0

HeightOf = Callable[[float], float]


def paint_interval(
    painter: QPainter, mark: ChartMark, at: QPointF, height_of: HeightOf, color: QColor, half: float
) -> None:
    """An upright line with a stroke at either end; ``half`` is half the width of these."""
    if mark.low is None or mark.high is None:
        return
    painter.setPen(QPen(color, 1.5))
    low, high = height_of(mark.low), height_of(mark.high)
    painter.drawLine(QPointF(at.x(), low), QPointF(at.x(), high))
    for y in (low, high) if half >= LEAST_STROKE else ():
        painter.drawLine(QPointF(at.x() - half, y), QPointF(at.x() + half, y))


def is_crossed(place: QRectF, path: Sequence[QPointF]) -> bool:
    """Whether a line through these points, from left to right, goes through ``place``."""
    for a, b in pairwise(path):
        left, right = max(place.left(), a.x()), min(place.right(), b.x())
        if left < right:
            ends = [a.y() + (b.y() - a.y()) * (x - a.x()) / (b.x() - a.x()) for x in (left, right)]
            if min(ends) < place.bottom() and max(ends) > place.top():
                return True
    return False
