"""Runs with answers of their own to the real test digits, as the views draw them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from studio.core.arrays import read_arrays, write_arrays
from studio.data.test_part import used_for_testing
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.presenters.shown_run import ShownRun
from studio.runs.files.history import Reference
from studio.runs.run_info import RunInfo, read_history
from tests.gui import made_up
from tests.runs.comparison.made_up_answers import answered, logits_of

DIGITS = tuple(map(str, range(10)))


def labels_of_digits(folder: Path) -> np.ndarray:
    """Of the digits that runs are tested on by default."""
    return used_for_testing("digits", {}, test=0.2, test_seed=0, cache=folder / "cache").labels


def digits_run(folder: Path, name: str, share: float, seed: int = 0, **facts: Any) -> RunInfo:
    """A finished run in the workspace ``folder`` that errs on ``share`` of the test digits, taking each for the next."""
    labels = labels_of_digits(folder)
    rng = np.random.default_rng(1000 * seed + len(name))
    wrong = rng.random(len(labels)) < share
    answers = np.where(wrong, (labels + 1) % 10, labels)
    curve = [0.3, 0.6, float(1 - wrong.mean())]
    made = answered(folder / "runs", name, [0], [0], seed=seed, curve=curve, **facts)
    arrays = {"labels": labels, "student": logits_of(answers.tolist(), 10)}
    write_arrays(made.places.predictions, arrays)
    return replace(made, reached=Reference(float((answers == labels).mean())))


def with_teacher(info: RunInfo, share: float) -> RunInfo:
    """The same, beside a teacher that errs on ``share``."""
    arrays = read_arrays(info.places.predictions)
    labels = arrays["labels"]
    wrong = np.random.default_rng(5).random(len(labels)) < share
    teacher = logits_of(np.where(wrong, (labels + 3) % 10, labels).tolist(), 10)
    write_arrays(info.places.predictions, {**arrays, "teacher": teacher})
    return info


def shown_of(info: RunInfo, color: int = 0, role: StrokeRole = "run", current: bool = False) -> ShownRun:
    """As it is drawn."""
    history = read_history(info)
    history.label = f"{info.name}, seed {info.seed}"
    return ShownRun(history, color, role, current, group=info.group, info=info)


def answered_runs(folder: Path) -> tuple[ShownRun, ...]:
    """Two students and the student alone, drawn with the histories of made-up runs on pictures."""
    alone = digits_run(folder, "alone", 0.4)
    infos = [
        with_teacher(digits_run(folder, name, share, references={"alone": alone.id}, values=values), 0.05)
        for name, share, values in (("attention", 0.1, {"method": {"key": "at"}}), ("soft", 0.2, None))
    ]
    return tuple(
        ShownRun(
            made_up.pictures_run(info.name, run=info.id, readings=30, epochs=30, transfer=0),
            color,
            current=color == 0,
            group=info.group,
            info=info,
        )
        for color, info in enumerate(infos)
    )
