"""Windows of its own for a view: a copy of it in each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.system.override_guard import GuardedOverrides

Shown = TypeVar("Shown", bound=QWidget)
#: Pixels of a window when it opens.
SIZE = (960, 640)


class Shows(NamedTuple):
    """What a window is for.

    Attributes:
        full_screen: whether it is over the whole screen.
        only: the number of the card it shows; None for all.
    """

    full_screen: bool = False
    only: int | None = None


class OwnWindow(GuardedOverrides, QWidget, Generic[Shown]):
    """A view on its own. Escape or its close button ends it.

    Args:
        view: goes with the window.
        title: of the window.
        owner: what it was opened from.
        shows: what it is for.
    """

    closed = Signal(object)

    def __init__(self, view: Shown, title: str, owner: QWidget, shows: Shows) -> None:
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


class OwnWindows(Generic[Shown]):
    """The windows that are open of one view."""

    def __init__(self) -> None:
        self._windows: list[OwnWindow[Shown]] = []

    @property
    def views(self) -> list[Shown]:
        """The copies that are open, to be fed as the view is."""
        return [window.view for window in self._windows]

    def open(self, make: Callable[[Shows], OwnWindow[Shown]], shows: Shows) -> OwnWindow[Shown]:
        """Open one more, over the whole screen or not; one that shows the same already comes to the front.

        Args:
            make: makes a window; it is not shown yet.
        """
        if (there := next((one for one in self._windows if one.shows == shows), None)) is not None:
            there.raise_()
            there.activateWindow()
            return there
        window = make(shows)
        window.closed.connect(self._windows.remove)
        self._windows.append(window)
        if shows.full_screen:
            window.showFullScreen()
        else:
            window.resize(*SIZE)
            window.show()
        return window
