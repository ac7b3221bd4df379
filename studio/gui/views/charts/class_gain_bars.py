"""Pictures of each class that one network gets more than another, as bars to both sides of a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.format import signed_count
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.told_apart import told_apart

#: Pixels: a row, a bar, the widest name, the room of a number, the gap between a bar and its number.
ROW, BAR, NAME, NUMBER, GAP = 20, 13, 130, 44, 5


@dataclass(frozen=True)
class ClassGain:
    """A class, how many of its pictures the first gets more, and how many there are."""

    name: str
    gained: int
    size: int


class ClassGainBars(GuardedOverrides, QWidget):
    """A row a class, in the colour of the network that gets more; in the order they are given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gains: tuple[ClassGain, ...] = ()
        self._strokes = (Stroke(), Stroke())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Gain by class"))
        theme.notifier().changed.connect(self.update)

    def show_gains(self, gains: Sequence[ClassGain], first: Stroke, second: Stroke) -> None:
        """Show others."""
        self._gains, self._strokes = tuple(gains), (first, second)
        theme.keep_length(self, QWidget.setFixedHeight, max(1, len(self._gains)) * ROW + 4)
        self.setAccessibleDescription(", ".join(f"{gain.name} {signed_count(gain.gained)}" for gain in self._gains))
        self.update()

    @property
    def gains(self) -> tuple[ClassGain, ...]:
        """What is shown."""
        return self._gains

    def sizeHint(self) -> QSize:
        return QSize(200, max(1, len(self._gains)) * scaled(ROW) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, bar, number."""
        if not self._gains:
            return
        painter, colors = QPainter(self), theme.current()
        plain, bold = QFontMetricsF(theme.font("table")), theme.font("section")
        widest = max(plain.horizontalAdvance(gain.name) for gain in self._gains)
        left = min(widest, scaled(NAME), 0.42 * self.width()) + 8
        written = told_apart((gain.name for gain in self._gains), theme.font("table"), left - 8)
        below, above = min(0, *(g.gained for g in self._gains)), max(0, *(g.gained for g in self._gains))
        room = max(20.0, self.width() - left - scaled(NUMBER) * ((below < 0) + (above > 0)))
        unit = room / max(1, above - below)
        zero = left + (scaled(NUMBER) if below < 0 else 0) - below * unit
        for row, gain in enumerate(self._gains):
            top = 2 + row * scaled(ROW)
            if top > event.rect().bottom() or top + scaled(ROW) < event.rect().top():
                continue
            painter.setFont(theme.font("table"))
            painter.setPen(colors.color("text"))
            name = written[gain.name]
            painter.drawText(QRectF(0, top, left - 6, scaled(ROW)), int(Qt.AlignmentFlag.AlignVCenter), name)
            wide = gain.gained * unit
            bar = QRectF(min(zero, zero + wide), top + (scaled(ROW) - scaled(BAR)) / 2, abs(wide), scaled(BAR))
            painter.fillRect(bar, self._strokes[0 if gain.gained > 0 else 1].color)
            painter.setFont(bold)
            painter.setPen(colors.color("text"))
            number = QRectF(bar.right() + scaled(GAP), top, scaled(NUMBER), scaled(ROW))
            side = Qt.AlignmentFlag.AlignLeft
            if gain.gained < 0:
                number, side = (
                    QRectF(
                        bar.left() - scaled(GAP) - scaled(NUMBER),
                        top,
                        scaled(NUMBER),
                        scaled(ROW),
                    ),
                    Qt.AlignmentFlag.AlignRight,
                )
            painter.drawText(number, int(side | Qt.AlignmentFlag.AlignVCenter), signed_count(gain.gained))
        painter.fillRect(QRectF(round(zero), 0, 1, self.height()), colors.color("text"))
        painter.end()
