"""Does each generation of born-again networks beat its teacher, and what do their mean answers reach?

    python -m tests.benchmarks.generations FILE --to FOLDER [--seeds 3] [--generations 3] [--data FOLDER]

FILE is an experiment (or the key of a ready one) whose method is ``ban``. Every seed is a chain of its own, the teacher
included. Rows are kept in FOLDER/generations.json as they are reached: a table that was interrupted goes on. Printed:
test error, mean +- standard deviation, n, and the gain on the one before with the seeds in which there was one.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import json
import platform
import statistics
from pathlib import Path

import torch

from studio.core.files import write_whole
from studio.experiment import load
from studio.runs.files.chain import Chain, read_chain
from studio.runs.launch import launch
from studio.runs.presets.presets import find_preset
from studio.runs.results.role_text import average_name
from studio.runs.store.workspace import Workspace

FIRST_SEED = 10
Errors = dict[str, dict[str, float]]


def errors(chain: Chain) -> dict[str, float]:
    """Test error of every model of a chain, a fraction, by role."""
    known = {step.role: step.accuracy for step in chain.steps}
    known |= {average_name(average.members): average.accuracy for average in chain.averages}
    return {role: 1 - accuracy.value for role, accuracy in known.items() if accuracy is not None}


def table(reached: Errors) -> str:
    """One line a model: its error over the seeds, and how it does beside the one before it."""
    lines = []
    for role, before in compared_with(list(next(iter(reached.values())))):
        values = [seed[role] for seed in reached.values() if role in seed]
        deviation = statistics.stdev(values) if len(values) > 1 else 0.0
        line = f"{role:44} {100 * statistics.mean(values):6.2f} +- {100 * deviation:.2f} %  n = {len(values)}"
        if before:
            gains = [seed[before] - seed[role] for seed in reached.values() if role in seed]
            better = sum(gain > 0 for gain in gains)
            line += f"  {100 * statistics.mean(gains):+.2f} points on {before}, better in {better} of {len(gains)}"
        lines.append(line)
    return "\n".join(lines)


def compared_with(roles: list[str]) -> list[tuple[str, str]]:
    """Each role with the one it is to beat: what taught it, or, of a mean answer, the first teacher; "" of the teacher."""
    learnt = [role for role in roles if not role.startswith("mean of ")]
    taught_by = dict(zip(learnt[1:], learnt, strict=False)) | {learnt[0]: ""}
    return [(role, taught_by.get(role, learnt[0])) for role in roles]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file")
    arguments.add_argument("--to", type=Path, required=True, help="folder of the results, made where it is missing")
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--generations", type=int, default=3)
    arguments.add_argument("--data", type=Path, help="folder of the pictures, where the data are not on board")
    asked = arguments.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    file = asked.to / "generations.json"
    reached: Errors = json.loads(file.read_text()) if file.exists() else {}
    workspace = Workspace(asked.to / "workspace")
    path = Path(asked.file) if asked.file.endswith(".toml") else find_preset(asked.file).path
    data = {"dataset.path": str(asked.data.resolve())} if asked.data else {}
    for seed in range(FIRST_SEED, FIRST_SEED + asked.seeds):
        if str(seed) not in reached:
            changes = {**data, "seed": seed, "method.settings.generations": asked.generations}
            chain = read_chain(launch(load(path, changes), workspace).places)
            assert chain is not None, "the experiment's method is a system"
            reached[str(seed)] = errors(chain)
            write_whole(file, json.dumps(reached, indent=1).encode())
            print(f"seed {seed}: {reached[str(seed)]}", flush=True)
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}\n\n{table(reached)}")


if __name__ == "__main__":
    main()
