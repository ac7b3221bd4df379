"""From which size of a training step do two threads pay? The source of ``studio.training.devices.ONE_THREAD_BELOW``.

Steps of growing pairs of networks, one thread against all cores in turn, median of the ratios.

    python -m tests.benchmarks.threads [--rounds 7]
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import statistics
import time

import torch
from torch.nn import functional as F  # noqa: N812

from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.measure import summarise
from studio.training.devices import usable_cores
from tests.benchmarks.plain_loop import in_layout

PAIRS = [
    ("mlp-20-20", "mlp-6-6", (2,), 32),
    ("cnn-8", "cnn-4", (1, 8, 8), 32),
    ("cnn-32", "cnn-8", (1, 8, 8), 32),
    ("cnn-48", "cnn-16", (1, 8, 8), 64),
    ("cnn-16", "cnn-8", (3, 32, 32), 16),
    ("cnn-16", "cnn-8", (3, 32, 32), 64),
    ("cnn-32", "cnn-8", (3, 32, 32), 64),
    ("wrn-16-1", "wrn-10-1", (3, 32, 32), 64),
    ("wrn-16-2", "wrn-10-1", (3, 32, 32), 64),
]


class Step:
    """Teacher forward, student forward, backward and an optimiser step on one batch."""

    def __init__(self, teacher: str, student: str, shape: tuple[int, ...], batch: int) -> None:
        source = Input(shape, (0.5,) * shape[0], (0.25,) * shape[0])
        classes = tuple("abcdefghij")
        self.teacher = build_network(teacher, source, classes, 0).eval()
        self.student = build_network(student, source, classes, 1)
        self.macs = batch * (summarise(self.teacher, "").macs + 3 * summarise(self.student, "").macs)
        self.student.train()
        if len(shape) == 3:
            in_layout(self.teacher, torch.channels_last)
            in_layout(self.student, torch.channels_last)
        self.inputs = torch.rand(batch, *shape)
        self.optimiser = torch.optim.SGD(self.student.parameters(), 0.01, momentum=0.9)

    def __call__(self) -> None:
        with torch.no_grad():
            known = self.teacher(self.inputs)
        self.optimiser.zero_grad()
        F.mse_loss(self.student(self.inputs), known).backward()
        self.optimiser.step()


def seconds(step: Step, threads: int, count: int) -> float:
    """Wall-clock seconds of ``count`` steps on ``threads`` threads."""
    torch.set_num_threads(threads)
    step()
    began = time.perf_counter()
    for _ in range(count):
        step()
    return time.perf_counter() - began


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=7)
    asked = arguments.parse_args()
    cores = usable_cores()
    print(f"multiply-adds a step   1 thread   {cores} threads   ratio (1 / {cores})")
    for teacher, student, shape, batch in PAIRS:
        step = Step(teacher, student, shape, batch)
        count = max(2, round(0.3 / seconds(step, 1, 3) * 3))
        taken = [(seconds(step, 1, count), seconds(step, cores, count)) for _ in range(asked.rounds)]
        one, all_ = (statistics.median(times) / count * 1e3 for times in zip(*taken, strict=True))
        ratio = statistics.median(a / b for a, b in taken)
        print(f"{step.macs:12.2e}  {one:9.2f} ms {all_:9.2f} ms   {ratio:5.2f}   {teacher} -> {student}, batch {batch}")


if __name__ == "__main__":
    main()
