"""How long is a chain of trainings between two of them, and does the window stay within its memory meanwhile?

    python -m tests.benchmarks.chain_of_steps [--generations 20] [--epochs 3] [--window] [--profile]

Told are the seconds from the last word of one step to the first of the next, by the clock and of the processor (on a busy
machine the clock tells of others): median, worst, and the worst of the second half. With ``--window`` the chain trains in
the window, its views drawn; told is also what the process holds after each step.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import cProfile
import pstats
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from studio.events import Event, RunEnded, RunStarted
from studio.experiment import Experiment, load
from studio.runs.launch import launch
from studio.runs.presets.presets import find_preset
from studio.runs.store.workspace import Workspace

PRESET = "generations"
MEGABYTE = 2**20


class Pauses:
    """Listens to a chain; ``clock`` and ``processor`` are seconds between two steps, ``held`` megabytes after each."""

    def __init__(self, profile: cProfile.Profile | None = None) -> None:
        self.clock: list[float] = []
        self.processor: list[float] = []
        self.held: list[float] = []
        self._ended: tuple[float, float] | None = None
        self._process = psutil.Process()
        self._profile = profile

    def __call__(self, event: Event) -> None:
        if isinstance(event, RunEnded):
            self.held.append(self._process.memory_info().rss / MEGABYTE)
            self._ended = (time.perf_counter(), time.process_time())
            if self._profile is not None:
                self._profile.enable()
        elif isinstance(event, RunStarted) and event.parent and self._ended is not None:
            if self._profile is not None:
                self._profile.disable()
            self.clock.append(time.perf_counter() - self._ended[0])
            self.processor.append(time.process_time() - self._ended[1])
            self._ended = None

    def table(self) -> str:
        """What was measured, a line each."""
        lines = []
        for name, seconds in (("by the clock", self.clock), ("of the processor", self.processor)):
            late = max(seconds[len(seconds) // 2 :])
            numbers = f"median {statistics.median(seconds):.3f} s, worst {max(seconds):.3f} s, late {late:.3f} s"
            lines.append(f"between two steps, {name:17} {numbers}, n = {len(seconds)}")
        held = ", ".join(f"{size:.0f}" for size in self.held[:: max(1, len(self.held) // 10)])
        return "\n".join([*lines, f"held after a step, MB: {held}"])


def in_terminal(experiment: Experiment, place: Path, pauses: Pauses) -> None:
    """Train it as the command line does."""
    launch(experiment, Workspace(place), pauses)


def in_window(experiment: Experiment, place: Path, pauses: Pauses) -> None:
    """Train it in a window that draws."""
    from PySide6.QtCore import QCoreApplication

    from studio.gui import theme
    from studio.gui.app import make_app
    from studio.gui.controllers.main_controller import MainController
    from studio.gui.shell.window import Window
    from studio.gui.system.window_settings import WindowSettings

    app = make_app()
    theme.install(app, "light")
    window = Window(WindowSettings(place))
    window.resize(1440, 900)
    window.show()
    main = MainController(window, place)
    main.start()
    events: list[Event] = []
    ended: list[object] = []
    main.queue.events_arrived.connect(events.extend)
    main.training_controller.run_ended.connect(ended.append)
    while not main.views_page.views or main.background.busy:
        QCoreApplication.processEvents()
    main.page_router.show_views()
    main.training_controller.train_all([experiment])
    while not ended:
        QCoreApplication.processEvents()
        time.sleep(0.002)
        for event in events:
            pauses(event)
        events.clear()
    window.may_close = lambda: True
    main.shut_down()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--generations", type=int, default=20)
    arguments.add_argument("--epochs", type=int, default=3)
    arguments.add_argument("--window", action="store_true")
    arguments.add_argument("--profile", action="store_true", help="what the time between two steps goes to")
    asked = arguments.parse_args()
    chain = {"generations": asked.generations, "averaged": "none"}
    changes = {"training.epochs": asked.epochs, "method.settings": chain}
    experiment = load(find_preset(PRESET).path, changes)
    profile = cProfile.Profile() if asked.profile else None
    pauses = Pauses(profile)
    with tempfile.TemporaryDirectory() as place:
        (in_window if asked.window else in_terminal)(experiment, Path(place), pauses)
    print(pauses.table())
    if profile is not None:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(40)


if __name__ == "__main__":
    main()
