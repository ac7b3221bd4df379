"""Own pictures before they are used: which classes there are, what is left out and why, what is odd."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from studio.core.picture_preview import PicturePreview
from studio.gui.chooser.class_table import ClassTable
from studio.gui.text.say import say
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import NoticeBox


class PicturePreviewCard(QFrame):
    """Shows what a folder of pictures holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._words = Label(role="explain", tone="text2")
        self._words.setWordWrap(True)
        self.refusal, self.left_out, self.remarks = NoticeBox(), NoticeBox(), NoticeBox()
        self._left_out_title = Label(self.tr("What is left out, and why?"), "section")
        self._remarks_title = Label(self.tr("What should be looked at?"), "section")
        self.classes = ClassTable()
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
            self._remarks_title,
            self.remarks,
        ):
            column.addWidget(widget)

    def show_preview(self, preview: PicturePreview) -> None:
        """Exchange everything."""
        self._words.setText(" ".join(map(say, preview.words)))
        self._words.setVisible(bool(preview.words))
        self.refusal.show_message(say(preview.problem), "error")
        self.classes.show_classes(preview.classes)
        self.classes.setVisible(bool(preview.classes))
        self.left_out.show_message("\n".join(map(say, preview.left_out)), "notice")
        self.remarks.show_message("\n".join(map(say, preview.remarks)), "warning")
        self._left_out_title.setVisible(bool(preview.left_out))
        self._remarks_title.setVisible(bool(preview.remarks))
