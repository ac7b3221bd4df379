"""Opens the window: Qt alone until it is on the screen, everything else afterwards."""

from __future__ import annotations

import gc
import signal
import sys
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from studio.core.errors import StudioError, unexpected
from studio.core.log import log_crashes, start_log
from studio.gui import theme
from studio.gui.shell.text_size_menu import apply_text_size
from studio.gui.shell.window import Window
from studio.gui.system.layout_items import forget_layout_items
from studio.gui.system.lazy_imports import LazyImports
from studio.gui.system.malloc_arenas import limit_arenas
from studio.gui.system.plain_imports import use_plain_imports
from studio.gui.system.qt_messages import log_qt_messages
from studio.gui.system.window_settings import WindowSettings
from studio.gui.text.say import say
from studio.gui.text.translator import install_translator
from studio.runs.files.workspace_path import workspace_path
from studio.runs.presets.presets import Preset, all_presets, find_preset

if TYPE_CHECKING:
    from studio.gui.controllers.main_controller import MainController

NAME = "Distillation Studio"


class Startup(QObject):
    """From the empty window to one that can be used.

    Args:
        window: on the screen already.
        workspace: its folder.
        preset, open_file, train: see :meth:`studio.gui.controllers.main_controller.MainController.start`.

    Signals:
        ready: everything can be used.
    """

    ready = Signal()

    def __init__(
        self,
        window: Window,
        workspace: Path,
        preset: str | None = None,
        open_file: Path | None = None,
        train: bool = False,
    ) -> None:
        super().__init__(window)
        self._window, self._workspace = window, workspace
        self._preset, self._open_file, self._train = preset, open_file, train
        self._imports = LazyImports(self)
        self._imports.loaded.connect(self._make_controller)
        app = QApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self._imports.wait)  # a window closed at once must not end a running thread

    def start(self) -> None:
        """Start to import.

        Nothing of what is imported is garbage, yet Python would look through all of it again and again, which takes a
        fifth of the start: it collects no more, until :class:`studio.gui.system.gc_timer.GcTimer` takes over.
        """
        gc.disable()
        self._imports.start()

    def _make_controller(self, failed: StudioError | None) -> None:
        self._imports.wait()
        if failed is not None:
            gc.enable()
            self._window.notice.show_message(say(failed.paragraph()), "error")
            return
        from studio.gui.controllers.main_controller import MainController

        controller = MainController(self._window, self._workspace)
        app = QApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(controller.shut_down)
        sys.excepthook = ErrorReporter(controller)
        controller.start(self._preset, self._open_file, self._train, tour=True)
        self.ready.emit()


class ErrorReporter(QObject):
    """Stands in ``sys.excepthook``: what nobody caught is said in the window as any other error.

    The terminal gets it as Python says it. The window says it a moment later and in its own thread: the error may come
    from the middle of a repaint, or from another thread.
    """

    _said = Signal(object)

    def __init__(self, controller: MainController) -> None:
        super().__init__(controller)
        self._said.connect(controller.training_controller.show_trouble, Qt.ConnectionType.QueuedConnection)

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if isinstance(error, Exception) and isValid(self):
            self._said.emit(unexpected(error))


def _quit(_number: int, _frame: FrameType | None) -> None:
    """Ctrl-C in the terminal, or a polite kill: what trains is stopped and kept, as when the window is closed."""
    QApplication.exit(0)  # quit() would ask the window, and the window the person


def _named(preset: str | None, open_file: Path | None) -> Preset | None:
    """The ready experiment that is trained at once; None where it is a person's own, or there is none of this name."""
    if open_file is not None:
        return None
    try:
        return find_preset(preset or all_presets()[0].key)
    except StudioError:
        return None


def make_app() -> QApplication:
    """The application, made if there is none yet."""
    limit_arenas()  # before anything starts a thread
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
    folder = workspace_path(workspace)
    settings = WindowSettings(folder)
    apply_text_size(settings)
    app = make_app()
    start_log(folder)
    log_crashes(folder)
    log_qt_messages()
    forget_layout_items()
    use_plain_imports()
    install_translator(app)
    theme.install(app, settings.theme)
    window = Window(settings)
    if train_at_once:
        window.show_starting(_named(preset, open_file))
    window.show()
    startup = Startup(window, folder, preset, open_file, train_at_once)
    startup.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _quit)
    code = app.exec()
    gc.disable()
    gc.freeze()  # the process ends: looking through all that is loaded once more would take most of its end
    return code
