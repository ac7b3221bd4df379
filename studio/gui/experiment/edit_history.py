"""The edits of a draft, to be undone and done again.

Qt's own stack is not used: it deletes commands made in Python that the collector of Python's garbage then finds half gone,
which ends the process (PySide6 6.11.3, a command that was merged into the one before).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

#: Older edits are forgotten.
MOST = 200


@dataclass(frozen=True)
class Edit:
    """A change from one set of values to another.

    Attributes:
        words: what it did, for "Undo ...".
        place: what it is about; edits of one place in a row are one step. Empty: a step of its own.
    """

    words: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    place: str = ""


class EditHistory(QObject):
    """What was done, and what was undone and can be done again.

    Args:
        show_values: puts values in force.

    Signals:
        changed: other edits can be undone or done again now.
        moving: it is about to undo or to do again; what a person is typing is to become an edit before.
    """

    changed = Signal()
    moving = Signal()

    def __init__(self, show_values: Callable[[Mapping[str, Any]], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show_values = show_values
        self._done: list[Edit] = []
        self._undone: list[Edit] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone edit to do again."""
        return bool(self._undone)

    @property
    def undo_words(self) -> str:
        """What :meth:`undo` would undo; empty where there is nothing."""
        return self._done[-1].words if self._done else ""

    def __len__(self) -> int:
        """How many edits can be undone."""
        return len(self._done)

    def push(self, edit: Edit) -> None:
        """Put an edit in force. What was undone can no longer be done again."""
        last = self._done[-1] if self._done else None
        if last is not None and edit.place and last.place == edit.place and not self._undone:
            self._done[-1] = replace(last, after=edit.after)
        else:
            self._done = [*self._done, edit][-MOST:]
        self._undone.clear()
        self._show_values(edit.after)
        self.changed.emit()

    def amend(self, after: Mapping[str, Any]) -> None:
        """Put values in force as a part of the last edit, with which they are undone; without one they are just shown."""
        if self._done:
            self._done[-1] = replace(self._done[-1], after=after)
        self._show_values(after)

    def undo(self) -> None:
        """Put the values before the last edit in force."""
        self.moving.emit()
        if self._done:
            edit = self._done.pop()
            self._undone.append(edit)
            self._show_values(edit.before)
            self.changed.emit()

    def redo(self) -> None:
        """Put the last undone edit in force again."""
        self.moving.emit()
        if self._undone:
            edit = self._undone.pop()
            self._done.append(edit)
            self._show_values(edit.after)
            self.changed.emit()

    def clear(self) -> None:
        """Forget all edits; the values stay."""
        self._done.clear()
        self._undone.clear()
        self.changed.emit()
