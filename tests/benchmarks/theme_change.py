"""How long does a change of theme take, in a window whose pages have all been looked at?

A window over thirty made-up runs: every view, the gallery and the choosers are shown once, then the theme is changed and
changed back. Printed are the median and the most of the milliseconds until everything that can be seen is painted anew, by
the clock and of the processor alone; and the same for the pages that are shown for the first time after a change. The
aim is 200 ms.

    python -m tests.benchmarks.theme_change [--changes 20]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from studio.gui import theme
from studio.gui.app import make_app
from studio.gui.controllers.main_controller import MainController
from studio.gui.shell.window import Window
from studio.gui.system.window_settings import WindowSettings
from tests.benchmarks.many_curves import spin, workspace

AIM_MS = 200.0
RUNS = 30


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of an act and of the painting that follows: by the clock, and of the processor."""
    app = QApplication.instance()
    assert app is not None
    began = time.perf_counter(), time.thread_time()
    act()
    for _ in range(2):
        app.processEvents()
    return 1000 * (time.perf_counter() - began[0]), 1000 * (time.thread_time() - began[1])


def told(name: str, taken: list[tuple[float, float]]) -> float:
    """Print one line; returns the median of the processor."""
    clock, processor = zip(*taken, strict=True)
    print(
        f"{name:<40}{statistics.median(clock):8.0f}{max(clock):8.0f}{statistics.median(processor):8.0f}"
        f"{max(processor):8.0f}",
        flush=True,
    )
    return float(statistics.median(processor))


def main() -> int:
    """Measure; 1 if a change takes the processor longer than the aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=20)
    wishes = parser.parse_args()
    sys.argv[1:] = []
    app = make_app()
    theme.install(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        workspace(place, RUNS, 1000)
        window = Window(WindowSettings(place))
        window.resize(1440, 900)
        window.show()
        controller = MainController(window, place)
        controller.start()

        def idle() -> bool:
            return not controller.background.busy

        spin(lambda: idle() and len(controller.run_store.runs) == RUNS and bool(controller.views_page.views))
        controller.run_store.tick([run.id for run in controller.run_store.runs], on=True)
        router = controller.page_router
        for view in controller.views_page.views:
            router.show_view(view.key)
            spin(idle)
        for slot in ("data", "teacher", "student", "method"):
            router.show_chooser(slot)
            spin(idle)
        router.show_gallery()
        spin(idle)
        router.show_views()
        router.show_view("learning")
        spin(idle, least=2.0)
        visible = sum(widget.isVisible() for widget in app.allWidgets())
        print(f"{len(app.allWidgets())} widgets, {visible} of them visible; {wishes.changes} changes; milliseconds")
        print(f"{'':<40}{'clock':>16}{'processor':>16}")
        print(f"{'':<40}{'median':>8}{'most':>8}{'median':>8}{'most':>8}")
        changes = []
        for _ in range(wishes.changes):
            changes.append(timed(lambda: theme.toggle(app)))
            spin(idle, least=0.5)
        worst = told("a change", changes)
        pages: dict[str, Callable[[], None]] = {"gallery": router.show_gallery, "views": router.show_views}
        for view in controller.views_page.views[1:]:
            pages[view.key] = partial(router.show_view, view.key)
        for name, show in pages.items():
            theme.toggle(app)
            spin(idle, least=0.5)
            told(f"showing {name} for the first time after", [timed(show)])
            spin(idle, least=0.5)
        controller.shut_down()
        window.may_close = lambda: True
        window.close()
    return int(worst > AIM_MS)


if __name__ == "__main__":
    raise SystemExit(main())
