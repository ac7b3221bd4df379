"""What a view shows while it has nothing to show: why, in one sentence, and the button that would fill it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import Glyph


class EmptyState(QWidget):
    """A title, a sentence and a button, in the middle of the space a view would take."""

    pressed = Signal()

    def __init__(
        self, title: str, sentence: str = "", action: str = "", icon: str = "play", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = Label(title, "strong")
        self._sentence = Label(sentence, "explain")
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._button = button(action, icon=icon, clicked=self.pressed)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addStretch()
        head.addWidget(Glyph("note", "text3"))
        head.addWidget(self._title)
        head.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addStretch()
        column.addLayout(head)
        column.addWidget(self._sentence)
        column.addSpacing(4)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        self.set_text(title, sentence, action, icon)

    def set_text(self, title: str, sentence: str = "", action: str = "", icon: str = "play") -> None:
        """Exchange the words; without an action there is no button, without an icon its words stand alone."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._button.setText(action)
        theme.keep_icon(self._button, icon)
        self._button.setVisible(bool(action))
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
