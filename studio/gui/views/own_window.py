"""A view in a window of its own."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.system.override_guard import GuardedOverrides

Shown = TypeVar("Shown", bound=QWidget)


class OwnWindow(GuardedOverrides, QWidget, Generic[Shown]):
    """A view on its own. Escape or its close button ends it.

    Args:
        view: goes with the window.
        title: of the window.
        owner: what it was opened from.
        shows: whether it is over the whole screen, and the card it shows, None for all.
    """

    closed = Signal(object)

    def __init__(self, view: Shown, title: str, owner: QWidget, shows: tuple[bool, int | None]) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.view, self.shows = view, shows
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The owner feeds it no longer."""
        super().closeEvent(event)
        self.closed.emit(self)
