"""What does every method reach on one small fixed problem, and what does it cost?

Handwritten digits, five labelled pictures of each, ResNet-8 taught by ResNet-14: the teacher has learnt from all of them
and is clearly better than the student alone, and both are equally wide, so that every method can take part.

    python -m tests.benchmarks.methods --to FOLDER [--only at,kd] [--seeds 5] [--publish]
    python -m tests.benchmarks.methods --to FOLDER --choose at weight 5 20 100

The first trains every method over several seeds with one teacher, then times its steps in turn with soft targets, and
prints the table. Rows are kept in FOLDER/results.json as they are reached: a table that was interrupted goes on, and a
row is made again only where its settings have changed. ``--publish`` puts the rows into resources/help/measured.json,
which the help pages tell, and into the README.

The second tries values of a setting, on pictures and seeds that are not reported: pictures the student has not trained
on, of the training part, and seeds from 0. What was chosen that way stands in ``CHOSEN``; all else is the default.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import torch

from studio import catalog
from studio.core.files import write_whole
from studio.core.format import percent
from studio.data.prepare import prepare
from studio.events import KeyMoment
from studio.experiment import Experiment, validated
from studio.gui.presenters.measurements import (
    MeasuredAgreement,
    MeasuredMethod,
    MeasuredProblem,
    Measurements,
    measurements_file,
    read_measurements,
)
from studio.runs.launch import launch
from studio.runs.run_info import read_history
from studio.runs.store.workspace import Workspace
from tests.benchmarks.agreement_figures import readings, reported
from tests.benchmarks.engine import Engine, in_turn
from tests.tools.readme_methods import README, agreement_table, filled, table

Settings = Mapping[str, Any]
Results = dict[str, dict[str, Any]]

DATASET, ALONE, REFERENCE = "digits", "none", "kd"
TEACHER, STUDENT = "resnet-14", "resnet-8"
#: Seeds that are reported, and those that settings were chosen on.
FIRST_SEED, FIRST_TRIAL_SEED = 10, 0
PER_CLASS, BATCH, EPOCHS = 5, 25, 80
#: Published weights suit maps of 32 x 32 pixels down to 8 x 8, here they are 8 x 8 down to 2 x 2.
CHOSEN: dict[str, Settings] = {
    "at": {"weight": 20},
    "ft": {"transfer_share": 0.3, "weight": 20},
    "ofd": {"weight": 0.01},
    "vid": {"weight": 10},
    "ickd": {"weight": 250},
    "sp": {"weight": 1000},
    "svd": {"weight": 25},
    "crd": {"temperature": 0.5},
}
#: Rounds and steps of the timing. Before it each method trains on its own until it answers rightly: what some methods
#: do depends on that.
ROUNDS, STEPS, WARM_UP = 5, 10, 60


def experiment(key: str, settings: Settings, seed: int, *, choosing: bool = False) -> Experiment:
    """The student of one seed. For choosing, as many pictures again are kept back and answered after every epoch."""
    held_back = {"per_class": 2 * PER_CLASS, "validation": 0.5} if choosing else {"per_class": PER_CLASS}
    return validated(
        {
            "seed": seed,
            "dataset": {
                "key": DATASET,
                "augmentation": {"pad": 1, "padding": "zeros", "flip": False},
                **held_back,
            },
            "teacher": {"key": TEACHER, "source": "train", "epochs": 10},
            "student": {"key": STUDENT},
            "method": {"key": key, "settings": dict(settings)},
            "training": {
                "epochs": EPOCHS,
                "batch_size": BATCH,
                "device": "cpu",
                "keep": "best" if choosing else "last",
                "optimizer": {"key": "sgd", "lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 5e-4},
                "schedule": {"key": "cosine"},
            },
        }
    )


def train(key: str, row: dict[str, Any], seeds: int, workspace: Workspace) -> None:
    """Train the seeds that a row still lacks."""
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        if str(seed) not in row["seeds"]:
            info = launch(experiment(key, row["settings"], seed), workspace)
            known = info.teacher_reference.value if info.teacher_reference is not None else None
            row["seeds"][str(seed)] = {
                "accuracy": info.test_accuracy,
                "teacher": known,
                "agreement": reported(info),
            }


def time_steps(key: str, row: dict[str, Any], workspace: Workspace) -> None:
    """Processor time of a step of every stage, in turn with soft targets; a row keeps the mean over its run."""
    teacher = next(run for run in workspace.runs() if run.student == TEACHER).places.student
    data = prepare(DATASET, {}, seed=FIRST_SEED, per_class=PER_CLASS, cache=workspace.cache)
    ways: dict[str, Engine] = {"reference": Engine(experiment(REFERENCE, {}, FIRST_SEED), data, teacher)}
    first = Engine(experiment(key, row["settings"], FIRST_SEED), data, teacher)
    for number in range(first.stages):
        engine = first if number == 0 else Engine(experiment(key, row["settings"], FIRST_SEED), data, teacher, number)
        ways[str(number)] = engine
    for way in ways.values():
        for _ in range(WARM_UP):
            way.step()
    steps: dict[str, Callable[[], object]] = {name: way.step for name, way in ways.items()}
    taken = {
        name: statistics.median(times) / STEPS
        for name, times in in_turn(steps, rounds=ROUNDS, steps=STEPS, clock=time.process_time).items()
    }
    mean = sum(way.stage.share * taken[name] for name, way in ways.items() if name != "reference")
    row["cost"], row["pictures per second"] = mean / taken["reference"], BATCH / mean


def spread(values: list[float]) -> str:
    """Mean +- standard deviation, of fractions."""
    return percent(statistics.mean(values), deviation=deviation(values))


def deviation(values: list[float]) -> float:
    """The standard deviation, 0 of a single value."""
    return statistics.stdev(values) if len(values) > 1 else 0.0


def measurements(results: Results) -> Measurements:
    """The rows reached so far, as help and README tell them."""
    alone = statistics.mean(accuracies(results[ALONE]))
    teacher = max({seed["teacher"] for row in results.values() for seed in row["seeds"].values()} - {None})
    methods = {}
    for key, row in results.items():
        mean = statistics.mean(accuracies(row))
        methods[key] = MeasuredMethod(
            accuracy=mean,
            deviation=deviation(accuracies(row)),
            gap_closed=None if key == ALONE else (mean - alone) / (teacher - alone),
            agreement=agreement(row),
            pictures_per_second=row.get("pictures per second"),
            cost=row.get("cost"),
            settings=row["settings"],
        )
    problem = MeasuredProblem(
        dataset=DATASET,
        per_class=PER_CLASS,
        teacher=TEACHER,
        teacher_accuracy=teacher,
        student=STUDENT,
        steps=EPOCHS * 10 * PER_CLASS // BATCH,
        batch_size=BATCH,
        seeds=max(len(row["seeds"]) for row in results.values()),
        alone=ALONE,
        reference=REFERENCE,
    )
    return Measurements(problem=problem, methods=methods)


def agreement(row: Mapping[str, Any]) -> dict[KeyMoment, MeasuredAgreement]:
    """Means over the seeds of a method, at the moments at which agreement was reported."""
    seeds = [seed["agreement"] for seed in row["seeds"].values()]

    def means(moment: KeyMoment, way: str, name: str) -> tuple[float, ...]:
        return tuple(statistics.mean(seed[name] for seed in group) for group in readings(seeds, moment, way))

    return {
        moment: MeasuredAgreement(
            fitted=means(moment, "fitted", "agreement"),
            chance=means(moment, "fitted", "chance"),
            own=means(moment, "own", "agreement"),
            own_chance=means(moment, "own", "chance"),
        )
        for moment in get_args(KeyMoment)
        if means(moment, "fitted", "agreement")
    }


def accuracies(row: Mapping[str, Any]) -> list[float]:
    """Of the seeds of a method."""
    return [seed["accuracy"] for seed in row["seeds"].values()]


def publish(new: Measurements) -> None:
    """Put the rows among those that ship with the program, and write the README's table anew."""
    known = read_measurements().methods
    merged = Measurements(problem=new.problem, methods={**known, **new.methods})
    merged.write(measurements_file())
    README.write_text(filled(README.read_text(encoding="utf-8"), merged), encoding="utf-8")


def choose(key: str, name: str, values: list[str], seeds: int, workspace: Workspace) -> None:
    """Print what values of a setting reach on pictures that were kept back."""
    for value in values:
        settings = {**CHOSEN.get(key, {}), name: json.loads(value) if value[0].isdigit() else value}
        trials = range(FIRST_TRIAL_SEED, FIRST_TRIAL_SEED + seeds)
        runs = [launch(experiment(key, settings, seed, choosing=True), workspace) for seed in trials]
        print(f"{key} {name} {value}: {spread([read_history(run).validation.y[-1] for run in runs])}", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--to", type=Path, required=True, help="folder of the results, made where it is missing")
    arguments.add_argument("--only", type=lambda words: words.split(","), help="methods by key, with commas between")
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--publish", action="store_true", help="put the rows into the help pages and the README")
    arguments.add_argument("--choose", nargs="+", metavar=("METHOD SETTING", "VALUE"))
    asked = arguments.parse_args()
    catalog.load()
    asked.to.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(asked.to / "workspace")
    if asked.choose:
        key, name, *values = asked.choose
        choose(key, name, values, asked.seeds, workspace)
        return
    file = asked.to / "results.json"
    results: Results = json.loads(file.read_text()) if file.exists() else {}
    keys = asked.only or [entry.key for entry in catalog.entries("method")]
    for part in ("train", "time"):
        for key in dict.fromkeys([ALONE, REFERENCE, *keys]):
            settings = dict(CHOSEN.get(key, {}))
            if results.get(key, {}).get("settings") != settings:
                results[key] = {"settings": settings, "seeds": {}}
            row = results[key]
            if part == "train":
                train(key, row, asked.seeds, workspace)
                print(f"{key:10} {spread(accuracies(row))}", flush=True)
            elif "cost" not in row:
                time_steps(key, row, workspace)
            write_whole(file, json.dumps(results, indent=1).encode())
    words = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}"
    reached = measurements(results)
    print(f"\n{words}\n\n{table(reached)}\n\n{agreement_table(reached)}\n\nn = {reached.problem.seeds}")
    if asked.publish:
        publish(reached)


if __name__ == "__main__":
    main()
