"""What may be larger than its place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from studio.gui.system.override_guard import GuardedOverrides


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


class SidewaysArea(GuardedOverrides, QScrollArea):
    """A place that is as high as its widget and scrolls it to the sides where it has not the width that it needs at least.

    It takes the focus, for the keys, only while there is something to scroll.

    Args:
        widget: of a height of its own.
        name: what it is called for who cannot see it.
    """

    def __init__(self, widget: QWidget, name: str) -> None:
        super().__init__()
        self._shown = widget
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(widget)
        self.setAccessibleName(name)
        frame_focus(self)
        widget.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of the widget, and the width that it needs."""
        if watched is self._shown and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.minimumHeight())

    def _fit(self) -> None:
        scrolls = self._shown.minimumWidth() > self.viewport().width()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus)
        bar = self.horizontalScrollBar().sizeHint().height() if scrolls else 0
        height = self._shown.minimumHeight() + bar + self.height() - self.contentsRect().height()
        if height != self.minimumHeight():
            self.setFixedHeight(height)
