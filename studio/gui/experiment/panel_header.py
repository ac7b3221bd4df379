"""The head of the left dock: its title, undo, and what else can be done with the experiment."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from studio.gui import theme
from studio.gui.experiment.edit_history import EditHistory
from studio.gui.widgets.buttons import IconButton
from studio.gui.widgets.labels import Label

EDGE = 12


class PanelHeader(QWidget):
    """A title, an undo button that says what it would undo, and three dots that open ``menu``."""

    def __init__(self, title: str, edits: EditHistory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.keep_length(self, QWidget.setFixedHeight, 36)
        self.title = Label(title, "dock")
        self.menu = QMenu(self)
        self.undo = IconButton("undo", self.tr("Undo"), edits.undo)
        self.more = IconButton("more", self.tr("More for this experiment"), self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(EDGE + 2, 0, EDGE, 0)
        row.setSpacing(0)
        row.addWidget(self.title, 1)
        row.addWidget(self.undo)
        row.addWidget(self.more)
        self._edits = edits
        edits.changed.connect(self._show_undo)
        self._show_undo()

    def _open_menu(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _show_undo(self) -> None:
        words = self._edits.undo_words
        self.undo.setEnabled(self._edits.can_undo)
        self.undo.set_words(self.tr("Undo {words}").format(words=words) if words else self.tr("Undo"))
