"""The network of a run written to a file a person chooses."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.gui.run_store.run_store import RunStore
from studio.gui.system.background_jobs import BackgroundJobs

if TYPE_CHECKING:
    from studio.runs.run_info import RunInfo


class NetworkExport(QObject):
    """Asks where to, and writes in the background.

    Signals:
        saved: a sentence says that it is done.
        trouble: a :class:`~studio.core.errors.StudioError` to be shown.
    """

    saved = Signal(str)
    trouble = Signal(object)

    def __init__(self, run_store: RunStore, background: BackgroundJobs, window: QWidget) -> None:
        super().__init__(window)
        self._run_store, self._background, self._window = run_store, background, window

    def ask(self, run: str) -> None:
        """Ask for a file and write the network of a run into it."""
        info = self._run_store.find(run)
        if info is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the network"), f"{run}.safetensors", self.tr("Networks (*.safetensors)")
        )
        if name:
            self.write(info, Path(name))

    def write(self, info: RunInfo, path: Path) -> None:
        """Write the network of a run into ``path``."""
        self._background.submit(partial(_export, info, path), self._say_written, self.trouble.emit)

    def _say_written(self, path: Path) -> None:
        self.saved.emit(self.tr("The network is saved as {path}").format(path=path))


def _export(info: RunInfo, path: Path) -> Path:
    from studio.runs.exports.network_file import export_network

    return export_network(info, path)
