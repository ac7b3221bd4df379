"""Do exact, fast and a plain loop start from the same losses and reach the same accuracy?

WRN-16-2 -> WRN-10-1 with soft targets, 2,000 labelled CIFAR-10 pictures, 250 steps of 64, 5 seeds.

    python -m tests.benchmarks.training_accuracy --data FOLDER [--seeds 5] [--teacher-epochs 2]

FOLDER holds train/ and test/ of CIFAR-10 class folders. Printed are mean and standard error over the seeds.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import statistics
import tempfile
from pathlib import Path

import numpy as np
import torch

from studio.data.base import Dataset, as_float
from studio.data.prepare import prepare
from studio.data.random import mix_seed
from studio.events import ignore_event
from studio.experiment import Experiment, validated
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import load_network
from studio.training.control import Control
from studio.training.session import Places, run_session
from tests.benchmarks.plain_loop import PictureArray, PlainLoop

STEPS, BATCH, PER_CLASS = 250, 64, 200


def experiment(folder: Path, precision: str, seed: int, method: str = "kd", **training: object) -> Experiment:
    """The distillation of one seed, or (method none) its teacher."""
    student = "wrn-10-1" if method == "kd" else "wrn-16-2"
    thin = {"per_class": PER_CLASS} if method == "kd" else {}
    return validated(
        {
            "seed": seed,
            "dataset": {
                "key": "images",
                "path": str(folder),
                "augmentation": {"pad": 4, "padding": "reflect", "flip": True},
                **thin,
            },
            "teacher": {"key": "wrn-16-2"},
            "student": {"key": student},
            "method": {"key": method},
            "training": {"batch_size": BATCH, "precision": precision, **training},
        }
    )


def plain_accuracy(dataset: Dataset, teacher_file: Path, seed: int) -> tuple[float, float]:
    """(first-step loss, test accuracy) of the plain loop from the engine's own starting weights."""
    source = Input(dataset.shape, dataset.mean, dataset.std)
    student = build_network("wrn-10-1", source, dataset.classes, mix_seed(seed, "student"))
    array = np.ascontiguousarray(dataset.train.inputs.permute(0, 2, 3, 1).numpy())
    data = PictureArray(array, dataset.train.labels.numpy(), dataset.mean, dataset.std, augment=True)
    torch.manual_seed(seed)
    loop = PlainLoop(load_network(teacher_file), student, data, batch=BATCH, steps=STEPS)
    first = loop.step()
    for _ in range(STEPS - 1):
        loop.step()
    loop.student.eval()
    mean, std = (torch.tensor(v).view(1, -1, 1, 1) for v in (dataset.mean, dataset.std))
    right = 0
    with torch.no_grad():
        for begin in range(0, len(dataset.test), 500):
            inputs = (as_float(dataset.test.inputs[begin : begin + 500]) - mean) / std
            right += int((loop.student(inputs).argmax(1) == dataset.test.labels[begin : begin + 500]).sum())
    return first, right / len(dataset.test)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--seeds", type=int, default=5)
    arguments.add_argument("--teacher-epochs", type=int, default=2)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cache = Path(scratch) / "cache"
        home = Path(scratch) / "teacher"
        home.mkdir()
        teaching = experiment(asked.data, "fast", 0, "none", epochs=asked.teacher_epochs)
        known = run_session(teaching, Places(home, cache), ignore_event, Control())
        print(
            f"teacher WRN-16-2 after {asked.teacher_epochs} epochs on all pictures: {known.student_accuracy:.4f}",
            flush=True,
        )
        reached: dict[str, list[float]] = {"exact": [], "fast": [], "plain": []}
        for seed in range(asked.seeds):
            for precision in ("exact", "fast"):
                folder = Path(scratch) / f"{precision}-{seed}"
                folder.mkdir()
                chosen = experiment(asked.data, precision, seed, steps=STEPS)
                places = Places(folder, cache, home / "student.safetensors")
                reached[precision].append(run_session(chosen, places, ignore_event, Control()).student_accuracy)
            choice = chosen.dataset
            dataset = prepare(choice.key, choice.settings, seed=seed, per_class=PER_CLASS, cache=cache)
            reached["plain"].append(plain_accuracy(dataset, home / "student.safetensors", seed)[1])
            print(
                f"seed {seed}: " + ", ".join(f"{way} {values[-1]:.4f}" for way, values in reached.items()), flush=True
            )
        for way, values in reached.items():
            error = statistics.stdev(values) / len(values) ** 0.5
            print(f"{way:6} {statistics.mean(values):.4f} +- {error:.4f} (standard error, n = {len(values)})")


if __name__ == "__main__":
    main()
