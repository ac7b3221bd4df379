"""How quick are the window and the terminal over a workspace of ten thousand runs, fifty of them broken?

Makes the workspace, or takes the one in ``--keep FOLDER``, and prints medians beside those of an empty workspace.

    python -m tests.benchmarks.many_runs [--runs 10000] [--rounds 5] [--keep FOLDER]
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import argparse
import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.runs.broken_folders import DAMAGED, UNUSABLE

METHODS = {"kd": "Soft targets", "at": "Attention", "fitnet": "Hints", "rkd": "Relations", "logits": "Logit matching"}
STUDENTS = {"cnn-8": "Small CNN 8", "wrn-16-2": "WRN-16-2", "mlp-20-20": "MLP 20-20"}
EVENTS = (
    '{"seq":0,"time":0,"kind":"run_started","stage":"","epoch":0,"step":0,"name":"x","plan":[],"steps":400,"epochs":10,'
    '"steps_per_epoch":40,"batch_size":32,"device":"cpu","threads":1,"precision":"exact","classes":[],"groups":[]}\n'
    '{"seq":1,"time":1,"kind":"phase","stage":"","epoch":3,"step":120,"words":"Training"}\n'
)
BROKEN = 50
#: Of so many runs one is a chain, and those at these places after it are its steps.
CHAIN_EVERY, STEPS = 20, (2, 4, 5)
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)


def make(place: Path, number: int) -> None:
    """A workspace of so many runs; every fourth is a reference, some are chains, were stopped, broken off, or failed."""
    from studio.experiment import to_toml, validated

    tables = {}
    for method in METHODS:
        values = {"dataset": {"key": "digits"}, "teacher": {"key": "cnn-16"}, "student": {"key": "cnn-8"}}
        tables[method] = to_toml(validated({**values, "method": {"key": method}, "seed": 987654}).resolved())
    for n in range(number):
        method, student = list(METHODS)[n % len(METHODS)], list(STUDENTS)[n // 7 % len(STUDENTS)]
        created = _created(n)
        folder = place / "runs" / _id(n)
        folder.mkdir(parents=True)
        state = ("stopped", "interrupted", "failed")[n % 3] if n % 10 == 0 else "finished"
        (folder / "experiment.toml").write_text(tables[method].replace("987654", str(n % 5)))
        environment = {"created": created.isoformat(), "sequence": n + 1, "seed": n % 5}
        (folder / "environment.json").write_text(json.dumps(environment))
        name = f"{METHODS[method]} on Digits" if n % 3 else f"Experiment {n // 3}"
        (folder / "labels.json").write_text(json.dumps({"name": name, "favourite": n % 50 == 0}))
        (folder / "summary.json").write_text(json.dumps(_summary(n, method, student, state)))
        (folder / "events.jsonl").write_text(EVENTS)
        (folder / "lock").touch()
    _break(sorted((place / "runs").iterdir()))


def _created(n: int) -> datetime:
    return BEGAN + timedelta(minutes=30 * n)


def _id(n: int) -> str:
    return f"{_created(n):%Y%m%d-%H%M%S}-{list(METHODS)[n % len(METHODS)]}-digits-{n % 65536:04x}"


def _place(n: int) -> dict[str, Any]:
    """What a run is: a chain, the step of one, a reference, or none of these."""
    chain, after = n - (n - 1) % CHAIN_EVERY, (n - 1) % CHAIN_EVERY
    roles = {place: f"generation {number}" for number, place in enumerate(STEPS, 1)}
    if after == 0:
        steps = {role: _id(chain + place) for place, role in roles.items()}
        return {"planned": [*roles.values()], "references": steps, "role": "student"}
    if after in roles and chain > 0:
        return {"role": roles[after], "parent": _id(chain)}
    return {"role": "teacher", "parent": _id(0)} if n % 4 == 0 else {"role": "student"}


def _summary(n: int, method: str, student: str, state: str) -> dict[str, Any]:
    titles = {"method": METHODS[method], "dataset": "Digits", "student": STUDENTS[student], "teacher": "CNN 16"}
    accuracy = {
        role: {"value": value, "low": value - 0.01, "high": value + 0.01, "n": 360}
        for role, value in (("teacher", 0.97), ("alone", 0.85), ("student", 0.86 + n % 97 / 1000))
    }
    sentence = {"text": "The student reached {reached}.", "values": {"reached": "93.4 %"}}
    return {
        "state": state,
        "accuracy": accuracy,
        "gap_closed": {"value": n % 120 / 100, "low": 0.1, "high": 1.2},
        "parameters": {"teacher": 120_000, "student": 10_000 + n % 1000},
        "macs": {"teacher": 4_000_000, "student": 300_000},
        "latency_ms": {"teacher": 1.5, "student": 0.4},
        "seconds": 20 + n % 300,
        "steps": 400,
        "titles": titles,
        "words": {"sentence": sentence},
        **_place(n),
        "files": {"student.safetensors": f"{n:064x}", "predictions.npz": f"{n:064x}"},
    }


def _break(folders: list[Path]) -> None:
    """Break fifty, in every way there is."""
    ways = [spoil for spoil, _ in UNUSABLE.values()] + list(DAMAGED.values())
    step = max(1, len(folders) // BROKEN)
    for number, folder in enumerate(folders[::step][:BROKEN]):
        ways[number % len(ways)](folder)


def window(place: Path) -> None:
    """Open the window, use the table, and print figures as JSON; in a process of its own."""
    import psutil
    from PySide6.QtCore import QCoreApplication, Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from studio.gui import theme
    from studio.gui.app import Startup, make_app
    from studio.gui.shell.window import Window
    from studio.gui.system.window_settings import WindowSettings

    app = make_app()
    theme.install(app, "light")
    screen = Window(WindowSettings(place))
    screen.resize(1440, 900)
    screen.show()
    startup = Startup(screen, place)
    figures: dict[str, float] = {}

    def spin(until: Any) -> None:
        while not until():
            QCoreApplication.processEvents()
            time.sleep(0.002)

    ready: list[float] = []
    startup.ready.connect(lambda: ready.append(time.time()))
    startup.start()
    spin(lambda: ready)
    from studio.gui.controllers.main_controller import MainController
    from studio.gui.runs_table.run_cells import Column

    (main,) = screen.findChildren(MainController)
    late: list[float] = []
    ticking = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        late.append(now - ticking[0])
        ticking[0] = now

    timer = QTimer(interval=5)
    timer.timeout.connect(tick)
    timer.start()
    listed: list[float] = []
    main.run_store.listed.connect(lambda: listed.append(time.time()))
    spin(lambda: listed)
    QApplication.processEvents()
    began = float(os.environ["STUDIO_BEGAN"])
    figures["usable, s"] = ready[0] - began
    figures["listed, s"] = time.time() - began
    figures["processor time until listed, s"] = time.process_time()
    spin(lambda: not main.background.busy and main.views_page.views)
    timer.stop()
    figures["longest freeze while opening, ms"] = 1000 * max(late)
    figures["memory, MB"] = psutil.Process().memory_info().rss / 1e6
    main.page_router.show_views()
    QApplication.processEvents()
    table, dock = main.runs_dock.table, main.runs_dock

    def timed(call: Any, *given: Any) -> float:
        start = time.perf_counter()
        call(*given)
        QApplication.processEvents()
        return 1000 * (time.perf_counter() - start)

    if main.runs_dock.model.rowCount():
        orders = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)
        sorts = [timed(table.sortByColumn, column, order) for column in list(Column)[1:] for order in orders]
        figures["sort, slowest column, ms"] = max(sorts)
        figures["filter, slowest, ms"] = max(
            timed(dock.search.setText, text) for text in ("s", "soft", "soft digits", "nothing has this", "", "wrn")
        )
        dock.search.setText("")
        table.sortByColumn(-1, orders[0])
        bar = table.verticalScrollBar()
        frames = [timed(bar.setValue, round(bar.maximum() * part / 300)) for part in range(301)]
        figures["scroll, slowest frame, ms"] = max(frames)
        chain = next(row for row in map(dock.model.row, map(dock.model.index, range(200), [0] * 200)) if row.children)
        figures["unfold a chain, ms"] = timed(dock.model.unfold, chain, True)
        figures["fold it, ms"] = timed(dock.model.unfold, chain, False)
        figures["group, ms"] = timed(dock.model.group, True)
        dock.model.group(False)
        figures["list again, nothing new, s"] = _again(main)
    print(json.dumps(figures))
    main.shut_down()
    screen.may_close = lambda: True
    screen.close()


def _again(main: Any) -> float:
    start = time.perf_counter()
    main.workspace.runs()
    return time.perf_counter() - start


def _child(place: Path) -> dict[str, float]:
    environment = {**os.environ, "STUDIO_BEGAN": str(time.time())}
    command = [sys.executable, "-m", "tests.benchmarks.many_runs", "--window", str(place)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _terminal(place: Path) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "studio", "runs", "--workspace", str(place)]
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Make the workspace, run the rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a workspace made here before, or to be kept here")
    parser.add_argument("--window", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.window is not None:
        window(asked.window)
        return
    with tempfile.TemporaryDirectory() as scratch:
        place, empty = asked.keep or Path(scratch) / "many", Path(scratch) / "empty"
        if not (place / "runs").is_dir():
            make(place, asked.runs)
            time.sleep(3)  # what was written a moment ago is read twice
        measure(place, empty, asked.rounds)
        for folder in [] if asked.keep else [each for each in (place / "runs").iterdir() if not each.is_symlink()]:
            folder.chmod(0o700)
        if asked.keep is None:
            shutil.rmtree(place)


def measure(place: Path, empty: Path, rounds: int) -> None:
    """Both workspaces in turn, the terminal and the window."""
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for part in place.glob("studio.sqlite*"):
        part.unlink()
    print(f"studio runs, without an index: {_terminal(place):.2f} s")
    pairs = [(_terminal(place), _terminal(empty)) for _ in range(rounds)]
    many, none = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"studio runs: {many:.2f} s, of none {none:.2f} s (medians, n {rounds}; goal 1 s)")
    _child(place)  # the first one reads everything from disk
    found = [(_child(place), _child(empty)) for _ in range(rounds)]
    for name in found[0][0]:
        full = [full[name] for full, _ in found]
        beside = [none[name] for _, none in found if name in none]
        of_none = f", of none {statistics.median(beside):.2f}" if beside else ""
        spread = f"{min(full):.2f} to {max(full):.2f}"
        print(f"{name}: {statistics.median(full):.2f} ({spread}, n {rounds}){of_none}")


if __name__ == "__main__":
    main()
