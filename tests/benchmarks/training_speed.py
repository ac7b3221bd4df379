"""How much faster is the engine than a plain loop, and how close does it come to the bare passes?

WRN-40-2 -> WRN-16-2, batch 64, 3 x 32 x 32 pictures, with soft targets and with attention transfer beside them. Every
round runs each way in turn for a stretch of steps; printed are medians over the rounds, and the first-step losses.

    python -m tests.benchmarks.training_speed [--rounds 7] [--steps 12] [--data FOLDER]
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

from studio.data.base import Dataset, Examples
from studio.data.prepare import prepare
from studio.experiment import Experiment, validated
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.files import save_network
from studio.training.devices import has_bf16_units
from tests.benchmarks.engine import Engine, in_turn, ratio
from tests.benchmarks.plain_loop import PictureArray, PlainLoop, in_layout

PAIR, BATCH = ("wrn-40-2", "wrn-16-2"), 64
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2471, 0.2436, 0.2617)
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
GROUPS = ("group1", "group2", "group3")


def pictures(folder: Path | None, count: int = 2560) -> Dataset:
    """CIFAR-10 pictures from a folder, or so many random ones: the cost of a step is the same."""
    if folder is not None:
        return prepare("images", {"path": str(folder)}, seed=0, cache=folder.parent / "cache")
    draw = torch.Generator().manual_seed(0)
    inputs = torch.randint(0, 256, (count, 3, 32, 32), dtype=torch.uint8, generator=draw)
    examples = Examples(inputs, torch.randint(0, 10, (count,), generator=draw))
    return Dataset("pictures", CLASSES, examples, None, examples.take(torch.arange(256)), MEAN, STD, "random")


def experiment(
    method: str, precision: str, *, pair: tuple[str, str] = PAIR, batch: int = BATCH, device: str = "cpu"
) -> Experiment:
    """A pair under ``method``: "kd", "at" with soft targets, or "ab", whose first stage is as its authors' code steps."""
    also = [{"key": "kd"}] if method == "at" else []
    settings = {"key": method, "task_weight": 0.1, "also": also}
    teacher, student = pair
    return validated(
        {
            "dataset": {"key": "shapes", "augmentation": {"pad": 4, "padding": "reflect", "flip": True}},
            "teacher": {"key": teacher, "batch_statistics": "copying stages"},
            "student": {"key": student},
            "method": settings,
            "training": {"device": device, "batch_size": batch, "precision": precision, "steps": 100_000},
        }
    )


def varied(dataset: Dataset) -> PictureArray:
    """The training pictures as the plain loop reads them."""
    array = np.ascontiguousarray(dataset.train.inputs.permute(0, 2, 3, 1).numpy())
    return PictureArray(array, dataset.train.labels.numpy(), MEAN, STD, augment=True)


class BarePasses:
    """Forward and backward of the same networks on one batch, and nothing else."""

    def __init__(self, teacher: Network, student: Network) -> None:
        layout = torch.channels_last
        self.teacher, self.student = in_layout(teacher.body, layout).eval(), in_layout(student.body, layout)
        self.student.train()
        self.inputs = torch.randn(BATCH, 3, 32, 32).contiguous(memory_format=layout)

    def step(self) -> None:
        """Teacher forward, student forward and backward."""
        with torch.no_grad():
            known = self.teacher(self.inputs)
        loss = F.mse_loss(self.student(self.inputs), known)
        for parameter in self.student.parameters():
            parameter.grad = None
        loss.backward()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--steps", type=int, default=12)
    arguments.add_argument("--workers", type=int, default=2, help="of the plain loop's DataLoader")
    arguments.add_argument(
        "--processor-time",
        action="store_true",
        help="one thread, no DataLoader workers, processor time instead of the clock: for machines that others use too",
    )
    arguments.add_argument("--data", type=Path, help="a folder of CIFAR-10 class folders; random pictures without")
    asked = arguments.parse_args()
    clock = time.process_time if asked.processor_time else time.perf_counter
    workers = 0 if asked.processor_time else asked.workers
    if asked.processor_time:
        torch.set_num_threads(1)
    dataset = pictures(asked.data)
    source = Input(dataset.shape, MEAN, STD)
    print(f"{platform.processor() or platform.machine()}, torch {torch.__version__}, {torch.get_num_threads()} threads")
    teacher, student = (build_network(key, source, dataset.classes, seed) for seed, key in enumerate(PAIR, 1))
    file = Path(os.environ.get("TMPDIR", "/tmp")) / f"benchmark-teacher-{os.getpid()}.safetensors"
    save_network(teacher, file, {})
    data = varied(dataset)
    precisions = ["exact", *(["fast"] if has_bf16_units(torch.device("cpu")) else [])]
    for method, groups in (("kd", ()), ("at", GROUPS)):
        engines = {precision: Engine(experiment(method, precision), dataset, file) for precision in precisions}
        plain = PlainLoop(teacher, student, data, batch=BATCH, groups=groups, workers=workers)
        ways: dict[str, Callable[[], object]] = {"plain": plain.step, "bare": BarePasses(teacher, student).step}
        ways |= {precision: engine.step for precision, engine in engines.items()}
        times = in_turn(ways, rounds=asked.rounds, steps=asked.steps, clock=clock)
        print(f"\n{method}: pictures per second (median)")
        for name, taken in times.items():
            print(f"  {name:6} {BATCH * asked.steps / statistics.median(taken):8.1f}")
        print("  exact / plain", ratio(times["plain"], times["exact"]))
        print("  exact / bare passes", ratio(times["bare"], times["exact"]))
        if "fast" in times:
            print("  fast / plain", ratio(times["plain"], times["fast"]))
    file.unlink()


if __name__ == "__main__":
    main()
