"""How sure a model is of its likeliest answers: a name, a bar and a number each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.format import percent
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.told_apart import told_apart

#: Answers that are shown; pixels of a row, of a bar, of a number.
SHOWN, ROW, BAR, NUMBER = 5, 24, 14, 40
#: Pixels along that a bar keeps beside long names.
LEAST_BAR = 32.0


@dataclass(frozen=True)
class AnswerRow:
    """One of the answers.

    Args:
        share: how sure, 0 to 1.
        right: whether it is the right one, as far as that is known.
    """

    name: str
    share: float
    right: bool


def answer_rows(classes: tuple[str, ...], probabilities: np.ndarray, truth: str) -> tuple[AnswerRow, ...]:
    """The likeliest answers, the likeliest first; the right one takes the last row where it is not among them."""
    order = [int(k) for k in np.argsort(-probabilities, kind="stable")[:SHOWN]]
    if truth in classes and (right := classes.index(truth)) not in order:
        order[-1] = right
    return tuple(AnswerRow(classes[k], float(probabilities[k]), classes[k] == truth) for k in order)


class AnswerBars(GuardedOverrides, QWidget):
    """Five rows, always: what stands beside them keeps its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[AnswerRow, ...] = ()
        self._stroke = Stroke()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.keep_length(self, QWidget.setFixedHeight, SHOWN * ROW)
        theme.notifier().changed.connect(self.update)

    def show_rows(self, rows: tuple[AnswerRow, ...], stroke: Stroke) -> None:
        """Show answers in the colour of a run."""
        self._rows, self._stroke = rows, stroke
        self.setAccessibleName(", ".join(f"{row.name} {percent(row.share, 0)}" for row in rows))
        self.update()

    @property
    def rows(self) -> tuple[AnswerRow, ...]:
        """What is shown."""
        return self._rows

    def sizeHint(self) -> QSize:
        return QSize(160, theme.scaled(SHOWN * ROW))

    def _room_for_names(self) -> float:
        """Two fifths, or what the longest name wants and the bars can spare: names that begin alike are told apart."""
        usual = max(40.0, min(0.4 * self.width(), 110.0))
        wanted = 0.0
        for row in self._rows:
            font = theme.font("table")
            font.setBold(row.right)
            wanted = max(wanted, QFontMetrics(font).horizontalAdvance(row.name) + 8.0)
        return max(usual, min(wanted, self.width() - theme.scaled(NUMBER) - LEAST_BAR - 4.0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Names left, numbers right, bars between them."""
        colors = theme.current()
        painter = QPainter(self)
        high, numbers = theme.scaled(ROW), theme.scaled(NUMBER)
        names = self._room_for_names()
        for place, row in enumerate(self._rows):
            font = theme.font("table")
            font.setBold(row.right)
            painter.setFont(font)
            y = float(place * high)
            painter.setPen(colors.color("text"))
            left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            elided = told_apart((each.name for each in self._rows), font, int(names) - 6)[row.name]
            painter.drawText(QRectF(0, y, names, high), left, elided)
            track = QRectF(names, y + (high - BAR) / 2, max(10.0, self.width() - names - numbers - 4), BAR)
            painter.fillRect(track, colors.color("alone_band"))
            width = max(1.0, track.width() * min(1.0, row.share))
            painter.fillRect(QRectF(track.left(), track.top(), width, BAR), self._stroke.color)
            right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRectF(self.width() - numbers, y, numbers, high), right, percent(row.share, 0))
        painter.end()
