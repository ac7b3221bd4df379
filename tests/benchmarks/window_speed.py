"""What does an open window cost, and how late is its event loop?

The same run headless and in a window with all views drawn, in turn, for a tiny network and for the pair WRN-40-2 ->
WRN-16-2. Printed are the medians of steps a second, the median of the ratios, and how late a timer of 5 ms fired.

    python -m tests.benchmarks.window_speed [--rounds 5] [--only tiny|wrn]
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import argparse
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio.events import Listener
from studio.experiment import Experiment
from studio.gui import theme
from studio.gui.app import make_app
from studio.gui.controllers.main_controller import MainController
from studio.gui.shell.window import Window
from studio.gui.system.window_settings import WindowSettings
from studio.gui.training.worker import WorkspaceEngine
from studio.runs.run_info import RunInfo
from studio.training.control import Control
from tests.benchmarks.speed_loads import LOADS, SpeedReadings, experiment

TICK_MS = 5


class Timed(WorkspaceEngine):
    """The real engine with a clock beside its listener: steps a second between the first and the last reading."""

    speed = 0.0

    def launch(self, experiment: Experiment, listener: Listener, control: Control) -> RunInfo:
        readings = SpeedReadings(listener)
        info = super().launch(experiment, readings, control)
        self.speed = readings.steps_per_second
        return info


class Lateness(QObject):
    """A timer that notes how late it fires, in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, 1000 * (now - self._last) - TICK_MS))
        self._last = now


def spin(until: Callable[[], bool], patience: float = 600.0) -> None:
    """Run the event loop as the program does, until ``until``."""
    app = QApplication.instance()
    assert app is not None
    end = time.monotonic() + patience
    done = QTimer(interval=50)
    done.timeout.connect(lambda: until() and app.quit())
    done.start()
    app.exec()
    done.stop()
    assert time.monotonic() < end


def main() -> None:
    """Run the rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=LOADS)
    asked = parser.parse_args()
    app = make_app()
    app.setQuitOnLastWindowClosed(False)
    theme.install(app, "light")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        engine = Timed(place)
        window = Window(WindowSettings(place))
        window.resize(1440, 900)
        window.show()
        controller = MainController(window, place, engine)
        controller.start()
        for view in controller.views_page.views[1:]:
            view.open_window()
        spin(lambda: not controller.background.busy)
        for name in [asked.only] if asked.only else LOADS:
            measure(name, controller, engine, experiment(LOADS[name], place), asked.rounds)
        controller.shut_down()


def measure(name: str, controller: MainController, engine: Timed, work: Experiment, rounds: int) -> None:
    """Headless and in the window, in turn."""
    lateness = Lateness()
    pairs: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        once = work.model_copy(update={"seed": number})
        controller.gc_timer.stop()
        engine.launch(once, lambda _event: None, Control())
        headless = engine.speed
        controller.gc_timer.start()
        for run in controller.run_store.ticked:
            controller.run_store.tick([run], on=False)
        lateness.start()
        controller.training_controller.train_all([once])
        spin(lambda: controller.queue.doing == "idle")
        lateness.stop()
        if number == 0:  # the first round warms up
            lateness.late.clear()
        else:
            pairs.append((headless, engine.speed))
    ratios = [open_ / headless for headless, open_ in pairs]
    late = np.asarray(lateness.late)
    print(
        f"{name:5} headless {statistics.median(h for h, _ in pairs):8.1f} steps/s, "
        f"window {statistics.median(w for _, w in pairs):8.1f} steps/s, "
        f"ratio {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f}, n {rounds}; goal 0.95)"
    )
    print(
        f"      event loop late by {np.percentile(late, 50):.1f} ms (median), {np.percentile(late, 99):.1f} ms "
        f"(99th percentile; goal 16), {late.max():.0f} ms (most), n {len(late)}"
    )


if __name__ == "__main__":
    main()
