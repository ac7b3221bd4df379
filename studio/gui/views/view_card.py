"""A framed part of a view: its question, how to read the answer, tools, and room for the drawing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from weakref import WeakMethod

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from studio.core.errors import StudioError
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.saving import CsvTable, save_bytes, save_csv, save_picture
from studio.gui.views.view_picture import TOOLS, ask_printer, copy_picture, pdf_of, picture_of
from studio.gui.widgets.buttons import IconButton
from studio.gui.widgets.explained_label import ExplainedLabel
from studio.gui.widgets.labels import ElidedLabel

#: Below this width or height the how-to-read line folds into the info button.
FOLD_WIDTH, FOLD_HEIGHT = 300, 380
#: The side of a tool's button.
TOOL = 26


class ViewCard(GuardedOverrides, QFrame):
    """Question left, tools right, how-to-read below, then ``body``. ``explain`` is the how-to-read line's row.

    Args:
        question: the title, a question the drawing answers.
        how_to_read: one or two sentences, units included.
        file_name: what a saved file is called, without its ending.
        table: a method of the view, gives the values behind the drawing.
        own_window: whether it offers a window of its own.
    """

    help_requested = Signal()
    own_window_requested = Signal()
    full_screen_requested = Signal(object)
    trouble = Signal(object)

    def __init__(
        self,
        question: str,
        how_to_read: str,
        file_name: str,
        table: Callable[[], CsvTable],
        own_window: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setAccessibleName(question)
        self.setAccessibleDescription(how_to_read)
        self._file_name = file_name
        # weakly: PySide crashes when it collects a view together with a child of a scroll area that refers back to it
        self._table = WeakMethod(table)
        self._how_to_read = ExplainedLabel(how_to_read, "explain", lines=2)
        self.title = ElidedLabel(question, "question")
        self.head = QHBoxLayout()
        self.head.setSpacing(2)
        self.head.addWidget(self.title, 1)
        self._add_tools(own_window)
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
        self._show_how_to_read()

    def set_how_to_read(self, sentence: str) -> None:
        """Exchange the sentence under the question."""
        if sentence != self._how_to_read.text():
            self._how_to_read.setText(sentence)
            self.setAccessibleDescription(sentence)
            self._show_how_to_read()

    def export_picture(self, path: Path) -> None:
        """Save this card as it is drawn. Raises StudioError where the file cannot be written."""
        save_picture(picture_of(self), path)

    def export_pdf(self, path: Path) -> None:
        """Save this card as a page. Raises StudioError where the file cannot be written."""
        save_bytes(pdf_of(self), path)

    def export_csv(self, path: Path) -> None:
        """Save the values behind it. Raises StudioError where the file cannot be written."""
        table = self._table()
        assert table is not None  # the view outlives its cards
        save_csv(table(), path)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A small card has no room for explanations nor for a row of tools: they fold into one button each."""
        super().resizeEvent(event)
        self._how_to_read.setVisible(self.width() >= FOLD_WIDTH and self.height() >= FOLD_HEIGHT)
        question = self.title.fontMetrics().horizontalAdvance(self.title.text())
        folded = question + len(self._tools) * (TOOL + 2) + 40 > self.width()
        for tool in self._tools:
            tool.setVisible(not folded)
        self._more.setVisible(folded)

    def _add_tools(self, own_window: bool) -> None:
        """The tools as a row of buttons, and the same in the menu of one button."""
        how, save = self.tr("How to read this"), self.tr("Save")
        self._info = IconButton("info", how, self.help_requested.emit, TOOL)
        self._more = IconButton("more", self.tr("Tools: help, save, full screen"), size=TOOL)
        saving, more = QMenu(save, self), QMenu(self)
        saving.addAction(self.tr("As a picture…"), self._save_picture)
        saving.addAction(self.tr("As values (CSV)…"), self._save_csv)
        saving.addAction(self.tr("As a page (PDF)…"), self._save_pdf)
        saving.addSeparator()
        saving.addAction(self.tr("Copy the picture"), self._copy)
        saving.addAction(self.tr("Print…"), self._print)
        more.addAction(how, self.help_requested.emit)
        more.addMenu(saving)
        self._tools = [self._info, IconButton("download", save, size=TOOL)]
        for button, menu in ((self._tools[1], saving), (self._more, more)):
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        if own_window:
            words = self.tr("Open in a window of its own")
            self._tools.append(IconButton("own-window", words, self.own_window_requested.emit, TOOL))
            more.addAction(words, self.own_window_requested.emit)
        words = self.tr("Full screen (Escape ends it)")
        self._tools.append(IconButton("fullscreen", words, self._request_full_screen, TOOL))
        more.addAction(words, self._request_full_screen)
        for tool in (*self._tools, self._more):
            tool.setProperty(TOOLS, True)
            self.head.addWidget(tool)
        self._more.hide()

    def _show_how_to_read(self) -> None:
        sentence = self._how_to_read.text()
        for button in (self._info, self._more):
            button.setToolTip(
                plain_tip(f"{sentence}\n{self.tr('Click for the whole page.')}" if button is self._info else sentence)
            )

    def _request_full_screen(self) -> None:
        self.full_screen_requested.emit(self)

    def _save_picture(self) -> None:
        self._save(self.tr("Save as a picture"), ".png", self.tr("Pictures (*.png)"), self.export_picture)

    def _save_csv(self) -> None:
        self._save(self.tr("Save as values"), ".csv", self.tr("Comma separated values (*.csv)"), self.export_csv)

    def _save_pdf(self) -> None:
        self._save(self.tr("Save as a page"), ".pdf", self.tr("PDF (*.pdf)"), self.export_pdf)

    def _copy(self) -> None:
        copy_picture(self)

    def _print(self) -> None:
        ask_printer(self)

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
