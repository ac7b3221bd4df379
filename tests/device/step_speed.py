"""How fast does the engine step beside a plain loop on the device?

Every way has its turn in every round; each stretch is begun with steps that do not count, which use up what a loader's
workers have made ready meanwhile. Where float32 may be multiplied in TensorFloat-32 it is, in either loop.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from studio.data.base import Dataset
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import save_network
from studio.training.devices import choose_device, has_bf16_units
from tests.benchmarks.engine import Engine, in_turn, ratio, ratios
from tests.benchmarks.plain_boundaries import PlainBoundaries
from tests.benchmarks.plain_loop import PlainLoop
from tests.benchmarks.training_speed import MEAN, PAIR, STD, experiment, pictures, varied
from tests.device.report import Report, Request

ROUNDS = 5
#: Of the plain loop's loader; as many as published code takes, where there are cores for them.
WORKERS = min(8, max(1, (os.cpu_count() or 1) // 2))
#: Batches that each worker makes ready ahead: torch's own default.
READY = 2
#: What both loops step through. Of boundaries it is the stage in which they are copied, the first of the method.
LOOPS: dict[str, type[PlainLoop]] = {"kd": PlainLoop, "ab": PlainBoundaries}


@dataclass(frozen=True)
class Load:
    """What is stepped through.

    Attributes:
        pictures: so many that no loader comes to its end, which would start its workers anew.
        steps: of a stretch.
    """

    pair: tuple[str, str]
    batches: tuple[int, ...]
    pictures: int
    steps: int


ON_CARD = Load(PAIR, (64, 128), 51_200, 50)
ON_PROCESSOR = Load(("wrn-16-1", "wrn-10-1"), (8, 16), 1_600, 2)


def run_part(report: Report, request: Request) -> None:
    """Steps a second of either loop, and their ratios."""
    torch.set_float32_matmul_precision("high")
    device = choose_device(request.device)
    load = ON_PROCESSOR if device.type == "cpu" else ON_CARD
    report.measured(f"{' -> '.join(load.pair).upper()}, {WORKERS} workers of the plain loop, {ROUNDS} rounds")
    dataset = pictures(None, load.pictures)
    with tempfile.TemporaryDirectory() as scratch:
        teacher = Path(scratch) / "teacher.safetensors"
        for batch in load.batches:
            for method in LOOPS:
                words = f"{method}, batch {batch}"
                if report.seconds_left < 0:
                    report.left_out(f"{words}, for want of time")
                    continue
                try:
                    _compare(report, words, _ways(method, batch, load, dataset, device, teacher), load, device)
                except Exception as error:  # noqa: BLE001 - the other methods are stepped through
                    report.failed(words, error)
    report.left_out("steps captured as a CUDA graph, which the program does not have: Python goes through every one")


def _ways(
    method: str, batch: int, load: Load, dataset: Dataset, device: torch.device, file: Path
) -> dict[str, Callable[[], object]]:
    """The engine and the plain loop, each in float32 and, where the device has units for it, in bfloat16."""
    source = Input(dataset.shape, MEAN, STD)
    teacher, student = (build_network(key, source, dataset.classes, seed) for seed, key in enumerate(load.pair, 1))
    save_network(teacher, file, {})
    ways: dict[str, Callable[[], object]] = {}
    for precision in ("exact", "fast") if has_bf16_units(device) else ("exact",):
        chosen = experiment(method, precision, pair=load.pair, batch=batch, device=str(device))
        ways[f"engine {precision}"] = Engine(chosen, dataset, file).step
        bf16 = precision == "fast"
        loop = LOOPS[method](teacher, student, varied(dataset), batch=batch, workers=WORKERS, device=device, bf16=bf16)
        ways[f"plain {precision}"] = loop.step
    return ways


def _compare(
    report: Report, words: str, ways: dict[str, Callable[[], object]], load: Load, device: torch.device
) -> None:
    nothing = torch.zeros((), device=device)

    def clock() -> float:
        nothing.item()  # waits until the device has done what was asked of it
        return time.perf_counter()

    lead = WORKERS * READY if device.type != "cpu" else 0
    times = in_turn(ways, rounds=ROUNDS, steps=load.steps, clock=clock, lead=lead)
    for name, taken in times.items():
        speed = load.steps / statistics.median(taken)
        report.measured(f"{words}: {name} {speed:.1f} steps/s", what=words, way=name, steps_per_second=speed)
    for precision in ("exact", "fast"):
        if f"plain {precision}" in times:
            before, after = times[f"plain {precision}"], times[f"engine {precision}"]
            report.measured(
                f"{words}: engine / plain, {precision}: {ratio(before, after)}",
                what=words,
                precision=precision,
                ratios=ratios(before, after),
            )
        else:
            report.left_out(f"{words}: {precision}, for which the device has no units")
