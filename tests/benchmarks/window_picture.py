"""Makes pictures of the real window around a real run of a ready experiment; the README's is one of them.

python -m tests.benchmarks.window_picture --to resources/pictures/window.png
python -m tests.benchmarks.window_picture --to shot.png --preset shapes --theme dark --size 1024x700 --tab 1
python -m tests.benchmarks.window_picture --to shot.png --after 6        (while it trains, 6 s after its start)
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from studio.core.errors import StudioError
from studio.gui import theme
from studio.gui.app import make_app
from studio.gui.shell.window import Window
from studio.gui.system.lazy_imports import LazyImports
from studio.gui.system.window_settings import WindowSettings
from studio.runs.presets.presets import find_preset

if TYPE_CHECKING:
    from studio.gui.controllers.main_controller import MainController

#: Milliseconds for the last drawing after the end of a run.
SETTLE = 1500


class Photographer(QObject):
    """Opens the workbench, trains, chooses a tab and saves the picture."""

    def __init__(self, window: Window, place: Path, asked: argparse.Namespace) -> None:
        super().__init__()
        self._window, self._place, self._asked = window, place, asked
        self.controller: MainController | None = None
        self._imports = LazyImports(self)
        self._imports.loaded.connect(self._begin)
        self._imports.start()

    def _begin(self, failed: object) -> None:
        assert failed is None, failed
        from studio.gui.controllers.main_controller import MainController

        self.controller = controller = MainController(self._window, self._place)
        if self._asked.idle:
            controller.start(self._asked.preset)
            QTimer.singleShot(4000, self._shoot)
            return
        controller.queue.idled.connect(self._ended)
        controller.start(self._asked.preset, train=True)
        if self._asked.after:
            QTimer.singleShot(round(1000 * self._asked.after), self._shoot)

    def _ended(self) -> None:
        QTimer.singleShot(SETTLE, self._shoot)

    def _shoot(self) -> None:
        from studio.gui.views.view_tabs import ViewTabs

        tabs = self._window.findChild(ViewTabs)
        if tabs is not None and self._asked.tab:
            tabs.choose(self._asked.tab)
        QTimer.singleShot(SETTLE, self._save)

    def _save(self) -> None:
        assert self._window.grab().save(str(self._asked.to))
        self._end(0)

    def fail(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Tell an error and end."""
        sys.__excepthook__(kind, error, trace)
        self._end(1)

    def _end(self, code: int) -> None:
        if self.controller is not None:
            self.controller.shut_down()
        make_app().exit(code)  # quit() would ask whether to stop what trains


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--to", type=Path, required=True)
    arguments.add_argument("--preset", default="digits")
    arguments.add_argument("--theme", choices=("light", "dark"), default="light")
    arguments.add_argument("--size", default="1440x900")
    arguments.add_argument("--tab", type=int, default=0, help="number of the view, from 0")
    arguments.add_argument("--after", type=float, default=0.0, help="seconds after the start, instead of at the end")
    arguments.add_argument("--idle", action="store_true", help="train nothing: the welcome page")
    arguments.add_argument("--workspace", type=Path)
    asked = arguments.parse_args()
    try:
        find_preset(asked.preset)
    except StudioError as error:  # else the window would say so, and nobody would end it
        arguments.error(str(error))
    app = make_app()
    with tempfile.TemporaryDirectory() as scratch:
        place = asked.workspace or Path(scratch)
        theme.install(app, asked.theme)
        window = Window(WindowSettings(place))
        window.resize(*map(int, asked.size.split("x")))
        window.show()
        photographer = Photographer(window, place, asked)
        sys.excepthook = photographer.fail  # whatever fails in a slot would leave the window waiting
        code = app.exec()
        del photographer
    sys.exit(code)


if __name__ == "__main__":
    main()
