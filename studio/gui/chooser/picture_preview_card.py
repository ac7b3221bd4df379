"""Own pictures before they are used: which classes there are, what is left out and why, what is odd."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from studio.core.picture_preview import PicturePreview
from studio.gui import theme
from studio.gui.chooser.class_table import ClassTable
from studio.gui.chooser.copies_notice import CopiesNotice
from studio.gui.chooser.value_histogram import ValueHistogram
from studio.gui.text.say import say
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import NoticeBox

#: Pixels of the list of files.
FILES = 110


class PicturePreviewCard(QFrame):
    """Shows what a folder of pictures holds.

    Signals:
        copies_decided: whether pictures that are to test with as well are to be left out of those to learn from.
    """

    copies_decided = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left_out = ""
        self.setProperty("surface", "card")
        self._words = Label(role="explain", tone="text2")
        self._words.setWordWrap(True)
        self.refusal, self.left_out, self.remarks = (NoticeBox() for _ in range(3))
        self.copies = CopiesNotice()
        self._left_out_title = Label(self.tr("What is left out, and why?"), "section")
        self._remarks_title = Label(self.tr("What should be looked at?"), "section")
        self.classes = ClassTable()
        self.files = QPlainTextEdit()
        self.files.setReadOnly(True)
        self.files.setAccessibleName(self.tr("Pictures that are left out"))
        theme.keep_length(self.files, QWidget.setFixedHeight, FILES)
        self.left_out.followed.connect(self._toggle_files)
        self.copies.decided.connect(self.copies_decided)
        self._values_title = Label(self.tr("Which values do they have?"), "section")
        self.values = ValueHistogram()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(Label(self.tr("Which classes are there?"), "section"))
        for widget in (
            self._words,
            self.refusal,
            self.classes,
            self._left_out_title,
            self.left_out,
            self.files,
            self._remarks_title,
            self.remarks,
            self.copies,
            self._values_title,
            self.values,
        ):
            column.addWidget(widget)

    def show_preview(self, preview: PicturePreview) -> None:
        """Exchange everything."""
        self._words.setText(" ".join(map(say, preview.words)))
        self._words.setVisible(bool(preview.words))
        self.refusal.show_message(say(preview.problem), "error")
        self.classes.show_classes(preview.classes)
        self.classes.setVisible(bool(preview.classes))
        self._left_out = "\n".join(map(say, preview.left_out))
        self.files.setPlainText("\n".join(f"{name}: {why}" for name, why in preview.files))
        self.files.hide()
        self._show_left_out()
        self.remarks.show_message("\n".join(map(say, preview.remarks)), "warning")
        self.copies.show_copies(preview.copies, preview.learns_copies)
        self._left_out_title.setVisible(bool(preview.left_out))
        self._remarks_title.setVisible(bool(preview.remarks or preview.copies))
        self._values_title.setVisible(preview.values is not None)
        self.values.show_values(preview.values)

    def _toggle_files(self) -> None:
        self.files.setVisible(self.files.isHidden())
        self._show_left_out()

    def _show_left_out(self) -> None:
        link = self.tr("Show the files") if self.files.isHidden() else self.tr("Hide the files")
        self.left_out.show_message(self._left_out, "notice", link if self.files.toPlainText() else "")
