"""A drawn tree written to a file of its own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.core.errors import StudioError
from studio.gui.presenters.tree_reading import DrawableTree
from studio.gui.views.saving import save_bytes


class TreeSaver(QObject):
    """Asks for a name, and writes the tree in the format that its end says.

    Signals:
        trouble: a :class:`StudioError`: what went wrong.

    Attributes:
        tree: that is written.
    """

    trouble = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.tree: DrawableTree | None = None

    def ask(self) -> None:
        """Let a person name the file."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = ";;".join(
            (
                self.tr("Rules in words (*.txt)"),
                self.tr("Python function (*.py)"),
                self.tr("Picture (*.svg)"),
                self.tr("JSON (*.json)"),
            )
        )
        start = str(Path(folder) / "tree.txt")
        name, kind = QFileDialog.getSaveFileName(self._window, self.tr("Save the tree"), start, kinds)
        if name:
            path = Path(name)
            self.save(path if path.suffix else path.with_suffix(kind.rpartition("*")[2].rstrip(")") or ".txt"))

    def save(self, path: Path) -> None:
        """Write the tree. What goes wrong is told by ``trouble``."""
        if self.tree is None:
            return
        try:
            try:
                content = self.tree.written(path.suffix.lower())
            except KeyError:
                raise StudioError(
                    "A tree cannot be written as {suffix}.", "", "Name a file that ends in .txt, .py, .svg or .json.",
                    suffix=path.suffix,
                ) from None  # fmt: skip
            save_bytes(content.encode(), path)
        except StudioError as error:
            self.trouble.emit(error)
