"""The words below the columns of a chart: in full where there is room, else in brief, else only some of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from studio.gui import theme
from studio.gui.theme import scaled
from studio.gui.views.generations.chart_content import ChartColumn, Verdict

#: What stands for the words below a name where they have no room.
GLYPHS: dict[Verdict, str] = {"better": "✓", "worse": "✗", "unsure": "≈", "": ""}
#: The colours of words by what they say.
TONES: dict[Verdict, str] = {"better": "good", "worse": "error", "unsure": "text3", "": "text3"}
#: Pixels of a row, between two words beside each other, and the least width of a column with a glyph.
ROW, GAP, GLYPH = 16, 8, 11


@dataclass(frozen=True)
class ColumnWords:
    """Rows of words, a word a column, empty where there is no room for it.

    Attributes:
        width: of a column, in pixels.
        titles: their names.
        below: how each does, with its colour's role.
        kinds: (number of the first column, how many, what they have in common), where names are brief.
    """

    width: float
    titles: tuple[str, ...]
    below: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[int, int, str], ...]

    @property
    def height(self) -> int:
        """Of all rows, in pixels."""
        return scaled(ROW) * (3 if self.kinds else 2)


def column_words(columns: Sequence[ChartColumn], width: float) -> ColumnWords:
    """The words that fit columns of ``width`` pixels."""
    titles, kinds = [column.title for column in columns], []
    if _widest(titles, "section") > width:
        shorts = [column.short for column in columns]
        every = next((n for n in (1, 2, 5, 10, 20) if _widest(shorts, "section") <= n * width), 50)
        titles = [short if i % every == 0 else "" for i, short in enumerate(shorts)]
        for kind, group in itertools.groupby(enumerate(columns), key=lambda pair: pair[1].kind):
            numbers = [i for i, _ in group]
            if kind and _widest([kind], "axis") <= width * len(numbers):
                kinds.append((numbers[0], len(numbers), kind))
    below = [column.below for column in columns]
    if _widest(below, "axis") > width:
        below = [GLYPHS[column.verdict] if width >= GLYPH else "" for column in columns]
    tones = [TONES[column.verdict] for column in columns]
    return ColumnWords(width, tuple(titles), tuple(zip(below, tones, strict=True)), tuple(kinds))


def paint_words(painter: QPainter, words: ColumnWords, left: float, right: float, top: float) -> None:
    """Paint the rows.

    Args:
        left, right: where the first column begins, and the last one ends, in pixels; no word goes beyond.
        top: of the first row.
    """

    def paint(font: QFont, tone: str, centre: float, top: float, word: str) -> None:
        painter.setFont(font)
        painter.setPen(theme.current().color(tone))
        width = QFontMetricsF(font).horizontalAdvance(word) + 2
        at = max(left, min(centre - width / 2, right - width))
        painter.drawText(QRectF(at, top, width, scaled(ROW)), Qt.AlignmentFlag.AlignCenter, word)

    section, axis = theme.font("section"), theme.font("axis")
    for i, (title, (below, tone)) in enumerate(zip(words.titles, words.below, strict=True)):
        paint(section, "text", left + (i + 0.5) * words.width, top, title)
        paint(axis, tone, left + (i + 0.5) * words.width, top + scaled(ROW), below)
    for first, count, kind in words.kinds:
        paint(axis, "text3", left + (first + count / 2) * words.width, top + 2 * scaled(ROW), kind)


def _widest(words: Sequence[str], role: str) -> float:
    metrics = QFontMetricsF(theme.font(role))
    return max((metrics.horizontalAdvance(word) for word in words), default=0.0) + GAP
