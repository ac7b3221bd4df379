"""What questions to networks cost: the answer of WRN-16-2, how late the window is while it asks, and memory.

python -m tests.benchmarks.questions                      (shapes, drawn by the program; two steps, nothing is learnt)
python -m tests.benchmarks.questions --mnist FOLDER       (also: MNIST's test digits through the canvas to the digits teacher)
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import resource
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QImage, QPainter

from studio import catalog
from studio.experiment import Experiment, load, validated
from studio.gui import theme
from studio.gui.app import make_app
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.training.inspection import Inspection
from studio.gui.views.charts.own_pixels import pixels_of
from studio.gui.views.try_it.drawing_canvas import SHEET
from studio.gui.views.try_it.view import TryItView
from studio.runs.inspect.asked_model import AskedModel, ModelAnswer
from studio.runs.inspect.inspector import Inspector
from studio.runs.launch import launch
from studio.runs.presets.presets import all_presets
from studio.runs.run_info import RunInfo, read_history, read_info
from studio.runs.store.workspace import Workspace
from studio.systems.reference_experiments import teacher_experiment

#: Questions that are timed; milliseconds between two, between two ticks of the clock in the window; ticks that are counted.
ASKED, EVERY, TICK, TICKS = 30, 100, 4, 2000
OPENED = 20


def wide_residual(seed: int = 0) -> Experiment:
    """WRN-16-2 as it begins, more or less."""
    return validated(
        {
            "dataset": {"key": "shapes", "per_class": 4},
            "teacher": {"key": "wrn-16-2"},
            "student": {"key": "wrn-16-2"},
            "method": {"key": "none"},
            "training": {"steps": 1, "batch_size": 8, "device": "cpu"},
            "seed": seed,
        }
    )


def copies(run: RunInfo, workspace: Workspace) -> list[RunInfo]:
    """The run, and others that differ in nothing but their ids: each has weights of its own to be read."""
    names = [f"{run.id}-{number}" for number in range(1, OPENED)]
    for name in names:
        shutil.copytree(run.folder, workspace.run_folder / name)
    return [run, *(read_info(workspace.folder(name)) for name in names)]


def answers(workspace: Workspace, run: RunInfo) -> None:
    """Milliseconds from a question to its answer, without a window."""
    inspector = Inspector(workspace)
    taken = []
    for row in range(ASKED):
        begun = time.perf_counter()
        inspector.answer(AskedModel(run.id), run.id, inspector.test_example(run.id, row))
        taken.append(1000 * (time.perf_counter() - begun))
    print(
        f"A question to WRN-16-2: the first {taken[0]:.0f} ms, then {statistics.median(taken[1:]):.0f} ms "
        f"(median of {ASKED - 1}), at most {max(taken[1:]):.0f} ms"
    )


def lateness(workspace: Workspace, run: RunInfo, asking: bool) -> None:
    """How late ticks come in the thread of a window that shows the view."""
    app = make_app()
    theme.install(app, "light")
    jobs = BackgroundJobs()
    view = TryItView()
    view.set_inspection(Inspection(jobs.submit, lambda: Inspector(workspace)))
    view.set_runs([ShownRun(read_history(run), current=True)])
    view.resize(1100, 760)
    view.show()
    late: list[float] = []
    clock = QElapsedTimer()
    ticks = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK)
    asks = QTimer(interval=EVERY)

    def tick() -> None:
        late.append(max(0.0, clock.nsecsElapsed() / 1e6 - TICK))
        clock.restart()
        if len(late) == TICKS:
            app.quit()

    def begin() -> None:
        clock.start()
        ticks.start()
        if asking:
            asks.start()

    ticks.timeout.connect(tick)
    asks.timeout.connect(view.panel.show_next)
    QTimer.singleShot(3000, begin)
    app.exec()
    ticks.stop()
    asks.stop()
    jobs.stop()
    view.close()
    p50, p99 = np.percentile(late, [50, 99])
    how = f"asked every {EVERY} ms" if asking else "asked nothing"
    print(
        f"The window, {how}: late by {p50:.1f} ms (median), {p99:.1f} ms (p99), {max(late):.0f} ms (worst) of {TICKS}"
    )


def memory(workspace: Workspace, runs: list[RunInfo]) -> None:
    """Megabytes that opening many runs takes above opening one."""
    inspector = Inspector(workspace)
    held = []
    for run in runs:
        inspector.overview(run.id)
        inspector.answer(AskedModel(run.id), run.id, inspector.test_example(run.id, 0))
        held.append(_resident())
    print(f"{len(runs)} opened runs take {held[-1] - held[0]:.0f} MB more than one")


def _resident() -> float:
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def canvas_digits(workspace: Workspace, folder: Path, count: int) -> None:
    """MNIST's test digits, laid on the sheet one draws on, answered by the teacher of the first ready experiment."""
    teacher = launch(teacher_experiment(load(all_presets()[0].path)), workspace)
    source = catalog.find("dataset", "mnist")
    decoded = source.load(source.Settings(path=folder), workspace.cache, lambda *_: None)
    inspector = Inspector(workspace)
    right = 0
    for picture, label in zip(decoded.test.inputs[:count].numpy(), decoded.test.labels[:count].tolist(), strict=True):
        example = inspector.own_example(teacher.id, pixels_of(_on_the_sheet(picture[0])), "a digit")
        answered: ModelAnswer = inspector.answer(AskedModel(teacher.id), teacher.id, example)
        right += int(answered.answer.probabilities.argmax()) == label
    print(
        f"MNIST's first {count} test digits drawn on the canvas: {100 * right / count:.1f} % right by the digits teacher "
        f"({100 * (teacher.test_accuracy or 0):.1f} % on its own test part)"
    )


def _on_the_sheet(digit: np.ndarray) -> QImage:
    """Dark on white, as a person draws."""
    dark = np.ascontiguousarray(255 - digit)
    sheet = QImage(SHEET, SHEET, QImage.Format.Format_RGB32)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(sheet.rect(), QImage(dark.data, 28, 28, 28, QImage.Format.Format_Grayscale8))
    painter.end()
    return sheet


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--mnist", type=Path, help="a folder with MNIST's four files")
    arguments.add_argument("--digits", type=int, default=10_000, help="how many test digits are drawn")
    arguments.add_argument("--only-digits", action="store_true")
    asked = arguments.parse_args()
    catalog.load()
    make_app()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace(Path(scratch))
        if not asked.only_digits:
            runs = copies(launch(wide_residual(0), workspace), workspace)
            answers(workspace, runs[0])
            memory(workspace, runs)
            lateness(workspace, runs[0], asking=False)
            lateness(workspace, runs[0], asking=True)
        if asked.mnist is not None:
            canvas_digits(workspace, asked.mnist, asked.digits)


if __name__ == "__main__":
    main()
