"""What recasting saves: parameters, multiplications and milliseconds before, now and at the end."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled

#: Pixels: the names at the left, a bar and its words, the gap between two figures.
NAMES, BAR, GAP = 112, 16, 8


@dataclass(frozen=True)
class Saving:
    """One figure: what it is called, what it comes to, and its three values with their words, before, now, at the end."""

    title: str
    words: str
    values: tuple[float, float, float]
    said: tuple[str, str, str]


class SavingsBars(GuardedOverrides, QWidget):
    """Three bars a figure, the first of full length: the teacher's colour, the run's, and hollow for what is to come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._savings: tuple[Saving, ...] = ()
        self._index = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("What is saved"))
        theme.notifier().changed.connect(self.update)

    def show_savings(self, savings: tuple[Saving, ...], color_index: int) -> None:
        """Show these figures, now in the colour of a run."""
        if (savings, color_index) == (self._savings, self._index):
            return
        self._savings, self._index = savings, color_index
        theme.keep_length(self, QWidget.setFixedHeight, len(savings) * (3 * BAR + GAP))
        told = [f"{each.title}: {', '.join(each.said)}; {each.words}" for each in savings]
        self.setAccessibleDescription("; ".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.minimumHeight())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Figure after figure."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("axis"))
        metrics = painter.fontMetrics()
        said = max((metrics.horizontalAdvance(words) for each in self._savings for words in each.said), default=0)
        room = max(24.0, self.width() - scaled(NAMES) - said - 14.0)
        for number, saving in enumerate(self._savings):
            self._paint_saving(painter, saving, number * (3 * scaled(BAR) + scaled(GAP)), room)
        painter.end()

    def _paint_saving(self, painter: QPainter, saving: Saving, top: float, room: float) -> None:
        colors = theme.current()
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font("section"))
        painter.setPen(colors.color("text"))
        painter.drawText(QRectF(0, top, scaled(NAMES) - 4, scaled(BAR)), middle, saving.title)
        painter.setFont(theme.font("axis"))
        painter.setPen(colors.color("good"))
        elided = painter.fontMetrics().elidedText(saving.words, Qt.TextElideMode.ElideRight, scaled(NAMES) - 4)
        painter.drawText(QRectF(0, top + scaled(BAR), scaled(NAMES) - 4, scaled(BAR)), middle, elided)
        longest = max(*saving.values, 1e-12)
        for row, (value, words) in enumerate(zip(saving.values, saving.said, strict=True)):
            y = top + row * scaled(BAR)
            bar = QRectF(scaled(NAMES), y + 3, max(2.0, room * value / longest), scaled(BAR) - 6)
            color = colors.color("teacher") if row == 0 else colors.run_color(self._index)
            painter.setPen(QPen(color, 1) if row == 2 else Qt.PenStyle.NoPen)
            painter.setBrush(colors.mixed(color, 0.12) if row == 2 else color)
            painter.drawRect(bar)
            painter.setFont(theme.font("section" if row == 1 else "axis"))
            painter.setPen(colors.color("text" if row == 1 else "text2"))
            painter.drawText(QRectF(bar.right() + 6, y, self.width() - bar.right() - 6, scaled(BAR)), middle, words)
