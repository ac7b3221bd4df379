"""The names at the ends of lines: in a column beside the plot, in the order of the lines, a leader from each end to its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from studio.gui import theme
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.swatch import paint_swatch

#: Room for the swatch in front of a name: a square for a run, a piece of its line for a reference.
SAMPLE, LINE_SAMPLE = 14, 22
#: Pixels of the leader from the end of the plot to the names, and behind them.
LEADER, BEHIND = 12, 4
#: The largest share of a plot that names may take as they are; above, their brief forms stand there, elided at this share.
MOST_ROOM, MOST_BRIEF = 0.3, 0.34
#: Pixels below which a column of names says nothing; a plot that would give up half of its width for them has none.
LEAST = 84


@dataclass(frozen=True)
class LineEnd:
    """The last point of a line that has a name.

    Attributes:
        label: its name; ``brief`` is for where there is little room, the label itself if empty.
        y: height of its end in pixels, downwards.
        x: where it ends.
    """

    stroke: Stroke
    label: str
    brief: str
    x: float
    y: float
    bold: bool = False

    @property
    def font(self) -> QFont:
        """What it is written in."""
        font = theme.font("axis")
        if self.bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    @property
    def sample(self) -> int:
        """Pixels in front of the name, for a piece of its line."""
        return SAMPLE if self.stroke.role == "run" and not self.stroke.marker else LINE_SAMPLE


@dataclass(frozen=True)
class PlacedName:
    """A name as it stands: its words and the rectangle of swatch and words."""

    end: LineEnd
    words: str
    rect: QRectF


def column_width(names: Sequence[tuple[Stroke, str, str, bool]], width: float) -> tuple[float, bool]:
    """How wide the column of names is in a plot of this width, and whether their brief forms stand in it.

    Args:
        names: stroke, label, brief form and whether it is bold.
    """
    if not names:
        return 0.0, False
    ends = [LineEnd(stroke, label, brief, 0, 0, bold) for stroke, label, brief, bold in names]
    whole = max(_width(end, end.label) for end in ends) + LEADER + BEHIND
    if whole <= MOST_ROOM * width:
        return whole, False
    brief = max(_width(end, end.brief or end.label) for end in ends) + LEADER + BEHIND
    room = max(MOST_BRIEF * width, LEAST)
    return (min(brief, room), True) if room <= width / 2 else (0.0, False)


def place_names(ends: Sequence[LineEnd], area: QRectF, column: float, brief: bool) -> list[PlacedName]:
    """Where each name stands beside the plot: as high as its line ends, moved no more than to keep the names apart.

    Where not all have room, the one in question and the references stay, then those that come first.

    Args:
        area: of the curves.
        column: pixels beside it for the names.
        brief: whether their brief forms stand there.
    """
    height = QFontMetricsF(theme.font("axis")).height() + 1
    room = max(1, int(area.height() / height))
    kept = sorted(ends, key=lambda end: (not end.bold, end.stroke.role == "run"))[:room]
    kept.sort(key=lambda end: end.y)
    tops = spread_out([end.y - height / 2 for end in kept], height, area.top(), area.bottom())
    placed = []
    for end, top in zip(kept, tops, strict=True):
        words = end.brief or end.label if brief else end.label
        metrics = QFontMetricsF(end.font)
        most = column - LEADER - BEHIND - end.sample
        words = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, most)
        rect = QRectF(area.right() + LEADER, top, end.sample + metrics.horizontalAdvance(words) + 1, height)
        placed.append(PlacedName(end, words, rect))
    return placed


def spread_out(wished: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """Upper edges of rows in the order of ``wished``, none over another, moved as little as may be (in squares).

    Rows that would overlap stand together at the mean of what they wished; all stay between ``top`` and ``bottom``
    where there is room for them.
    """
    blocks: list[tuple[float, int]] = []  # the upper edge of each block of rows, and how many rows it has
    for wish in wished:
        edge, count = wish, 1
        while blocks and blocks[-1][0] + blocks[-1][1] * height > edge:
            before, rows = blocks.pop()
            edge = (before * rows + (edge - rows * height) * count) / (rows + count)
            count += rows
        blocks.append((edge, count))
    edges = [edge + row * height for edge, count in blocks for row in range(count)]
    for i, edge in enumerate(edges):  # back between the ends: pushed down from the top, then up from the bottom
        edges[i] = max(edge, top + i * height)
    for i, edge in enumerate(reversed(edges), start=1):
        edges[-i] = min(edge, bottom - i * height)
    return edges


def paint_name(painter: QPainter, name: PlacedName, area: QRectF) -> None:
    """A name in text colour behind a piece of its line, and a leader to the end of the line."""
    colors = theme.current()
    end, rect = name.end, name.rect
    y = min(max(end.y, area.top()), area.bottom())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colors.mixed(end.stroke.color, 0.5), 1.0))
    painter.drawPolyline([QPointF(area.right() + 1, y), QPointF(rect.left() - 2, rect.center().y())])
    painter.restore()
    if end.stroke.role == "run" and not end.stroke.marker:
        painter.fillRect(QRectF(rect.left() + 1, round(rect.center().y()) - 4, 8, 8), end.stroke.color)
    else:
        sample = QRectF(rect.left(), rect.top(), 18, rect.height())
        paint_swatch(painter, sample, end.stroke.role, end.stroke.index)
    painter.setPen(colors.color("text"))
    painter.setFont(end.font)
    painter.drawText(rect.adjusted(end.sample, 0, 20, 0), Qt.AlignmentFlag.AlignVCenter, name.words)


def line_end(stroke: Stroke, label: str, brief: str, bold: bool, pixels: tuple[np.ndarray, np.ndarray]) -> LineEnd:
    """The end of a line whose points, not empty, are given in pixels."""
    return LineEnd(stroke, label, brief, float(pixels[0][-1]), float(pixels[1][-1]), bold)


def _width(end: LineEnd, words: str) -> float:
    return QFontMetricsF(end.font).horizontalAdvance(words) + end.sample + 2
