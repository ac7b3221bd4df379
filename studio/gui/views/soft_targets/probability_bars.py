"""What each network answers for one picture: a bar a class and network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.format import percent
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.views.charts.strokes import Stroke, make_pen
from studio.gui.views.charts.told_apart import told_apart
from studio.gui.widgets.swatch import paint_swatch

#: Pixels: heads and axis, a table column, gaps between classes.
HEAD, AXIS, COLUMN, CLASS_GAP = 18, 18, 56, 3
THINNEST, THICKEST = 4, 20
#: Wide enough for the numbers of three networks.
ROOM_OF_THREE = 440


@dataclass(frozen=True, eq=False)
class ClassProbabilities:
    """Probabilities (K,) of one picture by network, the teacher's first where there is one; K names; the true class."""

    names: tuple[str, ...]
    label: int
    networks: tuple[tuple[str, Stroke, np.ndarray], ...]


class ProbabilityBars(GuardedOverrides, QWidget):
    """A row a class: one bar a network, and the numbers of the first two, where there is room of three."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers: ClassProbabilities | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Probabilities by class"))
        theme.notifier().changed.connect(self.update)

    def show_answers(self, answers: ClassProbabilities) -> None:
        """Show one picture's answers."""
        self._answers = answers
        rows = len(answers.names)
        theme.keep_length(
            self, QWidget.setMinimumHeight, HEAD + AXIS + rows * max(15, len(answers.networks) * THINNEST + CLASS_GAP)
        )
        self.setAccessibleDescription(
            "; ".join(
                f"{network}: "
                + ", ".join(f"{n} {percent(float(p), 0)}" for n, p in zip(answers.names, values, strict=True))
                for network, _, values in answers.networks
            )
        )
        self.update()

    @property
    def answers(self) -> ClassProbabilities | None:
        """What is shown."""
        return self._answers

    def middle_of(self, row: int) -> int:
        """Where the bars of a class stand, in pixels from the top; the widget may be higher than its place."""
        rows = len(self._answers.names) if self._answers is not None else 1
        height = max(self.height(), self.minimumHeight()) - scaled(HEAD) - scaled(AXIS)
        return round(scaled(HEAD) + (row + 0.5) * height / rows)

    def sizeHint(self) -> QSize:
        """Small; it takes what it gets."""
        return QSize(300, 160)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Grid and axis, then class after class."""
        answers = self._answers
        if answers is None:
            return
        painter = QPainter(self)
        colors = theme.current()
        plain, bold = theme.font("axis"), theme.font("section")
        widest = max(QFontMetrics(bold).horizontalAdvance(name) for name in answers.names)
        left = min(widest + 12, self.width() // 4)
        columns = min(3 if self.width() >= scaled(ROOM_OF_THREE) else 2, len(answers.networks))
        area = QRectF(
            left,
            scaled(HEAD),
            max(20, self.width() - left - columns * scaled(COLUMN) - 12),
            self.height() - scaled(HEAD) - scaled(AXIS),
        )
        for tick in (0, 25, 50, 75, 100):
            x = area.left() + tick / 100 * area.width()
            painter.fillRect(QRectF(round(x), area.top(), 1, area.height()), colors.color("grid"))
            words = percent(1.0, 0) if tick == 100 else str(tick)
            _text(
                painter,
                plain,
                "text3",
                QRectF(x - scaled(30), area.bottom() + 3, scaled(60), scaled(15)),
                words,
                Qt.AlignmentFlag.AlignHCenter,
            )
        for i, (_, stroke, _) in enumerate(answers.networks[:columns]):
            head = self._column(i, columns, 0, scaled(HEAD))
            paint_swatch(painter, QRectF(head.right() - 18, 2, 18, 12), stroke.role, stroke.index)
        row = area.height() / len(answers.names)
        thick = min(
            scaled(THICKEST),
            max(scaled(THINNEST), (row - scaled(CLASS_GAP)) / max(1, len(answers.networks))),
        )
        for k, name in enumerate(answers.names):
            middle = area.top() + (k + 0.5) * row
            right = k == answers.label
            elided = told_apart(answers.names, bold, left - 8)[name]
            rect = QRectF(0, middle - scaled(9), left - 6, scaled(18))
            _text(
                painter,
                bold if right else plain,
                "text" if right else "text2",
                rect,
                elided,
                Qt.AlignmentFlag.AlignVCenter,
            )
            y = middle - thick * len(answers.networks) / 2
            for i, (_, stroke, values) in enumerate(answers.networks):
                bar = QRectF(area.left(), round(y + i * thick), max(1.0, values[k] * area.width()), thick - 1)
                _paint_bar(painter, bar, stroke)
                if i < columns:
                    number = percent(float(values[k]))
                    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    _text(
                        painter,
                        theme.font("table"),
                        "text",
                        self._column(i, columns, middle - scaled(8), scaled(16)),
                        number,
                        flags,
                    )
        painter.end()

    def _column(self, i: int, columns: int, top: float, height: float) -> QRectF:
        return QRectF(self.width() - (columns - i) * scaled(COLUMN), top, scaled(COLUMN) - 2, height)


def _paint_bar(painter: QPainter, rect: QRectF, stroke: Stroke) -> None:
    """A run's bar is filled; the teacher's is pale with a dashed edge, as its lines are."""
    if stroke.role == "run":
        painter.fillRect(rect, stroke.color)
        return
    painter.fillRect(rect, theme.current().mixed(stroke.color, 0.25))
    edge = QPen(make_pen(Stroke(stroke.role, width=1.0)))
    painter.setPen(edge)
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))


def _text(painter: QPainter, font: QFont, role: str, rect: QRectF, words: str, flags: Qt.AlignmentFlag) -> None:
    painter.setFont(font)
    painter.setPen(theme.current().color(role))
    painter.drawText(rect, int(flags), words)
