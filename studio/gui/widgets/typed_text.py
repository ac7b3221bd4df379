"""When a text counts that a person types into an editor: once it is complete. Nobody writes into a text that is not.

A text is complete with Return, when the editor is left, or when typing pauses; Escape gives it up.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.gui.system.override_guard import GuardedOverrides

#: Typing has paused after this time, in milliseconds.
PAUSE = 500
#: A text that ends so goes on: a pause does not make a number of it.
_GOES_ON = re.compile(r"(|.*[-+.,;eE\s/])", re.DOTALL)
#: The focus only seems to be gone: a menu is open, or another window is in front.
_AWAY = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class TypedText(GuardedOverrides, QObject):
    """Watches what is typed into the line of an editor.

    Args:
        editor: the widget that has the focus.
        line: where its text stands; the editor itself or a part of it.

    Signals:
        completed: the text counts now; it may not be rewritten yet, since a person may type on after a pause.
        rested: the person is done with the text, or begins: it may be rewritten.
    """

    completed = Signal()
    rested = Signal()

    def __init__(self, editor: QWidget, line: QLineEdit) -> None:
        super().__init__(editor)
        self.is_unfinished = False
        self.is_in_hand = False
        self._line = line
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._complete_after_pause)
        line.textEdited.connect(self._begin)
        editor.installEventFilter(self)

    def complete(self) -> None:
        """Let the text count as it stands, if it does not yet."""
        self._pause.stop()
        if self.is_unfinished:
            self.is_unfinished = False
            self.completed.emit()
            if not self.is_in_hand:
                self.rested.emit()

    def give_up(self) -> None:
        """Forget what was typed and did not count yet."""
        self._pause.stop()
        self.is_unfinished = False
        self.rested.emit()

    def _begin(self) -> None:
        self.is_unfinished = True
        self._pause.start()

    def _complete_after_pause(self) -> None:
        if not _GOES_ON.fullmatch(self._line.text()):
            self.complete()

    def _rest(self) -> None:
        self.complete()
        self.rested.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event:
            case QFocusEvent() if event.type() == QEvent.Type.FocusIn:
                if not self.is_in_hand:
                    self.is_in_hand = True
                    self.rested.emit()
            case QFocusEvent() if event.type() == QEvent.Type.FocusOut:
                if event.reason() in _AWAY:
                    self.complete()
                else:
                    self.is_in_hand = False
                    self._rest()
            case QKeyEvent() if event.type() == QEvent.Type.ShortcutOverride:
                return self._claim(event)
            case QKeyEvent() if event.type() == QEvent.Type.KeyPress:
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self._rest()
                elif event.key() == Qt.Key.Key_Escape and self.is_unfinished:
                    self.give_up()
                    return True
        return super().eventFilter(watched, event)

    def _claim(self, event: QKeyEvent) -> bool:
        """Escape belongs to a text that is not complete; undo and redo belong to it too, and else to the window."""
        undoes = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        if undoes and not self.is_unfinished:
            event.ignore()
            return True
        if event.key() == Qt.Key.Key_Escape and self.is_unfinished:
            event.accept()
            return True
        return False
