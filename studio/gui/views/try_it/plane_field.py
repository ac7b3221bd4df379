"""The plane the points of a run lie in: a click gives a place."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides

#: Border around the points, as a share of their extent; a step of the arrow keys, as a share of the whole.
MARGIN, STEP = 0.15, 0.02
#: Colours that classes of points have.
COLORS = 3


class PlaneField(GuardedOverrides, QWidget):
    """Points of the test part and the place that is tried; ``placed`` tells it, (x, y), by a click, a drag or the arrows."""

    placed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points, self._labels = np.zeros((0, 2)), np.zeros(0, int)
        self._low, self._span = np.zeros(2), np.ones(2)
        self._place: np.ndarray | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Plane: a click tries a place"))
        theme.notifier().changed.connect(self.update)

    def show_points(self, points: np.ndarray, labels: np.ndarray) -> None:
        """Points, (n, 2), and their classes, (n,)."""
        self._points, self._labels = points, labels
        low, high = points.min(0), points.max(0)
        border = MARGIN * np.maximum(high - low, 1e-6)
        self._low, self._span = low - border, high - low + 2 * border
        self.update()

    def show_place(self, x: float, y: float) -> None:
        """The place that is tried."""
        self._place = np.array([x, y])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(204, 204)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A place."""
        self._give(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It is dragged."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._give(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move it."""
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        if key in steps and self._place is not None:
            self._tell(self._place + STEP * self._span * np.array(steps[key]))
        else:
            super().keyPressEvent(event)

    def _give(self, at: QPointF) -> None:
        share = np.array([at.x() / max(1, self.width()), 1 - at.y() / max(1, self.height())])
        self._tell(self._low + np.clip(share, 0, 1) * self._span)

    def _tell(self, place: np.ndarray) -> None:
        self._place = place
        self.update()
        self.placed.emit(float(place[0]), float(place[1]))

    def _pixel(self, point: np.ndarray) -> QPointF:
        share = (point - self._low) / self._span
        return QPointF(float(share[0]) * self.width(), (1 - float(share[1])) * self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The points, and a cross where it is tried."""
        colors = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colors.color("surface"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for point, label in zip(self._points, self._labels, strict=True):
            painter.setBrush(colors.color(f"class_point_{int(label) % COLORS + 1}"))
            painter.drawEllipse(self._pixel(point), 2.2, 2.2)
        if self._place is not None:
            at = self._pixel(self._place)
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, 7, 7)
            painter.drawLine(at - QPointF(11, 0), at + QPointF(11, 0))
            painter.drawLine(at - QPointF(0, 11), at + QPointF(0, 11))
        focus = self.hasFocus()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colors.color("accent" if focus else "button_border"), 2 if focus else 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -1, -1))
        painter.end()
