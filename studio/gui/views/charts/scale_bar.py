"""A colour scale with words at its ends."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.views.charts.colormaps import STEPS, ColormapName, table
from studio.gui.widgets.labels import Label


class ScaleBar(QWidget):
    """Words, the colours, words."""

    def __init__(self, name: ColormapName, low: str, high: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (Label(low, "explain"), _Colors(name), Label(high, "explain")):
            row.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{low} – {high}")


class _Colors(GuardedOverrides, QWidget):
    def __init__(self, name: ColormapName) -> None:
        super().__init__()
        colors = np.ascontiguousarray(table(name)[None])
        self._image = QImage(colors.data, STEPS, 1, 3 * STEPS, QImage.Format.Format_RGB888).copy()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(24)

    def sizeHint(self) -> QSize:
        return QSize(110, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(QRectF(self.rect()), self._image)
        painter.end()
