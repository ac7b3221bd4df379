"""Gives a person's own picture in the place of the test pictures: from a file or the clipboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QPushButton, QWidget

from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.charts.own_pixels import image_in, picture_file, pixels_of
from studio.gui.widgets.buttons import button
from studio.runs.inspect.trial import Given, OwnFile, OwnPicture


class OwnPictureButton(QWidget):
    """Signals: ``given``, a :class:`~studio.runs.inspect.trial.Given`, None for the test pictures again; ``refused``, words."""

    given = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choose: QPushButton = button(self.tr("Own picture"))
        self.choose.setToolTip(plain_tip(self.tr("Ask the networks about a picture of yours. It is not kept.")))
        menu = QMenu(self)
        menu.addAction(self.tr("Choose a file…"), self._choose_file)
        menu.addAction(self.tr("Paste"), self.paste)
        self.choose.setMenu(menu)
        self.back = button(self.tr("Test pictures"), clicked=self._give_back)
        self.back.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.choose)
        row.addWidget(self.back)

    def take(self, data: QMimeData) -> bool:
        """Give what was dropped or copied; whether it is a picture."""
        image, path = image_in(data), picture_file(data)
        if image is not None:
            self._give(OwnPicture(pixels_of(image), self.tr("the pasted picture")))
        elif path is not None:
            self._give(OwnFile(path))
        else:
            return False
        return True

    def paste(self) -> None:
        """Give the picture in the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None or not self.take(data):
            self.refused.emit(self.tr("There is no picture in the clipboard: copy one first."))

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a picture"), "", self.tr("Pictures (*)"))
        if chosen:
            self._give(OwnFile(Path(chosen)))

    def _give(self, picture: Given) -> None:
        self.back.show()
        self.given.emit(picture)

    def _give_back(self) -> None:
        self.back.hide()
        self.given.emit(None)
