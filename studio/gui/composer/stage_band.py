"""The stages of a training as a band, each as wide as its share, with its name in it and its length below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides

_BAND, _GAP, _LEAST = 26, 2, 64


class StageStrip(GuardedOverrides, QWidget):
    """Shows (title, share, length) of each stage; a short one is drawn wide enough for its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages: tuple[tuple[str, float, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.notifier().changed.connect(self.update)

    def show_stages(self, stages: Sequence[tuple[str, float, str]]) -> None:
        """Exchange the stages."""
        self._stages = tuple(stages)
        self.setAccessibleName(", ".join(f"{title}: {length}" for title, _, length in stages))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _BAND + 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST * max(1, len(self._stages)), _BAND + 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._stages:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.current()
        spare = self.width() - _LEAST * len(self._stages)
        left = 0.0
        for index, (title, share, length) in enumerate(self._stages):
            width = _LEAST + share * spare
            last = index == len(self._stages) - 1
            area = QRectF(left, 0, width - (0 if last else _GAP), _BAND)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("alone_band" if last else "accent_soft"))
            painter.drawRoundedRect(area, 4, 4)
            self._write(painter, area, title, "explain", "text")
            self._write(painter, area.translated(0, _BAND - 3), length, "axis", "text3")
            left += width

    @staticmethod
    def _write(painter: QPainter, area: QRectF, words: str, role: str, color: str) -> None:
        painter.setFont(theme.font(role))
        painter.setPen(theme.current().color(color))
        short = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), short)
