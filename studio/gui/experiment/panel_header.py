"""The head of the left dock: its title, undo, and what else can be done with the experiment."""

from __future__ import annotations

from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from studio.gui.widgets.buttons import IconButton
from studio.gui.widgets.labels import Label

EDGE = 12


class PanelHeader(QWidget):
    """A title, an undo button that says what it would undo, and three dots that open ``menu``."""

    def __init__(self, title: str, stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(36)
        self.title = Label(title, "dock")
        self.menu = QMenu(self)
        self.undo = IconButton("undo", self.tr("Undo"), stack.undo)
        self.more = IconButton("more", self.tr("More for this experiment"), self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(EDGE + 2, 0, EDGE, 0)
        row.setSpacing(0)
        row.addWidget(self.title, 1)
        row.addWidget(self.undo)
        row.addWidget(self.more)
        stack.canUndoChanged.connect(self.undo.setEnabled)
        stack.undoTextChanged.connect(self._name_undo)
        self.undo.setEnabled(stack.canUndo())

    def _open_menu(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _name_undo(self, words: str) -> None:
        self.undo.set_words(self.tr("Undo {words}").format(words=words) if words else self.tr("Undo"))
