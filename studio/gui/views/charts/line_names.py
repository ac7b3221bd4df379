"""The names at the lines of a plot: which are written, and where. Found once, and again when lines or room are others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from studio.gui import theme
from studio.gui.views.charts.placing import Box, LineName, distance, place
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.swatch import paint_swatch

Pixels = tuple[np.ndarray, np.ndarray]
#: Room for the swatch in front of a name: a square for a run, a piece of its line for a reference.
SAMPLE, LINE_SAMPLE = 14, 20
#: How much of a name may lie over another.
MOST_COVERED = 0.2
#: With more names than this, those are left out that find no room within so many of their heights from their line.
CROWDED, NEAR = 8, 1.5


class NamedLine:
    """A line that has a name: whose it is, the name, and the line in pixels."""

    def __init__(
        self, stroke: Stroke, label: str, pixels: Pixels, *, bold: bool = False, growing: bool = False
    ) -> None:
        self.stroke, self.label, self.pixels = stroke, label, pixels
        self.bold, self.growing = bold, growing

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
        return SAMPLE if self.stroke.role == "run" else LINE_SAMPLE

    def wish(self, area: QRectF) -> LineName:
        """Its size, and where it would like to stand: beside the end of a line that grows, else below or above its end."""
        x, _ = self.pixels
        metrics = QFontMetricsF(self.font)
        width = metrics.horizontalAdvance(self.label) + 8 + self.sample
        beside = self.growing and x[-1] + 6 + width < area.right()
        left = x[-1] + 6 if beside else min(x[-1], area.right()) - width
        return LineName(width, metrics.height() + 2, left, self.pixels)


def find_places(lines: Sequence[NamedLine], drawn: Sequence[Pixels], area: QRectF) -> list[tuple[NamedLine, QRectF]]:
    """Where each name finds room; the bold one has the first choice, then references.

    A name without room is left out: two written over each other could neither be read. Of many also one that would stand
    far from its line: it could be anybody's.

    Args:
        drawn: all lines, in pixels.
        area: where names may stand.
    """
    named = sorted(lines, key=lambda line: (not line.bold, line.stroke.role == "run"))
    room = Box(area.left() + 2, area.top(), max(1.0, area.width() - 4), max(1.0, area.height()))
    boxes = place([line.wish(area) for line in named], drawn, room)
    found: list[tuple[NamedLine, QRectF]] = []
    for i, (line, box) in enumerate(zip(named, boxes, strict=True)):
        lost = len(named) > CROWDED and not line.bold and distance(box, line.pixels) > NEAR * box.height
        if not lost and all(box.overlap(earlier) <= MOST_COVERED for earlier in boxes[:i]):
            found.append((line, QRectF(box.x, box.y, box.width, box.height)))
    return found


def paint_name(painter: QPainter, line: NamedLine, rect: QRectF) -> None:
    """A name in text colour behind a piece of its line, on ground that hides what passes below."""
    colors = theme.current()
    painter.fillRect(rect.adjusted(0, 1, 0, -1), colors.color("surface"))
    stroke = line.stroke
    if stroke.role == "run" and not stroke.marker:
        painter.fillRect(QRectF(rect.left() + 4, round(rect.center().y()) - 4, 8, 8), stroke.color)
    elif stroke.role == "run":
        paint_swatch(painter, QRectF(rect.left(), rect.top(), 18, rect.height()), "run", stroke.index)
    else:  # a name may stand nearer to another line than to its own
        paint_swatch(painter, QRectF(rect.left() + 2, rect.top(), 18, rect.height()), stroke.role)
    painter.setPen(colors.color("text"))
    painter.setFont(line.font)
    painter.drawText(rect.adjusted(line.sample + 4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, line.label)
