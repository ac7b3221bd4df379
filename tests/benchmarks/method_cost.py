"""How long is a step of every method, measured in steps with soft targets?

WRN-40-2 -> WRN-16-2, batch 64, 3 x 32 x 32 pictures, one thread, processor time, in turn with soft targets. The goal is
2 at most, and 4 for those that differentiate twice, walk to the boundary, keep a bank, or mix full maps. Of a method in
stages each is timed for itself.

    python -m tests.benchmarks.method_cost [--only at,crd] [--rounds 5] [--steps 2]

The pictures are random; what is asked about them is the dearest case. Half belong to the class that both networks are
made to answer, so that every step pushes as many to the boundary as it may; and there are so many that a bank of
negatives is as large as its setting allows.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import platform
import statistics
import tempfile
import time
from pathlib import Path

import torch

from studio import catalog
from studio.data.base import Dataset, Examples
from studio.experiment import Experiment, validated
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.files import save_network
from tests.benchmarks.engine import Engine, in_turn, ratio

REFERENCE = "kd"
BATCH, CLASSES, COUNT = 64, 10, 16_448
#: The scores hardly depend on the picture, the first lies above the others, and the rate leaves it there: so a picture
#: is pushed as often as the setting allows.
SLOPE, LEAD, RATE = 1e-3, 1.0, 1e-9
GOAL, DEAR_GOAL = 2.0, 4.0
DEAR = ("jacobian", "grad_at", "bss", "crd", "reviewkd")


def pictures() -> Dataset:
    """Random pictures; every second one is of the first class."""
    draw = torch.Generator().manual_seed(0)
    inputs = torch.randint(0, 256, (COUNT, 3, 32, 32), dtype=torch.uint8, generator=draw)
    labels = torch.randint(1, CLASSES, (COUNT,), generator=draw)
    labels[::2] = 0
    examples = Examples(inputs, labels)
    names = tuple(f"class {number}" for number in range(CLASSES))
    half, quarter = (0.5, 0.5, 0.5), (0.25, 0.25, 0.25)
    return Dataset("pictures", names, examples, None, examples.take(torch.arange(256)), half, quarter, "random")


def experiment(method: str) -> Experiment:
    """The benchmark pair with a method at its defaults."""
    return validated(
        {
            "dataset": {"key": "shapes", "augmentation": {"pad": 4, "padding": "reflect", "flip": True}},
            "teacher": {"key": "wrn-40-2"},
            "student": {"key": "wrn-16-2"},
            "method": {"key": method},
            "training": {"device": "cpu", "batch_size": BATCH, "steps": 100_000, "optimizer": {"lr": RATE}},
        }
    )


def inclined(network: Network) -> Network:
    """The network, made to answer the first class, whatever it sees."""
    head = f"body.{network.anatomy.head}"
    with torch.no_grad():
        network.get_parameter(f"{head}.weight").mul_(SLOPE)
        network.get_parameter(f"{head}.bias")[0] += LEAD
    return network


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--only", type=lambda words: words.split(","), help="methods by key, with commas between")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--steps", type=int, default=2)
    asked = arguments.parse_args()
    torch.set_num_threads(1)
    print(f"{platform.processor() or platform.machine()}, torch {torch.__version__}, one thread")
    dataset = pictures()
    teacher = inclined(build_network("wrn-40-2", Input(dataset.shape, dataset.mean, dataset.std), dataset.classes, 1))
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "teacher.safetensors"
        save_network(teacher, file, {})
        reference = Engine(experiment(REFERENCE), dataset, file)
        inclined(reference.networks.student)
        for key in asked.only or [method.key for method in catalog.entries("method")]:
            stages, number = 1, 0
            while number < stages:
                engine = Engine(experiment(key), dataset, file, number)
                inclined(engine.networks.student)
                ways = {"reference": reference.step, "method": engine.step}
                times = in_turn(ways, rounds=asked.rounds, steps=asked.steps, clock=time.process_time)
                median = statistics.median(b / a for a, b in zip(*times.values(), strict=True))
                missed = "   above its goal" if median > (DEAR_GOAL if key in DEAR else GOAL) else ""
                words = f"{key} {engine.stage.name}" if engine.stages > 1 else key
                print(f"{words:20} {ratio(times['method'], times['reference'])}{missed}", flush=True)
                stages, number = engine.stages, number + 1


if __name__ == "__main__":
    main()
