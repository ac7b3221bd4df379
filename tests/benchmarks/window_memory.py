"""Does the window let go of what it has shown? Memory and objects over each thing a person does again and again.

A window over twenty made-up runs; after a warm-up each act is done many times. Printed are the objects of Qt that there are
more of afterwards, and the growth of the memory in use by act, from the second third on (the allocator settles first).

    python -m tests.benchmarks.window_memory [--times 30]
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog

from studio.gui import theme
from studio.gui.app import make_app
from studio.gui.controllers.main_controller import MainController
from studio.gui.shell.window import Window
from studio.gui.system.window_settings import WindowSettings
from tests.benchmarks.many_curves import spin, workspace
from tests.benchmarks.random_events import resident_megabytes
from tests.gui.fake_engine import FakeEngine

RUNS = 20


def objects(window: Window) -> Counter[str]:
    """How many objects there are of each kind, when all that was to be deleted is."""
    for _ in range(2):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
    found = Counter(type(one).__name__ for one in window.findChildren(QObject))
    found["windows"] = len(QApplication.topLevelWidgets())
    return found


def measure(name: str, window: Window, act: Callable[[], object], times: int) -> None:
    """Do something again and again and print what there is more of."""
    for _ in range(3):
        act()
    before = objects(window)
    sizes = [resident_megabytes()]
    for _ in range(3):
        for _ in range(times // 3):
            act()
        more = objects(window) - before
        sizes.append(resident_megabytes())
    each = 1000 * (sizes[-1] - sizes[1]) / (2 * (times // 3))
    kinds = ", ".join(f"{kind} +{count}" for kind, count in more.most_common(5))
    print(
        f"{name:<34}{each:+8.0f} kB each, {sizes[0]:.0f} to {sizes[-1]:.0f} MB; more objects: {kinds or 'none'}",
        flush=True,
    )


class Acts:
    """What a person does."""

    def __init__(self, window: Window, main: MainController) -> None:
        self._window, self._main, self._seed = window, main, 1000
        self._ids = [run.id for run in main.run_store.runs]

    def idle(self) -> bool:
        return not self._main.background.busy

    def tick(self) -> None:
        """Ten runs no longer, and again, and a look at every view."""
        for on in (False, True):
            self._main.run_store.tick(self._ids[:10], on=on)
            spin(self.idle, least=0.02)
        for view in self._main.views_page.views:
            self._main.page_router.show_view(view.key)
            QApplication.processEvents()

    def scrub(self) -> None:
        """Through the snapshots of the run, in the views of the inside."""
        for view in self._main.views_page.views[1:]:
            self._main.page_router.show_view(view.key)
            self._main.views_page.slider.set_moment(0)
            QApplication.processEvents()
            self._main.views_page.slider.go_live()

    def choose(self) -> None:
        """Into every chooser and back."""
        for slot in ("data", "teacher", "student", "method"):
            self._main.page_router.show_chooser(slot)
            spin(self.idle, least=0.02)
        self._main.page_router.show_views()

    def open_windows(self) -> None:
        """Every view in a window of its own, closed again."""
        for view in self._main.views_page.views:
            window = view.open_window()
            QApplication.processEvents()
            window.close()

    def open_dialogs(self) -> None:
        """The dialogs, closed again."""
        self._main.run_actions.show_bin()
        self._main.ask_methods()
        self._main.help_controller.show_about()
        spin(self.idle, least=0.02)
        for dialog in self._window.findChildren(QDialog):
            dialog.close()

    def change_theme(self) -> None:
        """Light or dark."""
        theme.toggle(make_app())
        QApplication.processEvents()

    def train(self) -> None:
        """A short run to its end; unticked then, as another one is looked at."""
        self._seed += 1
        info = self._main.run_store.find(self._ids[0])
        assert info is not None
        before = set(self._main.run_store.ticked)
        self._main.training_controller.train_all([info.experiment.model_copy(update={"seed": self._seed})])
        spin(lambda: self._main.queue.doing == "idle" and self.idle(), least=0.1)
        self._main.run_store.tick(set(self._main.run_store.ticked) - before, on=False)


def main() -> int:
    """Measure all acts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=30)
    wishes = parser.parse_args()
    sys.argv[1:] = []
    theme.install(make_app(), "light")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        workspace(place, RUNS, 1000)
        window = Window(WindowSettings(place))
        window.resize(1440, 900)
        window.show()
        controller = MainController(window, place, FakeEngine(place))
        controller.start()
        spin(lambda: len(controller.run_store.runs) == RUNS and bool(controller.views_page.views))
        controller.run_store.tick([run.id for run in controller.run_store.runs], on=True)
        controller.page_router.show_views()
        acts = Acts(window, controller)
        spin(acts.idle, least=1.0)
        for act in (
            acts.tick, acts.scrub, acts.choose, acts.open_windows, acts.open_dialogs, acts.change_theme, acts.train,
        ):  # fmt: skip
            measure(act.__name__.replace("_", " "), window, act, wishes.times)
        controller.shut_down()
        window.may_close = lambda: True
        window.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
