"""Does every method train on the device, in either precision, and does a killed run go on?"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path

from studio import catalog
from studio.methods.base import AnyMethod
from tests.device.killed_run import KilledRun
from tests.device.report import Report, Request
from tests.device.tiny_training import TinyTraining
from tests.training.few_digits import few_digits
from tests.training.small_runs import MORE_STAGES

PRECISIONS = ("exact", "fast")
PER_CLASS = 10
#: Steps that a stage must have taken to have shown anything: the second finds what the first left behind.
LEAST_STEPS = 2


def run_part(report: Report, request: Request) -> None:
    """Every method in float32; then runs that are killed, one method of each kind of comparison; then the other precision."""
    catalog.load()
    methods = [method for method in catalog.entries("method") if not request.only or method.key in request.only]
    for key in set(request.only) - {method.key for method in methods}:
        report.failed(f"there is no method “{key}”")
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as processes:
        place = Path(scratch)
        bench = _Bench(report, request.device, place, few_digits(place, per_class=PER_CLASS).teacher)
        kinds = one_of_each_kind(methods)
        # processes start slowly and a card has room for several: there they begin before they are needed
        ahead = [] if request.device == "cpu" else kinds
        begun = {method.key: processes.enter_context(closing(bench.begin(method))) for method in ahead}
        for precision in PRECISIONS:
            for method in methods:
                for settings in ({}, *([MORE_STAGES[method.key]] if method.key in MORE_STAGES else [])):
                    bench.train(method, settings, precision)
            if precision == PRECISIONS[0]:
                for method in kinds:
                    bench.kill(method, begun.get(method.key))


def one_of_each_kind(methods: list[AnyMethod]) -> list[AnyMethod]:
    """The first of those that compare the same: answers, features, relations ..."""
    first: dict[str, AnyMethod] = {}
    for method in methods:
        first.setdefault(method.compares, method)
    return list(first.values())


class _Bench:
    """What all trainings share: their place, their teacher, and who is told."""

    def __init__(self, report: Report, device: str, place: Path, teacher: Path) -> None:
        self._report, self._device = report, device
        self._place, self._teacher = place, teacher

    def begin(self, method: AnyMethod) -> KilledRun:
        """A run that will be killed."""
        return KilledRun(self._training(method.key, "exact", {}), self._place / f"{method.key}-killed")

    def kill(self, method: AnyMethod, begun: KilledRun | None) -> None:
        """Tell what becomes of a run that is killed; it is begun here where it was not before."""
        report, words = self._report, f"{method.key} ({method.compares})"
        if report.seconds_left < 0:
            report.left_out(f"{words} killed and gone on with, for want of time")
            return
        try:
            with closing(begun or self.begin(method)) as run:
                found = run.aftermath(max(0.0, report.seconds_left))
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

    def train(self, method: AnyMethod, settings: Mapping[str, object], precision: str) -> None:
        """Tell what stages a training took, and how long."""
        report = self._report
        words = " ".join([method.key, *(f"{name}={value}" for name, value in settings.items()), precision])
        if report.seconds_left < 0:
            report.left_out(f"{words}, for want of time")
            return
        began = time.perf_counter()
        try:
            with tempfile.TemporaryDirectory(dir=self._place) as folder:
                started = self._training(method.key, precision, settings).run(Path(folder)).started
        except Exception as error:  # noqa: BLE001 - the other methods are tried
            report.failed(words, error)
            return
        taken = time.perf_counter() - began
        stages = {band.name: band.end - band.begin for band in started.plan}
        told = ", ".join(f"{name} {steps}" for name, steps in stages.items())
        ran = "" if started.precision == precision else f", in truth {started.precision}"
        report.measured(
            f"{words}: {told} steps on {started.device}{ran}, {taken:.1f} s",
            method=method.key,
            settings=dict(settings),
            precision=started.precision,
            device=started.device,
            stages=stages,
            seconds=taken,
        )
        if min(stages.values()) < LEAST_STEPS:
            report.failed(f"{words}: a stage took fewer than {LEAST_STEPS} steps")

    def _training(self, method: str, precision: str, settings: Mapping[str, object]) -> TinyTraining:
        return TinyTraining(method, precision, self._device, self._place / "cache", self._teacher, settings)
