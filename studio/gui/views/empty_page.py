"""What stands where there is nothing to draw: one sentence why, and the button that would change it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from studio.gui.widgets.empty_state import EmptyState
from studio.gui.widgets.labels import Label

#: Wants that begin a training.
_TRAINS = ("train", "alone")


@dataclass(frozen=True)
class EmptyReason:
    """Why a view is empty.

    Args:
        title: what is missing, in a few words.
        sentence: why, and what would help.
        action: what the button says; no button if empty.
        want: what the button asks the window for.
    """

    title: str
    sentence: str
    action: str = ""
    want: str = ""


class EmptyPage(QFrame):
    """The page of an empty view, with the view's question."""

    wanted = Signal(str)

    def __init__(self, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._shown = EmptyReason("", "")
        self._state = EmptyState("")
        self._state.pressed.connect(self._request)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 12)
        layout.addWidget(Label(question, "question"))
        layout.addWidget(self._state, 1)

    def show_reason(self, reason: EmptyReason) -> None:
        """Say why, and offer the button."""
        if reason != self._shown:
            self._shown = reason
            icon = "play" if reason.want in _TRAINS else ""  # the others lead to a page
            self._state.set_text(reason.title, reason.sentence, reason.action, icon)

    @property
    def shown(self) -> EmptyReason:
        """What it says now."""
        return self._shown

    def _request(self) -> None:
        if self._shown.want:  # a reason without a button may have come while the button was held down
            self.wanted.emit(self._shown.want)
