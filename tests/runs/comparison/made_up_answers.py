"""Runs that never were, with answers of their own in real folders: to compare them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from studio.core.arrays import write_arrays
from studio.events import EpochDone, RunStarted
from studio.experiment import to_toml, validated
from studio.runs.files.event_codec import to_line
from studio.runs.files.history import Reference
from studio.runs.run_info import RunInfo

CLASSES = ("cat", "dog", "ship")
VALUES: dict[str, Any] = {
    "dataset": {"key": "digits"},
    "teacher": {"key": "cnn-8"},
    "student": {"key": "cnn-4"},
    "method": {"key": "kd", "settings": {"temperature": 4.0}},
}


def logits_of(answers: Sequence[int], classes: int = len(CLASSES)) -> np.ndarray:
    """(N, K) float32 whose largest values are at ``answers``."""
    return np.asarray(4 * np.eye(classes)[np.asarray(answers)], np.float32)


def answered(
    folder: Path,
    name: str,
    labels: Sequence[int],
    answers: Sequence[int],
    *,
    seed: int = 0,
    curve: Sequence[float] = (),
    values: dict[str, Any] | None = None,
    **facts: Any,
) -> RunInfo:
    """A finished run in ``folder`` that answered ``answers`` to pictures of these ``labels``.

    Args:
        curve: its test accuracies, one an epoch of ten steps.
        facts: further attributes of the run.
    """
    path = folder / f"{name}-{seed}"
    path.mkdir(parents=True)
    arrays = {"labels": np.asarray(labels, np.int64), "student": logits_of(answers)}
    write_arrays(path / "predictions.npz", arrays)
    events = [
        RunStarted(
            run=path.name, name=name, plan=(), steps=100, epochs=10, steps_per_epoch=10, batch_size=1, device="cpu",
            threads=1, precision="exact", classes=CLASSES, groups=(),
        ),
        *(EpochDone(step=10 * n, epoch=n, labelled=True, test_accuracy=value) for n, value in enumerate(curve, start=1)),
    ]  # fmt: skip
    (path / "events.jsonl").write_text("".join(f"{to_line(event, n, 0.0)}\n" for n, event in enumerate(events)))
    (path / "experiment.toml").write_text(to_toml(validated({**VALUES, **(values or {}), "seed": seed}).resolved()))
    reached = float(np.mean(np.asarray(labels) == np.asarray(answers)))
    told = {
        "name": name,
        "method_title": name,
        "seed": seed,
        "state": "finished",
        "reached": Reference(reached),
        "tested_on": "the same",
        "group": name,
    }
    return RunInfo(path.name, path, **{**told, **facts})
