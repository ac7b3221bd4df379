"""Does the window survive anybody? Random events over some seeds: no exception, no death, at most 50 MB more per 10,000.

Each seed has a process and a workspace of its own. Every page is opened once, then the events begin; a tiny run trains
again and again meanwhile. Printed are the events that came, exceptions by kind, how it ended, and how memory and the number
of widgets grew after a warm-up of 2,000 events; what each event was stands in ``FOLDER/seed-N.txt``, what the process said
in ``seed-N.log``, its row in ``seed-N.json``: a table broken off goes on with the seeds that have no row. The exit code is
1 where something is wrong.

    python -m tests.benchmarks.random_events [--events 10000] [--seeds 20] [--first 0] [--engine real|fake] [--jobs 1]
                                             [--to FOLDER]
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import argparse
import ctypes
import faulthandler
import gc
import logging
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from studio.core.errors import StudioError
from studio.core.log import logger
from studio.experiment import Experiment, validated
from studio.gui import theme
from studio.gui.app import make_app
from studio.gui.controllers.main_controller import MainController
from studio.gui.shell.window import Window
from studio.gui.system.window_settings import WindowSettings
from tests.benchmarks.random_person import RandomPerson
from tests.benchmarks.random_record import WARM_UP, Record, read_row, row_file, summed_up, write_row
from tests.benchmarks.sightseer import Sightseer
from tests.gui.fake_engine import FakeEngine

MEASURE_EVERY, TRAIN_EVERY = 500, 300
#: Seconds one event may take before the process says where it hangs, and ends: long enough for a machine that does much else.
HANGS = 600
MEGABYTE = 1e6


class Driver(QObject):
    """Has a person act whenever the window has nothing else to do, also while a dialog keeps its own event loop.

    Args:
        sightseer: sees every page before the person comes.
        log: gets a line for each event, before the next one comes.
    """

    def __init__(
        self, main: MainController, sightseer: Sightseer, person: RandomPerson, record: Record, log: Path, events: int
    ) -> None:
        super().__init__()
        self._sightseer = sightseer
        self._main, self._person, self._record, self._events = main, person, record, events
        self._log = log.open("w", encoding="utf-8")
        self._widgets: Counter[str] = Counter()

    def start(self) -> None:
        """Have it act in a moment: by a timer of its own each time, for none fires again while it is answered."""
        QTimer.singleShot(1, self._act)

    @Slot()
    def _act(self) -> None:
        if self._record.lived:
            return
        if self._sightseer.look_on():
            self.start()
            return
        number = self._record.events = self._record.events + 1
        self.start()
        faulthandler.dump_traceback_later(HANGS, exit=True)
        if number % MEASURE_EVERY == 0:
            self._measure(number)
        nobody_asks = QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None
        if number % TRAIN_EVERY == 0 and self._main.queue.doing == "idle" and nobody_asks:
            self._note(number, "open an experiment and train it")
            self._main.window.draft.load_experiment(tiny_experiment(number), "opening")
            self._main.window.actions_["train"].trigger()
        else:
            self._note(number, "...")
            self._note(number, self._person.act())
        if number == self._events:
            self._record.ended = "lived"
            QTimer.singleShot(0, _close_dialogs)

    def _note(self, number: int, words: str) -> None:
        self._log.write(f"{number} {words}\n")
        self._log.flush()

    def _measure(self, number: int) -> None:
        gc.collect()  # what waits for the next collection is no growth
        widgets = Counter(type(one).__name__ for one in QApplication.allWidgets())
        if number == WARM_UP:
            self._widgets = widgets
        elif number > WARM_UP:
            self._record.grown = (widgets - self._widgets).most_common(12)
        self._record.memory.append((number, resident_megabytes(), widgets.total()))


def _close_dialogs() -> None:
    """Leave every loop of a dialog, then the program's."""
    above = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    if above is None:
        QApplication.exit(0)
        return
    above.close()
    QTimer.singleShot(0, _close_dialogs)


class Exceptions(logging.Handler):
    """Counts what nobody caught, and what was caught and told as an error of the program.

    What a run was refused for in words, say networks that do not read the data, is none.
    """

    def __init__(self, record: Record) -> None:
        super().__init__(logging.ERROR)
        self._record = record

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, StudioError):
            self.count(error)

    def hook(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self.count(error)

    def count(self, error: BaseException) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
        kind = f"{type(error).__name__}: {str(error)[:120]} ({where})"
        if kind not in self._record.exceptions:
            traceback.print_exception(error)
        self._record.exceptions[kind] = self._record.exceptions.get(kind, 0) + 1


def tiny_experiment(number: int) -> Experiment:
    """A run of a second, of a few methods in turn, on points or small pictures."""
    points = number // TRAIN_EVERY % 2 == 0
    return validated(
        {
            "dataset": {"key": "moons"} if points else {"key": "digits", "per_class": 10},
            "teacher": {"key": "mlp-20-20" if points else "cnn-4", "source": "train", "epochs": 2},
            "student": {"key": "mlp-8-8" if points else "cnn-4"},
            "method": {"key": ("kd", "ab")[number // TRAIN_EVERY // 2 % 2]},
            "training": {"epochs": 3},
            "seed": number,
        }
    )


def resident_megabytes() -> float:
    """The memory of this process that is in use, what the allocator merely keeps given back first."""
    if Path("/proc/self/statm").exists():
        ctypes.CDLL(None).malloc_trim(0)
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
    return 0.0


def drive(seed: int, events: int, engine: str, to: Path) -> Record:
    """One seed in this process."""
    record = Record(seed, events, engine)
    place, files = to / f"workspace-{seed}", to / f"files-{seed}"
    files.mkdir(parents=True, exist_ok=True)
    (files / "experiment.toml").write_text('[dataset]\nkey = "moons"\n', encoding="utf-8")
    os.chdir(files)
    os.environ["HOME"] = str(files)
    app = make_app()
    app.setQuitOnLastWindowClosed(False)
    exceptions = Exceptions(record)
    sys.excepthook = exceptions.hook
    logger.addHandler(exceptions)
    setattr(QDesktopServices, "openUrl", lambda _url: True)  # noqa: B010 - links would open other programs
    theme.install(app, "light")
    window = Window(WindowSettings(place))
    window.resize(1440, 900)
    window.show()
    main = MainController(window, place, FakeEngine(place, 0.001) if engine == "fake" else None)
    main.start()
    window.may_close = asked(window.may_close)
    person = RandomPerson(seed, window, files, lambda: main.queue.doing != "idle")
    sightseer = Sightseer(main, [tiny_experiment(number * TRAIN_EVERY) for number in range(4)])
    driver = Driver(main, sightseer, person, record, to / f"seed-{seed}.txt", events)
    driver.start()
    app.exec()
    main.shut_down()
    faulthandler.cancel_dump_traceback_later()
    return record


def asked(may_close: Callable[[], bool]) -> Callable[[], bool]:
    """Whatever the person answers: the window stays, there is more to come."""

    def stay() -> bool:
        may_close()
        return False

    return stay


class Table:
    """Rows of seeds in a folder, each made by a process of its own; what is there already is not made again."""

    def __init__(self, events: int, engine: str, to: Path) -> None:
        self._events, self._engine, self._to = events, engine, to

    def row(self, seed: int) -> Record:
        """The row of a seed."""
        kept = read_row(self._to, seed)
        if kept is not None and (kept.wanted, kept.engine) == (self._events, self._engine):
            return kept
        for left in (f"workspace-{seed}", f"files-{seed}"):  # of one that was broken off
            shutil.rmtree(self._to / left, ignore_errors=True)
        row_file(self._to, seed).unlink(missing_ok=True)
        wishes = ["--first", str(seed), "--events", str(self._events), "--engine", self._engine, "--to", str(self._to)]
        log = self._to / f"seed-{seed}.log"
        with log.open("w", encoding="utf-8") as said:
            code = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.random_events", "--here", *wishes],
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
        record = read_row(self._to, seed)
        if record is None:
            events = self._to / f"seed-{seed}.txt"
            record = Record(seed, self._events, self._engine, events=_last_event(events))
            record.ended = f"died, exit code {code}; its last events are in {events}, where it was in {log}"
            write_row(record, self._to)
        return record


def _last_event(file: Path) -> int:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return int(lines[-1].split()[0]) if lines else 0


def main() -> int:
    """Drive all seeds, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000, help="of each seed")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--engine", choices=("real", "fake"), default="real")
    parser.add_argument("--jobs", type=int, default=1, help="seeds at the same time")
    parser.add_argument(
        "--to", type=Path, help="rows that are there are kept, so that a table broken off can be gone on with"
    )
    parser.add_argument("--here", action="store_true", help="the first seed alone, in this process")
    wishes = parser.parse_args()
    to = (wishes.to or Path(tempfile.mkdtemp(prefix="random-events-"))).resolve()
    to.mkdir(parents=True, exist_ok=True)
    if wishes.here:
        faulthandler.enable()
        write_row(drive(wishes.first, wishes.events, wishes.engine, to), to)
        sys.stdout.flush()
        os._exit(0)  # the interpreter's own end is not what is measured
    table, records = Table(wishes.events, wishes.engine, to), []
    with ThreadPoolExecutor(wishes.jobs) as jobs:
        for record in jobs.map(table.row, range(wishes.first, wishes.first + wishes.seeds)):
            records.append(record)
            print(record.told(), flush=True)
    print(summed_up(records), flush=True)
    return 0 if all(record.is_well for record in records) else 1


if __name__ == "__main__":
    raise SystemExit(main())
