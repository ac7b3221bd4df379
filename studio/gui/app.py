"""Opens the window: Qt alone until it is on the screen, everything else afterwards."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from studio.errors import StudioError
from studio.gui import theme
from studio.gui.loading import Loader
from studio.gui.stored import Stored
from studio.gui.window import Window
from studio.gui.words import sentences
from studio.runs.place import workspace_place

NAME = "Distillation Studio"


class Opening(QObject):
    """From the empty window to one that can be used.

    Args:
        window: on the screen already.
        place: the folder of the workspace.
        preset, open_file, train: see :meth:`studio.gui.workbench.Workbench.begin`.

    Signals:
        ready: everything can be used.
    """

    ready = Signal()

    def __init__(
        self, window: Window, place: Path, preset: str | None = None, open_file: Path | None = None, train: bool = False
    ) -> None:
        super().__init__(window)
        self._window, self._place = window, place
        self._preset, self._open_file, self._train = preset, open_file, train
        self._loader = Loader(self)
        self._loader.loaded.connect(self._loaded)

    def start(self) -> None:
        """Begin to import."""
        self._loader.start()

    def _loaded(self, failed: StudioError | None) -> None:
        self._loader.wait()
        if failed is not None:
            self._window.notice.say(sentences(failed), "error")
            return
        from studio.gui.workbench import Workbench

        bench = Workbench(self._window, self._place)
        app = QApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(bench.shut_down)
        bench.begin(self._preset, self._open_file, self._train)
        self.ready.emit()


def make_app() -> QApplication:
    """The application, made if there is none yet."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("distillation-studio")
    app.setApplicationDisplayName(NAME)
    return app


def main(
    preset: str | None = None,
    open_file: Path | None = None,
    train_at_once: bool = False,
    workspace: Path | None = None,
) -> int:
    """Open the window and stay until it is closed; returns an exit code.

    Args:
        preset: the key of a ready experiment to begin with.
        open_file: an experiment file to begin with.
        train_at_once: train it without being asked.
        workspace: the folder of the runs; None for the usual one.
    """
    app = make_app()
    place = workspace_place(workspace)
    stored = Stored(place)
    theme.install(app, stored.theme)
    window = Window(stored)
    window.show()
    opening = Opening(window, place, preset, open_file, train_at_once)
    opening.start()
    return app.exec()
