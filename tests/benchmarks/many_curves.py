"""How long does the window stand still when many runs are ticked, and what does a very long run cost?

Two hundred runs are ticked at once in a real window, then each view is shown, gone through in time and all runs unticked
again. Printed is the longest turn of the event loop, by the clock and of the processor alone (the clock counts other
programs and the thread that reads as well); the aim is 100 ms. Then one run with a million readings is read and drawn:
the processor time of all threads; the aim is 5 s.

    python -m tests.benchmarks.many_curves [--runs 200] [--readings 2000] [--long 1000000]
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from studio.events import EpochDone, Event, RunEnded, RunStarted, Snapshot, TermReading, Terms, ignore_event
from studio.experiment import validated
from studio.gui import theme
from studio.gui.app import make_app
from studio.gui.controllers.main_controller import MainController
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.shell.window import Window
from studio.gui.system.window_settings import WindowSettings
from studio.gui.views.learning.view import LearningView
from studio.runs.files.event_codec import to_line
from studio.runs.run_info import read_events, read_history
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.gui.fake_engine import FakeEngine

STEPS_PER_EPOCH = 40
AIM_MS, AIM_SECONDS = 100.0, 5.0


class LongestTurn(QObject):
    """The longest turn of the event loop since :meth:`start`, in milliseconds: by the clock, and of this thread alone."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = self.processor = 0.0
        self._last = 0.0, 0.0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self.clock = self.processor = 0.0
        self._last = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        self._tick()
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        self.clock = max(self.clock, 1000 * (now[0] - self._last[0]))
        self.processor = max(self.processor, 1000 * (now[1] - self._last[1]))
        self._last = now


def lengthen(folder: Path, readings: int, seed: int) -> None:
    """Give a recorded run this many readings and as many epochs as fit, in the place of what it said itself."""
    rng = np.random.default_rng(seed)
    events = list(read_events(Workspace(folder.parent.parent).run(folder.name).places))
    begun = next(event for event in events if isinstance(event, RunStarted))
    snapshots = [event for event in events if isinstance(event, Snapshot)]
    ended = next(event for event in events if isinstance(event, RunEnded))
    steps = readings
    epochs = steps // STEPS_PER_EPOCH
    every = max(1, epochs // 400)
    band = begun.plan[0].__class__(begun.plan[0].name, begun.plan[0].title, 0, steps, labels=True)
    fall = 2.0 / (1.0 + np.arange(steps) / 400) + rng.normal(0, 0.02, steps) + 0.1
    with (folder / "events.jsonl").open("w", encoding="utf-8") as file:
        seq = 0

        def write(event: Event) -> None:
            nonlocal seq
            file.write(to_line(event, seq, 1e9 + seq) + "\n")
            seq += 1

        write(replace(begun, plan=(band,), steps=steps, epochs=epochs, steps_per_epoch=STEPS_PER_EPOCH))
        for step in range(1, steps + 1):
            value = float(fall[step - 1])
            terms = {
                "labels": TermReading(value, 0.1, "task"),
                "soft targets": TermReading(1.5 * value, 0.9, "transfer"),
            }
            epoch = step // STEPS_PER_EPOCH
            write(
                Terms(stage="task", epoch=epoch, step=step, terms=terms, learning_rate=0.05, pictures_per_second=2900.0)
            )
            if step % (STEPS_PER_EPOCH * every) == 0:
                reached = 0.9 - 0.8 / (1 + epoch / 4) + float(rng.normal(0, 0.004))
                write(EpochDone(stage="task", epoch=epoch, step=step, labelled=True, test_accuracy=reached))
        for number, snapshot in enumerate(snapshots):
            step = number * steps // max(1, len(snapshots) - 1)
            write(replace(snapshot, step=step, epoch=step // STEPS_PER_EPOCH))
        write(replace(ended, step=steps, epoch=epochs))


def workspace(place: Path, runs: int, readings: int) -> Workspace:
    """A workspace with this many runs, each with readings of its own and the snapshots of one made-up run."""
    info = FakeEngine(place).launch(
        validated(
            {
                "dataset": {"key": "shapes"},
                "teacher": {"key": "cnn-32"},
                "student": {"key": "cnn-8"},
                "method": {"key": "kd"},
                "references": {"alone": True},
            }
        ),
        ignore_event,
        Control(),
    )
    lengthen(info.folder, readings, 0)
    for number in range(1, runs):
        copy = info.folder.with_name(f"{info.id}-{number:04d}")
        shutil.copytree(info.folder, copy)
        text = (copy / "experiment.toml").read_text(encoding="utf-8")
        (copy / "experiment.toml").write_text(text.replace("\nseed = 0", f"\nseed = {number}"), encoding="utf-8")
        lengthen(copy, readings, number)
    return Workspace(place)


def spin(until: Callable[[], bool], least: float = 0.3, patience: float = 300.0) -> None:
    """Run the event loop until ``until``, and ``least`` seconds at any rate."""
    app = QApplication.instance()
    assert app is not None
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        app.processEvents()
        if time.monotonic() - begun > least and until():
            return
    raise TimeoutError


def measure_ticks(place: Path, count: int) -> float:
    """Tick all runs, look at every view, untick them. Returns the longest turn of the processor, in milliseconds."""
    window = Window(WindowSettings(place))
    window.resize(1440, 900)
    window.show()
    controller = MainController(window, place)
    controller.start()

    def idle() -> bool:
        return not controller.background.busy

    spin(lambda: idle() and len(controller.run_store.runs) == count and bool(controller.views_page.views))
    controller.page_router.show_views()
    spin(idle)
    runs = [run.id for run in controller.run_store.runs]
    turn = LongestTurn()
    worst = 0.0

    def timed(name: str, act: Callable[[], object]) -> None:
        nonlocal worst
        turn.start()
        act()
        spin(idle, least=1.0)
        turn.stop()
        worst = max(worst, turn.processor)
        print(f"{name:<36}{turn.clock:10.0f}{turn.processor:10.0f}", flush=True)

    print(f"{'longest turn of the event loop, ms':<36}{'clock':>10}{'processor':>10}")
    timed(f"ticking {count} runs", lambda: controller.run_store.tick(runs, on=True))
    for view in controller.views_page.views:
        timed(f"showing {view.key}", partial(controller.page_router.show_view, view.key))
        timed(f"the first moment in {view.key}", lambda: controller.views_page.slider.set_moment(0))
        timed(f"the last moment in {view.key}", controller.views_page.slider.go_live)
    timed("unticking one", lambda: controller.run_store.tick(runs[:1], on=False))
    timed("unticking all", lambda: controller.run_store.tick(runs, on=False))
    controller.shut_down()
    window.may_close = lambda: True
    window.close()
    return worst


def measure_long(place: Path, readings: int) -> float:
    """Read and draw one run with this many readings; returns the processor time of all threads, in seconds."""
    app = QApplication.instance()
    assert app is not None
    store = workspace(place, 1, readings)
    (info,) = store.runs()
    view = LearningView()
    view.resize(1100, 700)
    began = time.process_time()
    history = read_history(info)
    read = time.process_time()
    view.set_runs([ShownRun(history, 0, current=True)])
    view.show()
    for _ in range(20):
        app.processEvents()
    view.grab()
    drawn = time.process_time()
    size = info.places.events.stat().st_size / 1e6
    print(f"one run with {readings} readings of 2 terms ({size:.0f} MB), processor time of all threads, s")
    print(f"reading {read - began:.2f}, thinning and drawing {drawn - read:.2f}, together {drawn - began:.2f}")
    again = time.process_time()
    view.refresh()
    view.grab()
    print(f"drawing again {time.process_time() - again:.3f}")
    assert len(history.terms["labels"].raw) == readings
    return drawn - began


def main() -> int:
    """Measure both; 1 if one takes longer than the aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--readings", type=int, default=2000, help="of each of the many runs")
    parser.add_argument("--long", type=int, default=1_000_000, help="readings of the long run; 0 leaves it out")
    wishes = parser.parse_args()
    sys.argv[1:] = []
    theme.install(make_app(), "light")
    worst = seconds = 0.0
    with tempfile.TemporaryDirectory() as folder:
        if wishes.runs:
            workspace(Path(folder) / "many", wishes.runs, wishes.readings)
            worst = measure_ticks(Path(folder) / "many", wishes.runs)
        if wishes.long:
            seconds = measure_long(Path(folder) / "long", wishes.long)
    return int(worst > AIM_MS or seconds > AIM_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
