"""What do seven methods reach in 3 + 12 epochs of CIFAR-10, beside what was published?

WRN-22-4 -> WRN-16-2, as in the table of errors by epochs of Heo et al., "Knowledge transfer via distillation of activation
boundaries formed by hidden neurons", AAAI 2019 (and deck 002). A method in stages copies for 3 epochs and classifies for
12; the others do both at once for 15. The soft targets beside a method are those of activation boundaries: T = 3, without T².
The published teacher was trained to its end; this one is trained as long as a student.
"""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from studio import catalog
from studio.experiment import Experiment, validated
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.systems.reference_experiments import teacher_experiment
from studio.training.control import Control
from tests.device.report import Report, Request

PAIR = ("wrn-22-4", "wrn-16-2")
#: What stands in for it where there is no card, and how many pictures are then a step.
PROCESSOR_PAIR, PROCESSOR_BATCH = ("wrn-16-1", "wrn-10-1"), 16
BATCH = 128
COPYING, CLASSIFYING = 3, 12
SHARE = COPYING / (COPYING + CLASSIFYING)
#: Test errors in percent, as published.
PUBLISHED = {
    "none": 11.76,
    "kd": 12.09,
    "ab": 6.95,
    "at": 8.35,
    "fitnet": 11.10,
    "fsp": 11.15,
    "jacobian": 8.37,
}
SOFT_TARGETS = {"key": "kd", "settings": {"temperature": 3.0, "weight": 1.0, "t_squared": False}}
#: The dearest last, since the time may not suffice for all.
METHODS: dict[str, dict[str, Any]] = {
    "none": {},
    "kd": {**SOFT_TARGETS, "task_weight": 1.0},
    "ab": {"settings": {"transfer_share": SHARE}},
    "at": {"also": [SOFT_TARGETS]},
    "fitnet": {"settings": {"transfer_share": SHARE}},
    "fsp": {"settings": {"transfer_share": SHARE}, "also": [SOFT_TARGETS]},
    "jacobian": {"also": [SOFT_TARGETS]},
}


def run_part(report: Report, request: Request) -> None:
    """The teacher's error, then each student's."""
    if request.data is None:
        report.left_out("all of it, for want of the pictures: name their folder with --data")
        return
    catalog.load()
    wanted = [key for key in METHODS if not request.only or key in request.only]
    if not wanted:
        report.left_out(f"all of it: its methods are {', '.join(METHODS)}")
        return
    with tempfile.TemporaryDirectory() as scratch:
        row = _Row(report, request, Workspace(Path(scratch)))
        if not row.train_teacher(wanted[-1]):
            report.left_out(f"{', '.join(wanted)}, which have no teacher")
            return
        for number, key in enumerate(wanted):
            if report.seconds_left < 0:
                report.left_out(f"{', '.join(wanted[number:])}, for want of time")
                break
            row.train(key)


class _Row:
    """The runs of the row, which find the teacher that the first of them trained."""

    def __init__(self, report: Report, request: Request, workspace: Workspace) -> None:
        self._report = report
        self._request = request
        self._workspace = workspace
        self._published = request.device != "cpu" and request.fraction == 1

    def train_teacher(self, key: str) -> bool:
        """Whether it was trained to its end."""
        experiment = self._experiment(key)
        return self._run("teacher", teacher_experiment(experiment.resolved()))

    def train(self, key: str) -> None:
        """The student of a method."""
        self._run(key, self._experiment(key))

    def _experiment(self, key: str) -> Experiment:
        on_card = self._request.device != "cpu"
        teacher, student = PAIR if on_card else PROCESSOR_PAIR
        return validated(
            {
                "dataset": {"key": "cifar10", "path": str(self._request.data), "fraction": self._request.fraction},
                "teacher": {"key": teacher, "source": "train", "fraction": self._request.fraction},
                "student": {"key": student},
                "method": {"key": key, **METHODS[key]},
                "training": {
                    "epochs": COPYING + CLASSIFYING,
                    "batch_size": BATCH if on_card else PROCESSOR_BATCH,
                    "optimizer": {"key": "sgd", "lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 5e-4},
                    "schedule": {"key": "steps", "at": [0.3, 0.6, 0.8], "factor": 0.2},
                    "precision": "fast",
                    "device": self._request.device,
                },
                "references": {"alone": False},
            }
        )

    def _run(self, words: str, experiment: Experiment) -> bool:
        """Train, and tell the error; whether that came to its end."""
        began = time.perf_counter()
        try:
            info = self._launch(experiment)
        except Exception as error:  # noqa: BLE001 - the other methods are trained
            self._report.failed(words, error)
            return False
        if info.state != "finished" or info.test_accuracy is None:
            self._report.left_out(f"{words}, which was not at its end when the time was over")
            return False
        missed = 100 * (1 - info.test_accuracy)
        taken = time.perf_counter() - began
        published = PUBLISHED.get(words) if self._published else None
        beside = "" if published is None else f" (published {published:.2f} %)"
        self._report.measured(
            f"{words}: error {missed:.2f} %{beside}, {taken:.0f} s",
            model=words,
            network=experiment.student.key,
            error=missed,
            published=published,
            seconds=taken,
        )
        return True

    def _launch(self, experiment: Experiment) -> RunInfo:
        control = Control()
        timer = threading.Timer(max(0.0, self._report.seconds_left), control.stop)
        timer.start()
        try:
            return launch(experiment, self._workspace, control=control)
        finally:
            timer.cancel()
