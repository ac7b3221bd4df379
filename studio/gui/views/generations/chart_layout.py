"""Where everything of the chart of steps stands: its two parts, its columns, the words below them, and the y axis."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize

from studio.gui.theme import scaled
from studio.gui.views.generations.chart_content import ChartContent
from studio.gui.views.generations.column_words import ColumnWords, column_words

#: Pixels at the usual size of text: the y axis, the head of the averages, a number above its point.
LEFT, HEAD, NUMBER = 34, 36, 17
#: The least stretch of the y axis in percent, so that chance is not drawn as a mountain.
LEAST_RANGE = 1.0
#: The least width of the averages' part.
LEAST_AVERAGES = 152


class ChartLayout(NamedTuple):
    """The chart of these values at this size.

    Attributes:
        parts: where the steps are drawn, and where the averages; the latter is empty where there are none.
        words: below the columns of either part.
        columns: where each is drawn, from the top of the chart to its bottom.
        range: the values at the bottom of the y axis and at its top, in percent.
    """

    content: ChartContent
    size: QSize
    parts: tuple[QRectF, QRectF]
    words: tuple[ColumnWords, ColumnWords]
    columns: tuple[QRectF, ...]
    range: tuple[float, float]

    @property
    def marks_rect(self) -> QRectF:
        """The room of the marks: that of the steps without what stands above and below them."""
        return self.parts[0].adjusted(0, scaled(NUMBER) + 4, 0, -8)

    @property
    def centres(self) -> list[float]:
        """The middle of each column."""
        return [rect.center().x() for rect in self.columns]

    def height_of(self, value: float) -> float:
        """Where a value in percent is drawn, in pixels from the top."""
        low, high = self.range
        return self.marks_rect.bottom() - (value - low) / (high - low) * self.marks_rect.height()


def lay_out(content: ChartContent, size: QSize) -> ChartLayout:
    """Share out ``size`` pixels among the parts of a chart."""
    widths = _widths(content, size.width())
    counts = (len(content.steps), len(content.averages))
    words = (
        column_words(content.steps, widths[0] / max(1, counts[0])),
        column_words(content.averages, widths[1] / max(1, counts[1])),
    )
    top = scaled(HEAD) if counts[1] else 8
    height = max(20, size.height() - top - max(word.height for word in words) - 6)
    steps = QRectF(scaled(LEFT), top, widths[0], height)
    averages = QRectF(steps.right() + 8, top, widths[1], height) if counts[1] else QRectF()
    columns = []
    for part, count in zip((steps, averages), counts, strict=True):
        width = part.width() / max(1, count)
        columns += [QRectF(part.left() + i * width, 0, width, size.height()) for i in range(count)]
    return ChartLayout(content, size, (steps, averages), words, tuple(columns), content.range(LEAST_RANGE))


def _widths(content: ChartContent, width: int) -> tuple[float, float]:
    """Of the steps' part and of the averages'."""
    room, steps, averages = max(20, width - scaled(LEFT) - 4), len(content.steps), len(content.averages)
    if not averages:
        return room, 0.0
    share = min(max(room * averages / (averages + max(2, steps)), LEAST_AVERAGES), 0.45 * room)
    return room - share - 8, share
