"""Does every method train on the device, in either precision, and does a killed run go on?"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from studio import catalog
from studio.methods.base import AnyMethod
from tests.device.killed_run import kill_and_resume
from tests.device.report import Report, Request
from tests.device.tiny_training import TinyTraining
from tests.training.few_digits import few_digits
from tests.training.small_runs import MORE_STAGES

PRECISIONS = ("exact", "fast")
PER_CLASS = 10
#: Steps that a stage must have taken to have shown anything: the second finds what the first left behind.
LEAST_STEPS = 2


def run_part(report: Report, request: Request) -> None:
    """Runs that are killed first, one method of each kind of comparison; then every method once in each precision."""
    catalog.load()
    methods = [method for method in catalog.entries("method") if not request.only or method.key in request.only]
    for key in set(request.only) - {method.key for method in methods}:
        report.failed(f"there is no method “{key}”")
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        teacher = few_digits(place, per_class=PER_CLASS).teacher
        for method in one_of_each_kind(methods):
            if report.seconds_left < 0:
                report.left_out(f"{method.key} killed and gone on with, for want of time")
                continue
            training = TinyTraining(method.key, "exact", request.device, place / "cache", teacher)
            _kill(report, method, training, place / f"{method.key}-killed")
        for number, training in enumerate(_trainings(methods, request.device, place / "cache", teacher)):
            words = _title(training)
            if report.seconds_left < 0:
                report.left_out(f"{words}, for want of time")
                continue
            _train(report, words, training, place / str(number))


def one_of_each_kind(methods: list[AnyMethod]) -> list[AnyMethod]:
    """The first of those that compare the same: answers, features, relations ..."""
    first: dict[str, AnyMethod] = {}
    for method in methods:
        first.setdefault(method.compares, method)
    return list(first.values())


def _trainings(methods: list[AnyMethod], device: str, cache: Path, teacher: Path) -> Iterator[TinyTraining]:
    for method in methods:
        settings = [{}, *([MORE_STAGES[method.key]] if method.key in MORE_STAGES else [])]
        for each in settings:
            for precision in PRECISIONS:
                yield TinyTraining(method.key, precision, device, cache, teacher, each)


def _title(training: TinyTraining) -> str:
    settings = "".join(f" {name}={value}" for name, value in training.settings.items())
    return f"{training.method}{settings} {training.precision}"


def _train(report: Report, words: str, training: TinyTraining, folder: Path) -> None:
    began = time.perf_counter()
    try:
        trained = training.run(folder)
    except Exception as error:  # noqa: BLE001 - the other methods are tried
        report.failed(words, error)
        return
    stages = {band.name: band.end - band.begin for band in trained.started.plan}
    taken = time.perf_counter() - began
    told = ", ".join(f"{name} {steps}" for name, steps in stages.items())
    ran = "" if trained.started.precision == training.precision else f", in truth {trained.started.precision}"
    report.measured(
        f"{words}: {told} steps on {trained.started.device}{ran}, {taken:.1f} s",
        method=training.method,
        settings=dict(training.settings),
        precision=trained.started.precision,
        device=trained.started.device,
        stages=stages,
        seconds=taken,
    )
    if min(stages.values()) < LEAST_STEPS:
        report.failed(f"{words}: a stage took fewer than {LEAST_STEPS} steps")


def _kill(report: Report, method: AnyMethod, training: TinyTraining, folder: Path) -> None:
    words = f"{method.key} ({method.compares})"
    try:
        found = kill_and_resume(training, folder, max(0.0, report.seconds_left))
    except Exception as error:  # noqa: BLE001 - the other methods are tried
        report.failed(f"{words} killed and gone on with", error)
        return
    report.measured(
        f"{words} {found.words}",
        method=method.key,
        compares=method.compares,
        killed_at=found.step,
        difference=found.difference,
        spread=found.spread,
        allowed=found.allowed,
    )
    if found.difference > found.allowed:
        report.failed(f"{words}: the run that was killed came to another end")
