"""What happens to a file or folder that is dropped on the window: an experiment is opened, data are shown to be chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from studio import catalog
from studio.core.errors import StudioError
from studio.data.base import DataSource
from studio.gui.controllers.experiment_files import ExperimentFiles
from studio.gui.controllers.page_router import PageRouter
from studio.gui.shell.window import Window
from studio.gui.system.override_guard import GuardedOverrides


class FileDrops(GuardedOverrides, QObject):
    """Watches the window for one file or folder of this computer.

    Signals:
        trouble: a ``StudioError``: nothing here can read what was dropped.
    """

    trouble = Signal(object)

    def __init__(self, window: Window, files: ExperimentFiles, pages: PageRouter, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._files, self._pages = window, files, pages
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and (path := dropped_path(event.mimeData())) is not None:
            event.acceptProposedAction()
            if not isinstance(event, QDragEnterEvent) and event.type() == QEvent.Type.Drop:
                self.take(path)
            return True
        return super().eventFilter(watched, event)

    def take(self, path: Path) -> None:
        """Open an experiment file, or put data into the panels and show the page on which they are chosen."""
        if path.suffix.lower() == ".toml":
            self._files.open(path)
            return
        sources: list[DataSource] = catalog.entries("dataset")
        source = next((each for each in sources if each.opens(path)), None)
        if source is None:
            self.trouble.emit(
                StudioError(
                    "The file {path} cannot be used here.",
                    "",
                    "Drop an experiment (.toml), a table such as CSV, or a folder of pictures.",
                    path=path.name,
                )
            )
            return
        words = self.tr("choice of {what}").format(what=path.name)
        self._window.draft.pick("data", source.key, {"path": str(path)}, words)
        self._pages.show_chooser("data")


def dropped_path(data: QMimeData) -> Path | None:
    """The one file or folder of this computer that is dropped; None of anything else."""
    urls = data.urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
