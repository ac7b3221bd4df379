"""The labels of a time axis by themselves: they stay in sight below plots that are scrolled."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.views.charts.plot import WIDER
from studio.gui.views.charts.ticks import linear_ticks

#: Pixels: the height, and the room of a label.
HEIGHT, _LABEL = 20, 60


class EpochRuler(GuardedOverrides, QWidget):
    """Labels for a stretch of epochs, below the plots it belongs to. Decoration: what it says, the plots say as well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._range = (0.0, 1.0)
        self._left, self._width = 0.0, 0.0
        theme.keep_length(self, QWidget.setFixedHeight, HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.notifier().changed.connect(self.update)

    def show_range(self, x: tuple[float, float], left: float, width: float) -> None:
        """Label the epochs ``x`` of plots whose curves are drawn from ``left`` on, ``width`` pixels wide."""
        if (x, left, width) != (self._range, self._left, self._width):
            self._range, self._left, self._width = x, left, width
            self.update()

    @property
    def labels(self) -> list[tuple[float, str]]:
        """Where in pixels a label stands, and what it says."""
        low, high = self._range
        wide = (high - low) * WIDER
        pixels = self._width / (high - low + 2 * wide)
        return [
            (self._left + (x - low + wide) * pixels, words)
            for x, words in linear_ticks(low, high, self._width, spacing=52.0)
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(self._left, 0, self._width, 1), theme.current().color("button_border"))
        painter.setFont(theme.font("axis"))
        painter.setPen(theme.current().color("text3"))
        for at, words in self.labels:
            room = QRectF(at - theme.scaled(_LABEL) / 2, 3, theme.scaled(_LABEL), theme.scaled(HEIGHT) - 4)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), words)
        painter.end()
