"""What may be larger than its place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


def scrolled(widget: QWidget, name: str) -> QScrollArea:
    """A place without a frame that is as wide as its widget and scrolls it up and down; what it holds takes the focus.

    Args:
        name: what it is called for who cannot see it.
    """
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidgetResizable(True)
    area.setWidget(widget)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    return area


def frame_focus(area: QWidget) -> None:
    """Have the theme keep two pixels free around what scrolls or moves by keys, and show there that it has the focus."""
    area.setProperty("focus_frame", True)
