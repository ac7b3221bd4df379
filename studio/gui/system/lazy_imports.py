"""What the window needs beyond Qt, imported while it is already to be seen.

(On Windows torch must come before Qt, WinError 1114: the command line sees to that before it opens the window.)
"""

from __future__ import annotations

import importlib
import time

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from studio.core.errors import StudioError, unexpected

#: Everything a person can press needs; the views, and pyqtgraph with them, follow when it can be used already.
MODULES = ("studio.experiment", "studio.runs.launch", "studio.gui.controllers.main_controller")


class _Importer(QObject):
    done = Signal(object)
    finished = Signal()

    @Slot()
    def run(self) -> None:
        """Import everything; an error is handed over, never raised."""
        failed: StudioError | None = None
        try:
            importlib.import_module("studio.catalog").load()
            for name in MODULES:
                importlib.import_module(name)
                time.sleep(0)  # a chance for the window's thread between two modules
        except Exception as error:  # noqa: BLE001 - a broken installation must be told in the window
            failed = unexpected(error)
        self.done.emit(failed)
        self.finished.emit()


class LazyImports(QObject):
    """Imports in a thread of its own.

    Signals:
        loaded: None, or the :class:`StudioError` that says why the program cannot be used.
    """

    loaded = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("loading")
        self._importer = _Importer()
        self._importer.moveToThread(self._thread)
        self._thread.started.connect(self._importer.run)
        self._importer.done.connect(self.loaded, Qt.ConnectionType.QueuedConnection)
        self._importer.finished.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)

    def start(self) -> None:
        """Start to import."""
        self._thread.start()

    def wait(self) -> None:
        """Until the thread has ended."""
        self._thread.wait()
