"""What is known of one choice: name, source, words, a drawing and details, and why it cannot be used where it cannot."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.gui.presenters.draft_info import Choice
from studio.gui.text.say import say
from studio.gui.widgets.diagrams import DiagramBox
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import NoticeBox


class ChoiceDetails(QWidget):
    """Shows a choice in full."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label(role="page")
        self._title.setWordWrap(True)
        self._source = Label(role="explain", tone="text3")
        self._source.setWordWrap(True)
        self._words = Label(role="body", tone="text2")
        self._words.setWordWrap(True)
        self._refusal = NoticeBox()
        self._diagram = DiagramBox(88)
        self._card = QFrame()
        self._card.setProperty("surface", "card")
        self._card.setMaximumWidth(560)
        self._stretched = 0
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        row = QHBoxLayout(self._card)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addWidget(self._diagram, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._grid, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._head = QHBoxLayout()
        self._head.setSpacing(12)
        self._head.addWidget(self._title, 1)
        column.addLayout(self._head)
        for widget in (self._source, self._words, self._refusal, self._card):
            column.addWidget(widget)
        self._card.hide()

    def add_beside_title(self, widget: QWidget) -> None:
        """Put a control into the corner; what is below the title keeps the whole width."""
        self._head.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)

    def show_choice(self, choice: Choice, brief: bool = False) -> None:
        """Fill the page; ``brief`` leaves drawing and details out, and words that the composer says."""
        self._title.setText(say(choice.title))
        self._source.setText(say(choice.source))
        self._source.setVisible(bool(choice.source))
        self._words.setText(say(choice.words))
        self._words.setVisible(bool(choice.words) and not (brief and choice.composed))
        self._refusal.show_message(say(choice.refusal), "warning")
        self._diagram.show_drawing(choice.drawing)
        self._diagram.setVisible(choice.drawing is not None)
        self._show_details(choice)
        self._card.setVisible(not brief and (bool(choice.details) or choice.drawing is not None))
        self.setAccessibleName(say(choice.title))

    def _show_details(self, choice: Choice) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for line, (name, value) in enumerate(choice.details):
            self._grid.addWidget(Label(say(name), "explain", "text3"), line, 0, Qt.AlignmentFlag.AlignTop)
            shown = Label(say(value), "explain", "text")
            shown.setWordWrap(True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(shown, line, 1, Qt.AlignmentFlag.AlignTop)
        self._grid.setRowStretch(self._stretched, 0)
        self._stretched = len(choice.details)
        self._grid.setRowStretch(self._stretched, 1)
