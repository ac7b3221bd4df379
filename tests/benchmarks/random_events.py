"""Does the window survive anybody? Random events over some seeds: no exception, no death, at most 50 MB more per 10,000.

Each seed has a process and a workspace of its own. A tiny run trains again and again meanwhile. Printed are the events that
came, exceptions by kind, how it ended, and how memory and the number of widgets grew after a warm-up of 2,000 events; what
each event was stands in ``FOLDER/seed-N.txt``. The exit code is 1 where something is wrong.

    python -m tests.benchmarks.random_events [--events 10000] [--seeds 20] [--first 0] [--engine real|fake] [--to FOLDER]
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import argparse
import ctypes
import faulthandler
import json
import logging
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from studio.core.log import logger
from studio.experiment import Experiment, validated
from studio.gui import theme
from studio.gui.app import make_app
from studio.gui.controllers.main_controller import MainController
from studio.gui.shell.window import Window
from studio.gui.system.window_settings import WindowSettings
from tests.benchmarks.random_person import RandomPerson
from tests.gui.fake_engine import FakeEngine

WARM_UP, MEASURE_EVERY, TRAIN_EVERY = 2000, 500, 300
MOST_GROWTH_MB = 50.0
#: Seconds without an event after which the process says where it hangs, and ends.
HANGS = 200
MEGABYTE = 1e6


@dataclass
class Record:
    """What came of one seed.

    Attributes:
        exceptions: first line of each kind to how often it came.
        memory: (event, megabytes, widgets) again and again.
        grown: kinds of widgets that became more after the warm-up, the most first.
    """

    seed: int
    events: int = 0
    exceptions: dict[str, int] = field(default_factory=dict)
    memory: list[tuple[int, float, int]] = field(default_factory=list)
    grown: list[tuple[str, int]] = field(default_factory=list)
    ended: str = "died"

    @property
    def growth(self) -> float | None:
        """Megabytes per 10,000 events after the warm-up; None where it did not last that long."""
        later = [(event, size) for event, size, _ in self.memory if event >= WARM_UP]
        if len(later) < 2:
            return None
        (first, before), (last, after) = later[0], later[-1]
        return (after - before) * 10_000 / (last - first)

    @property
    def is_well(self) -> bool:
        """Whether it lived, without an exception, and stayed small."""
        small = self.growth is None or self.growth <= MOST_GROWTH_MB
        return self.ended == "lived" and not self.exceptions and small


class Driver(QObject):
    """Has a person act whenever the window has nothing else to do, also while a dialog keeps its own event loop.

    Args:
        log: gets a line for each event, before the next one comes.
    """

    def __init__(self, main: MainController, person: RandomPerson, record: Record, log: Path, events: int) -> None:
        super().__init__()
        self._main, self._person, self._record, self._events = main, person, record, events
        self._log = log.open("w", encoding="utf-8")
        self._widgets: Counter[str] = Counter()

    def start(self) -> None:
        """Have it act in a moment: by a timer of its own each time, for none fires again while it is answered."""
        QTimer.singleShot(1, self._act)

    @Slot()
    def _act(self) -> None:
        if self._record.ended == "lived":
            return
        number = self._record.events = self._record.events + 1
        self.start()
        if number % 50 == 1:
            faulthandler.dump_traceback_later(HANGS, exit=True)
        if number % MEASURE_EVERY == 0:
            self._measure(number)
        nobody_asks = QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None
        if number % TRAIN_EVERY == 0 and self._main.queue.doing == "idle" and nobody_asks:
            self._note(number, "open an experiment and train it")
            self._main.window.draft.load_experiment(tiny_experiment(number), "opening")
            self._main.window.actions_["train"].trigger()
            return
        self._note(number, "...")
        self._note(number, self._person.act())
        if number == self._events:
            self._record.ended = "lived"
            QTimer.singleShot(0, _close_dialogs)

    def _note(self, number: int, words: str) -> None:
        self._log.write(f"{number} {words}\n")
        self._log.flush()

    def _measure(self, number: int) -> None:
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
    """Counts what nobody caught, and what was caught and told as an error of the program."""

    def __init__(self, record: Record) -> None:
        super().__init__(logging.ERROR)
        self._record = record

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self.count(record.exc_info[1])

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
    record = Record(seed)
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
    driver = Driver(main, person, record, to / f"seed-{seed}.txt", events)
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


def told(record: Record) -> str:
    """One paragraph on a seed."""
    growth = "not measured" if record.growth is None else f"{record.growth:+.1f} MB per 10,000 events"
    sizes = [
        f"{event}: {size:.0f} MB, {widgets} widgets"
        for event, size, widgets in record.memory[:: max(1, len(record.memory) // 5)]
    ]
    raised = sum(record.exceptions.values())
    lines = [
        f"seed {record.seed}: {record.events} events, {record.ended}, {raised} exceptions, growth {growth}",
        f"    {'; '.join(sizes)}",
    ]
    lines += [f"    {count} x {kind}" for kind, count in record.exceptions.items()]
    if record.grown:
        lines.append("    more widgets: " + ", ".join(f"{name} +{count}" for name, count in record.grown))
    return "\n".join(lines)


def main() -> int:
    """Drive all seeds, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000, help="of each seed")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--engine", choices=("real", "fake"), default="real")
    parser.add_argument("--to", type=Path)
    parser.add_argument("--here", action="store_true", help="the first seed alone, in this process")
    wishes = parser.parse_args()
    to = (wishes.to or Path(tempfile.mkdtemp(prefix="random-events-"))).resolve()
    to.mkdir(parents=True, exist_ok=True)
    if wishes.here:
        faulthandler.enable()
        record = drive(wishes.first, wishes.events, wishes.engine, to)
        (to / f"seed-{wishes.first}.json").write_text(json.dumps(asdict(record)), encoding="utf-8")
        sys.stdout.flush()
        os._exit(0)  # the interpreter's own end is not what is measured
    well = True
    for seed in range(wishes.first, wishes.first + wishes.seeds):
        arguments = ["--here", "--first", str(seed), "--events", str(wishes.events), "--engine", wishes.engine]
        code = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.random_events", *arguments, "--to", str(to)], check=False
        ).returncode
        file = to / f"seed-{seed}.json"
        record = Record(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else Record(seed)
        if not file.exists():
            record.ended = f"died, exit code {code}; its last events are in {to / f'seed-{seed}.txt'}"
        print(told(record), flush=True)
        well = well and record.is_well
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main())
