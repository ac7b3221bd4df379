"""What do the gallery experiments reach, over seeds they were not tuned on?

Settings were chosen on seeds 0 to 7 (and, where the test part is drawn from the data, on another test part); reported
are seeds 10 upwards. Each seed trains the student alone and distilled; the teacher is shared. Printed: mean +- standard
deviation, n, gap closed of the means, agreement after copying and at the end, and the seconds of one first start (teacher,
alone and student).

    python -m tests.benchmarks.gallery digits shapes [--seeds 5] [--data FOLDER for cifar10]
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import platform
import statistics
import tempfile
import time
import tomllib
from pathlib import Path

import torch

from studio.experiment import load
from studio.runs.launch import launch
from studio.runs.presets.presets import find_preset
from studio.runs.store.workspace import Workspace
from tests.benchmarks.agreement_figures import MOMENTS, WAYS, Reported, chance, in_percent, readings, reported

FIRST_SEED = 10


def spread(values: list[float]) -> str:
    """Mean +- standard deviation in percent."""
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{100 * statistics.mean(values):.1f} +- {100 * deviation:.1f} % (n = {len(values)})"


def agreement(seeds: list[Reported]) -> list[str]:
    """A line for each moment and way in which agreement was read, group by group from the bottom; none without a teacher."""
    told = [("untrained", "start", "fitted")]
    told += [(words, moment, way) for moment, words in MOMENTS.items() for way in WAYS]
    lines = [(words, way, in_percent(readings(seeds, moment, way))) for words, moment, way in told]
    return [f"agreement {words}, {WAYS[way]}: {values}" for words, way, values in lines if values]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("keys", nargs="+")
    arguments.add_argument("--seeds", type=int, default=5)
    arguments.add_argument("--data", type=Path)
    asked = arguments.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}")
    for key in asked.keys:
        shown = find_preset(key)
        variants = tomllib.loads(shown.path.read_text())["gallery"].get("variants", [{}])
        with tempfile.TemporaryDirectory() as scratch:
            workspace = Workspace(Path(scratch))
            for variant in variants:
                reached: dict[str, list[float]] = {"alone": [], "student": [], "teacher": []}
                agreements: list[Reported] = []
                first = 0.0
                for seed in range(FIRST_SEED, FIRST_SEED + asked.seeds):
                    data = {"dataset.path": str(asked.data)} if asked.data else {}
                    began = time.monotonic()
                    info = launch(load(shown.path, {**variant, **data, "seed": seed}), workspace)
                    first = first or time.monotonic() - began
                    for role, known in (("alone", info.alone_reference), ("teacher", info.teacher_reference)):
                        if known is not None:
                            reached[role].append(known.value)
                    reached["student"].append(float(info.test_accuracy or 0))
                    agreements.append(reported(info))
                print(f"\n{key} {variant.get('name', '')}: first start {first:.0f} s")
                for role, values in reached.items():
                    if values:
                        print(f"  {role:8}{spread(values)}")
                if reached["alone"]:
                    alone, student, teacher = (
                        statistics.mean(reached[role]) for role in ("alone", "student", "teacher")
                    )
                    print(f"  gap closed {100 * (student - alone) / (teacher - alone):.0f} %")
                for line in agreement(agreements):
                    print(f"  {line}")
                for way, words in WAYS.items():
                    print(f"  chance, {words}: {chance(agreements, way)}", flush=True)


if __name__ == "__main__":
    main()
