"""Does recasting a network beat training one of its final form, with soft targets or with labels alone, at equal epochs?

    python -m tests.benchmarks.recasting --to FOLDER --data FOLDER [--folders] [--seeds 3] [--epochs 66] [--only NAME]
                                        [--precision fast]

A VGG at 0.4 of its widths, and a ResNet-20 whose basic blocks become convolutions, on so many labels of CIFAR-10; the
teacher learns from all pictures. ``--folders``: the data are a folder of a folder a class instead, of which all is learnt.
Rows are kept in FOLDER/recasting.json as they are reached: a table that was interrupted
goes on. Printed: test error, mean +- standard deviation, n; parameters, multiplications, and milliseconds for one picture,
of the whole network and of its recast form in turn.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import json
import platform
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from studio.core.files import write_whole
from studio.events import ignore_event
from studio.experiment import Experiment, validated
from studio.networks.files import load_network
from studio.networks.measure import latencies_in_turn
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace

FIRST_SEED = 10
CLASSES = 10
#: Ways to the small network, in the order of the table.
WAYS = ("recast", "recast all at once", "soft targets", "labels alone")
#: Of each run on its way, and looks at both networks beside them: each costs as much as an epoch or two of 2,000 labels.
TESTS = 2
Reached = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """What is recast, into what."""

    teacher: str
    settings: dict[str, Any]
    form: str


CASES = {
    "vgg": Case("vgg-16-0.25", {"target": "conv", "ratio": 0.4}, "recast:conv-0.4:vgg-16-0.25"),
    "resnet": Case("resnet-20", {"target": "conv", "ratio": 1.0}, "recast:conv-1:resnet-20"),
}


def experiment(case: Case, way: str, seed: int, asked: argparse.Namespace) -> Experiment:
    """One run of one way; all have the same budget, data and optimiser."""
    shared = {**case.settings, **({"block_epochs": asked.block_epochs} if asked.block_epochs else {})}
    recasting = {
        "recast": {**shared, "order": "sequential"},
        "recast all at once": {**shared, "order": "simultaneous"},
    }
    method: dict[str, Any] = {"key": {"soft targets": "kd", "labels alone": "none"}.get(way, "recast")}
    if way in recasting:
        method["settings"] = recasting[way]
    return validated(
        {
            "name": f"{case.teacher}, {way}",
            "seed": seed,
            "dataset": _data(asked),
            "teacher": {"key": case.teacher, "epochs": asked.teacher_epochs, "fraction": asked.teacher_fraction},
            "student": {"key": "recast" if way in recasting else case.form},
            "method": method,
            "training": {
                "epochs": asked.epochs,
                "batch_size": 64,
                "evaluations": TESTS,
                "precision": asked.precision,
                "optimizer": {"key": "adam", "lr": 1e-3, "weight_decay": 0.0},
                "schedule": {"key": "steps", "at": [1 / 3, 2 / 3], "factor": 0.1},
            },
        }
    )


def _data(asked: argparse.Namespace) -> dict[str, Any]:
    path = str(asked.data.resolve())
    if asked.folders:
        return {"key": "images", "path": path}
    return {"key": "cifar10", "per_class": asked.labels // CLASSES, "path": path}


def row(info: RunInfo) -> dict[str, Any]:
    """What is kept of a run."""
    assert info.test_accuracy is not None
    made: dict[str, Any] = {"error": 1 - info.test_accuracy, "seconds": info.seconds}
    if info.teacher_reference is not None:
        made["teacher_error"] = 1 - info.teacher_reference.value
    if info.places.teacher.is_file():
        networks = [load_network(file) for file in (info.places.teacher, info.places.student)]
        made["milliseconds"] = latencies_in_turn(networks)
    made |= {"parameters": info.parameters, "macs": info.macs}
    return made


def table(name: str, reached: Reached) -> str:
    """One line a way, below the whole network."""
    rows = {way: [run for key, run in reached.items() if key.startswith(f"{name}/{way}/")] for way in WAYS}
    taught = [run for runs in rows.values() for run in runs if "teacher_error" in run]
    lines = [f"{CASES[name].teacher} -> {CASES[name].form}"]
    if taught:
        first = taught[0]
        size = f"{first['parameters']['teacher']:,} parameters, {first['macs']['teacher']:,} multiplications"
        lines.append(f"  {'whole':20} {100 * first['teacher_error']:6.2f} %  {size}")
    for way, runs in rows.items():
        if not runs:
            continue
        errors = [100 * run["error"] for run in runs]
        deviation = statistics.stdev(errors) if len(errors) > 1 else 0.0
        size = f"{runs[0]['parameters']['student']:,} parameters, {runs[0]['macs']['student']:,} multiplications"
        lines.append(f"  {way:20} {statistics.mean(errors):6.2f} +- {deviation:.2f} %  n = {len(errors)}  {size}")
    times = [run["milliseconds"] for run in rows["recast"] if "milliseconds" in run]
    if times:
        whole, small = (statistics.median(each) for each in zip(*times, strict=True))
        lines.append(f"  milliseconds in turn: {whole:.3f} whole, {small:.3f} recast, {whole / small:.2f} times faster")
    return "\n".join(lines)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--to", type=Path, required=True, help="folder of the results, made where it is missing")
    arguments.add_argument("--data", type=Path, required=True, help="folder of CIFAR-10")
    arguments.add_argument("--folders", action="store_true", help="DATA is a folder of pictures, a folder a class")
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--epochs", type=int, default=66)
    arguments.add_argument(
        "--block-epochs",
        type=int,
        help="of each block; the end has the rest. As published the end of a deep network is short",
    )
    arguments.add_argument("--labels", type=int, default=2000)
    arguments.add_argument(
        "--precision", choices=("exact", "fast"), default="exact", help="fast: bfloat16 where it helps"
    )
    arguments.add_argument("--teacher-epochs", type=int, default=12)
    arguments.add_argument("--teacher-fraction", type=float, default=1.0)
    arguments.add_argument("--only", choices=CASES, nargs="*", default=list(CASES))
    asked = arguments.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    file = asked.to / "recasting.json"
    reached: Reached = json.loads(file.read_text()) if file.exists() else {}
    workspace = Workspace(asked.to / "workspace")
    for seed in range(FIRST_SEED, FIRST_SEED + asked.seeds):
        for name in asked.only:
            for way in WAYS:
                key = f"{name}/{way}/{seed}"
                if key not in reached:
                    info = launch(experiment(CASES[name], way, seed, asked), workspace, ignore_event)
                    reached[key] = row(info)
                    write_whole(file, json.dumps(reached, indent=1).encode())
                    print(f"{key}: {100 * reached[key]['error']:.2f} %", flush=True)
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}")
    for name in asked.only:
        print(f"\n{table(name, reached)}")


if __name__ == "__main__":
    main()
