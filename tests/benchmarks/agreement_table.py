"""Which neurons does a student share with its teacher when it copies boundaries, and when it copies values?

The lecture deck's comparison (002, "percentage of same activation"; Heo et al., AAAI 2019, table 1): a student that copies
activation boundaries against students that copy the responses by their L2, L1 or L0.5 distance, here on handwritten
digits; and soft targets, which copy no neuron. Agreement is told when the copying is over, as the deck does, and at the
end of the training, after the labels.

    python -m tests.benchmarks.agreement_table --to FOLDER [--students cnn-8,cnn-32] [--copying 20] [--labels 20]
                                               [--seeds 5]

Every number is read in two ways: behind a map fitted in closed form, the same way for all, which is what rows may be
compared by; and in the method's own way, behind its connector (CNN-8) or channel by channel (CNN-32). Each has its own
chance. "Untrained" is what the map finds in the student before its first step.

Results are kept in FOLDER/agreement.json as they are reached: a table that was interrupted goes on.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import json
import platform
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from studio.core.files import write_whole
from studio.experiment import Experiment, validated
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from tests.benchmarks.agreement_figures import MOMENTS, WAYS, chance, in_percent, mean, readings, reported

TEACHER, FIRST_SEED = "cnn-32", 10
#: What is copied, by the setting of activation boundary; nothing: soft targets.
COPIES = {
    "boundaries (AB)": "boundary",
    "values, L2": "l2",
    "values, L1": "l1",
    "values, L0.5": "l0.5",
    "soft targets": None,
}

#: Of one seed: accuracy, seconds and agreement, see :func:`tests.benchmarks.agreement_figures.reported`.
SeedResult = dict[str, Any]
#: Problem -> what is copied -> seed -> result.
Results = dict[str, dict[str, dict[str, SeedResult]]]


def experiment(copies: str | None, student: str, copying: int, labels: int, seed: int) -> Experiment:
    """The gallery's piece on boundaries with these many epochs of copying and of labels."""
    epochs = copying + labels
    ab = {"key": "ab", "settings": {"transfer_share": copying / epochs, "distance": copies}}
    return validated(
        {
            "seed": seed,
            "dataset": {"key": "digits"},
            "teacher": {"key": TEACHER, "source": "train", "epochs": 10},
            "student": {"key": student},
            "method": {"key": "kd"} if copies is None else ab,
            "training": {
                "epochs": epochs,
                "batch_size": 64,
                "device": "cpu",
                "optimizer": {"key": "sgd", "lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 5e-4},
                "schedule": {"key": "cosine"},
            },
            "references": {"alone": False},
        }
    )


def train(chosen: Experiment, workspace: Workspace) -> SeedResult:
    """One run, and what it reported."""
    began = time.process_time()
    info = launch(chosen, workspace)
    return {
        "accuracy": info.test_accuracy,
        "seconds": time.process_time() - began,
        "agreement": reported(info),
    }


def table(rows: Mapping[str, Mapping[str, SeedResult]]) -> str:
    """The rows reached so far as Markdown."""
    heads = [f"{words}, {way}" for words in MOMENTS.values() for way in WAYS.values()]
    lines = [f"| copied | {' | '.join(heads)} | accuracy, % | n |", "| --- " * (len(heads) + 3) + "|"]
    for name, by_seed in rows.items():
        seeds = [result["agreement"] for result in by_seed.values()]
        cells = [in_percent(readings(seeds, moment, way)) for moment in MOMENTS for way in WAYS]
        accuracy = mean([100 * result["accuracy"] for result in by_seed.values()])
        lines.append(f"| {name} | {' | '.join(cells)} | {accuracy} | {len(seeds)} |")
    # students of one seed begin alike, whatever they will copy
    untrained = {seed: result["agreement"] for by_seed in rows.values() for seed, result in by_seed.items()}
    every = [result["agreement"] for by_seed in rows.values() for result in by_seed.values()]
    lines += [
        "",
        f"Untrained, {WAYS['fitted']}: {in_percent(readings(untrained.values(), 'start', 'fitted'))}.",
        *(f"Chance, {words}: {chance(every, way)}." for way, words in WAYS.items()),
    ]
    return "\n".join(lines)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--to", type=Path, required=True, help="folder of the results, made where it is missing")
    arguments.add_argument("--students", default="cnn-8,cnn-32", help="networks by key, with commas between")
    arguments.add_argument("--only", help="what is copied: boundary, l2, l1, l0.5, kd; with commas between")
    arguments.add_argument("--copying", type=int, default=20, help="epochs before the labels")
    arguments.add_argument("--labels", type=int, default=20, help="epochs with the labels")
    arguments.add_argument("--seeds", type=int, default=5)
    asked = arguments.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    workspace, file = Workspace(asked.to / "workspace"), asked.to / "agreement.json"
    results: Results = json.loads(file.read_text()) if file.exists() else {}
    chosen = {
        name: copies for name, copies in COPIES.items() if not asked.only or (copies or "kd") in asked.only.split(",")
    }
    for student in asked.students.split(","):
        problem = f"{TEACHER} -> {student}, {asked.copying} + {asked.labels} epochs"
        rows = results.setdefault(problem, {})
        for seed in range(FIRST_SEED, FIRST_SEED + asked.seeds):
            for name, copies in chosen.items():
                row = rows.setdefault(name, {})
                if str(seed) not in row:
                    row[str(seed)] = train(experiment(copies, student, asked.copying, asked.labels, seed), workspace)
                    write_whole(file, json.dumps(results, indent=1).encode())
                    print(f"{problem}, {name}, seed {seed}: {row[str(seed)]['seconds']:.0f} s", flush=True)
        print(f"\n{problem}\n\n{table({name: rows[name] for name in chosen})}\n", flush=True)
    print(f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}")


if __name__ == "__main__":
    main()
