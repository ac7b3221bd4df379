"""A turn of the mouse's wheel over a widget, as a window system tells it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

#: Eighths of a degree between two notches of a wheel.
NOTCH = 120


def turn_wheel(widget: QWidget, by: int = NOTCH, at: QPointF | None = None) -> None:
    """Turn it where the pointer is.

    Args:
        by: eighths of a degree, away from the hand where positive.
        at: a place of the widget; its middle if None.
    """
    here = QPointF(widget.rect().center()) if at is None else at
    event = QWheelEvent(
        here,
        widget.mapToGlobal(here),
        QPoint(),
        QPoint(0, by),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
