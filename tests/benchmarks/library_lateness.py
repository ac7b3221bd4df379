"""How late is a window's event loop while procedures on tables run: a library is fitted and asked, rows made up, a tree grown?

    python -m tests.benchmarks.library_lateness [--members 30] [--cases 40000] [--rows 4000] [--by munge|random|nbe] [--tree]

A timer of 5 ms fires in the window's thread while model compression, or with --tree a born-again tree, runs on waveform rows.
Printed are, of every step, how late it was by the clock, how long the other thread had computed meanwhile, and how long the window's
own thread had. The second figure is what the interpreter's lock costs at most, the third what a window does of its own accord; both
are the same on a busy machine. The first is also what the processor was given to others.
The most are libraries that are imported once. Goal: 16 ms at the 99th percentile.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import argparse
import platform
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio.events import Event, RunStarted
from studio.experiment import Experiment, validated
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace

TICK_MS = 5


def experiment(asked: argparse.Namespace) -> Experiment:
    """A small chain of what is asked for."""
    if asked.tree:
        return validated(
            {
                "dataset": {"key": "waveform", "count": asked.rows},
                "teacher": {"key": "boosted-trees"},
                "student": {"key": "tree"},
                "method": {"key": "ba_tree", "settings": {"cases": asked.cases}},
                "references": {"alone": True},
            }
        )
    return validated(
        {
            "dataset": {"key": "waveform", "count": asked.rows},
            "teacher": {"key": "library"},
            "student": {"key": "mlp-128"},
            "method": {
                "key": "compress",
                "settings": {"members": asked.members, "cases": asked.cases, "steps": 2000, "generator": asked.by},
            },
        }
    )


class Lateness:
    """Milliseconds late by the clock, computed by the other thread between two ticks, and by this one, by what goes on."""

    def __init__(self, worker: threading.Thread) -> None:
        self.doing = "begins"
        self.late: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        self._clock = time.pthread_getcpuclockid(worker.ident or 0)
        self._last = time.perf_counter(), time.clock_gettime(self._clock), time.thread_time()

    def tick(self) -> None:
        now, computed, own = time.perf_counter(), time.clock_gettime(self._clock), time.thread_time()
        before, computed_before, own_before = self._last
        late = 1000 * (now - before) - TICK_MS
        self.late[self.doing].append((max(0.0, late), 1000 * (computed - computed_before), 1000 * (own - own_before)))
        self._last = now, computed, own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=30)
    parser.add_argument("--cases", type=int, default=40_000)
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--by", default="munge", choices=["munge", "random", "nbe"])
    parser.add_argument("--tree", action="store_true")
    asked = parser.parse_args()
    app = QApplication([])
    with tempfile.TemporaryDirectory() as scratch:

        def listen(event: Event) -> None:
            if isinstance(event, RunStarted):
                lateness.doing = event.plan[0].title

        worker = threading.Thread(target=lambda: launch(experiment(asked), Workspace(Path(scratch)), listen))
        worker.start()
        lateness = Lateness(worker)
        timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)

        def tick() -> None:
            if worker.is_alive():
                lateness.tick()
            else:
                app.quit()

        timer.timeout.connect(tick)
        timer.start()
        app.exec()
        worker.join()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}")
    print(
        "ms: late by the clock, median and p99; computed between two ticks by the other thread, p99 and most, and by the"
    )
    print("window's own, p99 and most; ticks")
    for doing, ticks in lateness.late.items():
        late, computed, own = np.array(ticks).T
        print(
            f"{doing:28} {np.median(late):6.1f} {np.percentile(late, 99):7.1f}   "
            f"{np.percentile(computed, 99):6.1f} {computed.max():7.1f}   "
            f"{np.percentile(own, 99):6.1f} {own.max():7.1f}   {len(ticks)}"
        )


if __name__ == "__main__":
    main()
