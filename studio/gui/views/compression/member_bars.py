"""The chosen learners of a library with their weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled

#: Pixels: a row, the room of a bar and its number.
ROW, BAR, NUMBER = 38, 70, 44


@dataclass(frozen=True)
class MemberRow:
    """A learner: its kind, its settings, its weight in [0, 1] and what is said of it at the right."""

    kind: str
    settings: str
    weight: float
    words: str


class MemberBars(GuardedOverrides, QWidget):
    """A row a learner: kind, settings below, a bar as long as its weight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[MemberRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("The chosen learners and their weights"))
        theme.notifier().changed.connect(self.update)

    def show_rows(self, rows: Sequence[MemberRow]) -> None:
        """Show other learners."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        theme.keep_length(self, QWidget.setFixedHeight, ROW * max(1, len(self._rows)))
        self.setAccessibleDescription("; ".join(f"{row.kind} ({row.settings}): {row.words}" for row in self._rows))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows that are to be seen."""
        painter = QPainter(self)
        colors = theme.current()
        most = max((row.weight for row in self._rows), default=1.0) or 1.0
        words = max(40, self.width() - scaled(BAR) - scaled(NUMBER) - 8)
        first, last = event.rect().top() // scaled(ROW), event.rect().bottom() // scaled(ROW)
        for number, row in enumerate(self._rows):
            if not first <= number <= last:
                continue
            top = scaled(ROW) * number
            for y, line, font, tone in (
                (top, row.kind, "body", "text"),
                (top + scaled(17), row.settings, "axis", "text2"),
            ):
                painter.setFont(theme.font(font))
                painter.setPen(colors.color(tone))
                line = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, words)
                painter.drawText(QRectF(0, y, words, scaled(18)), int(Qt.AlignmentFlag.AlignVCenter), line)
            bar = QRectF(words + 8, top + scaled(6), max(1.0, scaled(BAR) * row.weight / most), 8)
            painter.fillRect(bar, colors.color("teacher"))
            painter.setFont(theme.font("axis"))
            painter.setPen(colors.color("text"))
            end = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QRectF(self.width() - scaled(NUMBER), top, scaled(NUMBER), scaled(20)), end, row.words)
        painter.end()
