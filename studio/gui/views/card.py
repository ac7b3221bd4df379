"""A framed part of a view: its question, how to read the answer, tools, and room for the drawing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from studio.errors import StudioError
from studio.gui.views.saving import Table, save_csv, save_picture
from studio.gui.widgets.buttons import IconButton
from studio.gui.widgets.labels import ClampedLabel, ElidedLabel

#: Below this width or height the how-to-read line folds into the info button.
FOLD_WIDTH, FOLD_HEIGHT = 340, 330


class ViewCard(QFrame):
    """Question left, tools right, how-to-read below, then ``body``. ``explain`` is the how-to-read line's row.

    Args:
        question: the title, a question the drawing answers.
        how_to_read: one or two sentences, units included.
        file_name: what a saved file is called, without its ending.
        table: gives the values behind the drawing.
        own_window: whether it offers a window of its own.
    """

    help_asked = Signal()
    own_window_asked = Signal()
    full_screen_asked = Signal(object)
    trouble = Signal(object)

    def __init__(
        self,
        question: str,
        how_to_read: str,
        file_name: str,
        table: Callable[[], Table],
        own_window: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setAccessibleName(question)
        self.setAccessibleDescription(how_to_read)
        self._file_name, self._table = file_name, table
        self._how_to_read = ClampedLabel(how_to_read, "explain", lines=2)
        self.title = ElidedLabel(question, "question")
        self.head = QHBoxLayout()
        self.head.setSpacing(2)
        self.head.addWidget(self.title, 1)
        self.tools = self._make_tools(own_window)
        for tool in self.tools:
            self.head.addWidget(tool)
        self.explain = QHBoxLayout()
        self.explain.setSpacing(8)
        self.explain.addWidget(self._how_to_read, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 12, 10)
        layout.setSpacing(4)
        layout.addLayout(self.head)
        layout.addLayout(self.explain)
        layout.addLayout(self.body, 1)
        self._tell_how_to_read()

    def set_how_to_read(self, sentence: str) -> None:
        """Exchange the sentence under the question."""
        if sentence != self._how_to_read.text():
            self._how_to_read.setText(sentence)
            self.setAccessibleDescription(sentence)
            self._tell_how_to_read()

    def export_picture(self, path: Path) -> None:
        """Save this card as it is drawn. Raises StudioError where the file cannot be written."""
        save_picture(self.grab(), path)

    def export_csv(self, path: Path) -> None:
        """Save the values behind it. Raises StudioError where the file cannot be written."""
        save_csv(self._table(), path)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A small card has no room for explanations; they move into the info button's tool tip."""
        super().resizeEvent(event)
        self._how_to_read.setVisible(self.width() >= FOLD_WIDTH and self.height() >= FOLD_HEIGHT)
        if self._own_window is not None:
            self._own_window.setVisible(self.width() >= FOLD_WIDTH)

    def _make_tools(self, own_window: bool) -> list[QToolButton]:
        self._info = IconButton("info", self.tr("How to read this"), self.help_asked.emit)
        save = IconButton("download", self.tr("Save"))
        menu = QMenu(save)
        menu.addAction(self.tr("As a picture…"), self._save_picture)
        menu.addAction(self.tr("As values (CSV)…"), self._save_csv)
        save.setMenu(menu)
        save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        tools: list[QToolButton] = [self._info, save]
        self._own_window: IconButton | None = None
        if own_window:
            words = self.tr("Open in a window of its own")
            self._own_window = IconButton("own-window", words, self.own_window_asked.emit)
            tools.append(self._own_window)
        tools.append(IconButton("fullscreen", self.tr("Full screen (Escape ends it)"), self._ask_full_screen))
        return tools

    def _tell_how_to_read(self) -> None:
        sentence = self._how_to_read.text()
        self._info.setToolTip(f"{sentence}\n{self.tr('Click for the whole page.')}" if sentence else "")

    def _ask_full_screen(self) -> None:
        self.full_screen_asked.emit(self)

    def _save_picture(self) -> None:
        self._save(self.tr("Save as a picture"), ".png", self.tr("Pictures (*.png)"), self.export_picture)

    def _save_csv(self) -> None:
        self._save(self.tr("Save as values"), ".csv", self.tr("Comma separated values (*.csv)"), self.export_csv)

    def _save(self, title: str, ending: str, kinds: str, write: Callable[[Path], None]) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen, _ = QFileDialog.getSaveFileName(self, title, str(Path(folder) / f"{self._file_name}{ending}"), kinds)
        if not chosen:
            return
        path = Path(chosen)
        try:
            write(path if path.suffix else path.with_suffix(ending))
        except StudioError as error:
            self.trouble.emit(error)
