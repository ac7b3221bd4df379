"""Numbers beside the points of the chart of steps, where there is room and no line goes through them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from studio.gui import theme
from studio.gui.theme import scaled
from studio.gui.views.generations.chart_content import ChartLine, ChartMark
from studio.gui.views.generations.chart_layout import LEFT, NUMBER, ChartLayout
from studio.gui.views.generations.chart_marks import is_crossed


def paint_numbers(painter: QPainter, layout: ChartLayout, line: ChartLine, taken: list[QRectF]) -> None:
    """The lowest value first, then the ends, then the others; of many columns those that have a name.

    Args:
        taken: where words stand already; the places of numbers are added.
    """
    marks = _wanted(layout, line)
    levels = [layout.height_of(level.value) for level in layout.content.levels]
    path = [
        QPointF(centre, layout.height_of(mark.value))
        for centre, mark in zip(layout.centres, line.steps, strict=False)
        if mark is not None
    ]
    for number, mark in marks.items():
        words = f"{mark.value:.1f}"
        free = [place for place in _places(layout, number, mark, words) if _is_free(place, layout, taken)]
        if not free:
            continue
        # rather where neither its own line nor a level line goes through it
        place = min(free, key=lambda at: is_crossed(at, path) + any(at.top() < y < at.bottom() for y in levels))
        taken.append(place)
        painter.setFont(theme.font("section"))
        painter.setPen(theme.current().color("text"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        few = layout.content.columns[number].few
        if few:
            _, below = _ends(layout, mark)
            _paint_few(painter, layout, few, QPointF(layout.centres[number], max(below, place.bottom())), taken)


def _wanted(layout: ChartLayout, line: ChartLine) -> dict[int, ChartMark]:
    """Column to the mark that has a number, in the order in which they take their places."""
    marks = [(i, mark) for i, mark in enumerate((*line.steps, *line.averages)) if mark is not None]
    if not marks:
        return {}
    named = [title for words in layout.words for title in words.titles]
    best = min(marks, key=lambda pair: pair[1].value)
    return dict([best, marks[0], marks[-1], *((i, mark) for i, mark in marks if named[i])])


def _ends(layout: ChartLayout, mark: ChartMark) -> tuple[float, float]:
    """Where a mark and its interval end above and below, in pixels."""
    y = layout.height_of(mark.value)
    above = min(layout.height_of(mark.high) if mark.high is not None else y, y - 2)
    below = max(layout.height_of(mark.low) if mark.low is not None else y, y + 2)
    return above, below


def _places(layout: ChartLayout, number: int, mark: ChartMark, words: str) -> list[QRectF]:
    """Above and below a mark and, in a wide column, at either side of it."""
    width, height = QFontMetricsF(theme.font("section")).horizontalAdvance(words) + 4, scaled(NUMBER)
    centre, y = layout.centres[number], layout.height_of(mark.value)
    above, below = _ends(layout, mark)
    left = min(max(centre - width / 2, scaled(LEFT)), layout.size.width() - width)
    places = [QRectF(left, top, width, height) for top in (above - 4 - height, below + 4)]
    if layout.columns[number].width() > 2 * (width + 10):
        places += [QRectF(x, y - height / 2, width, height) for x in (centre + 8, centre - 8 - width)]
    return places


def _is_free(place: QRectF, layout: ChartLayout, taken: Sequence[QRectF]) -> bool:
    lowest = layout.parts[0].bottom() + 2
    return place.bottom() <= lowest and not any(place.intersects(other) for other in taken)


def _paint_few(painter: QPainter, layout: ChartLayout, words: str, at: QPointF, taken: list[QRectF]) -> None:
    """How many seeds have come so far, below a mark, where there is room."""
    painter.setFont(theme.font("axis"))
    painter.setPen(theme.current().color("text3"))
    width = QFontMetricsF(painter.font()).horizontalAdvance(words) + 4
    place = QRectF(min(at.x() - width / 2, layout.size.width() - 2.0 - width), at.y() + 2, width, scaled(15))
    if _is_free(place, layout, taken):
        taken.append(place)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
