"""An engine that only acts: it says and writes what a session does, at once, with accuracies the test chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from studio.core.message import Text
from studio.events import (
    EpochDone,
    Event,
    Listener,
    Resumed,
    RunEnded,
    RunStarted,
    Snapshot,
    StageBand,
    State,
    TermReading,
    Terms,
)
from studio.experiment import Experiment, validated
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import save_network
from studio.runs.files.arrays import read_arrays
from studio.training.control import Control
from studio.training.predictions import Predictions
from studio.training.session import Outcome, Places

PICTURES = 400


def experiment(method: str = "kd", **changes: Any) -> Experiment:
    """Soft targets on digits, compared with the student alone; ``changes`` are tables to merge."""
    values: dict[str, Any] = {
        "name": "acted",
        "dataset": {"key": "digits", "per_class": 10},
        "teacher": {"key": "mlp-64", "epochs": 7},
        "student": {"key": "mlp-8"},
        "method": {"key": method},
        "training": {"epochs": 4, "device": "cpu"},
        "references": {"alone": True},
    }
    for table, content in changes.items():
        values[table] = {**values[table], **content} if isinstance(content, dict) else content
    return validated(values)


@dataclass
class Stage:
    """Acts for ``run_session``.

    Attributes:
        accuracies: of teacher (mlp-64), of the student alone, of the student that learns from a teacher.
        seen: every call, as (experiment, places, resume).
        meanwhile: called in the middle of every run; may raise, or press the buttons of the control.
    """

    accuracies: tuple[float, float, float] = (0.9, 0.5, 0.8)
    seen: list[tuple[Experiment, Places, bool]] = field(default_factory=list)
    meanwhile: Callable[[Experiment, Listener, Control], None] = lambda _experiment, _listen, _control: None

    def __call__(
        self, experiment: Experiment, places: Places, listen: Listener, control: Control, *, resume: bool = False
    ) -> Outcome:
        self.seen.append((experiment, places, resume))
        teacher, alone, taught = self.accuracies
        reached = taught if places.teacher else teacher if experiment.student.key == "mlp-64" else alone
        listen(started(experiment, teacher if places.teacher else None))
        if resume:
            listen(Resumed(step=2, epoch=2))
        for step in range(3 if resume else 0, 4):
            reading = TermReading(1.0 / (step + 1), 1.0, "task")
            listen(Terms(step=step, terms={"labels": reading}, learning_rate=0.1, pictures_per_second=1e3))
            listen(Snapshot(step=step, arrays={"logits/student": np.full((2, 3), step, np.float32)}))
            if step == (3 if resume else 2):
                checkpoint(places.folder)
                self.meanwhile(experiment, listen, control)
        state: State = "stopped" if control.stopping else "finished"
        listen(EpochDone(step=4, epoch=4, labelled=True, test_accuracy=reached))
        predictions = self._predictions(places, reached)
        self._write(places, predictions, reached)
        listen(RunEnded(step=4, epoch=4, state=state, reason=Text("It is over."), test_accuracy=reached, seconds=2.5))
        both = {"student": 1_000} | ({"teacher": 5_000} if places.teacher else {})
        known = teacher if places.teacher else None
        sizes = {"parameters": both, "macs": both, "latency_ms": {"student": 0.1}}
        return Outcome(
            state=state,
            reason=Text("It is over."),
            kept="last",
            student_accuracy=reached,
            teacher_accuracy=known,
            predictions=predictions,
            seconds=2.5,
            steps=4,
            epochs=4,
            **sizes,
        )

    def _predictions(self, places: Places, reached: float) -> Predictions:
        teacher = answers(self.accuracies[0]) if places.teacher else None
        return Predictions(np.zeros(PICTURES, np.int64), answers(reached), teacher)

    def _write(self, places: Places, predictions: Predictions, reached: float) -> None:
        np.savez(places.folder / "predictions.npz", **predictions.arrays)
        source = Input((2,), (0.0, 0.0), (1.0, 1.0))
        save_network(
            build_network("mlp-4", source, ("a", "b"), int(1000 * reached)), places.folder / "student.safetensors"
        )

    @property
    def trained(self) -> list[tuple[str, str, int]]:
        """Method, student and seed of every call."""
        return [(e.method.key, e.student.key, e.seed) for e, _, _ in self.seen]


def answers(share: float) -> np.ndarray:
    """Logits (400, 2) of which the first ``share`` are right where all labels are 0."""
    logits = np.zeros((PICTURES, 2), np.float32)
    right = round(share * PICTURES)
    logits[:right, 0], logits[right:, 1] = 1.0, 1.0
    return logits


def checkpoint(folder: Path) -> None:
    """Something to go on from."""
    (folder / "checkpoints").mkdir(exist_ok=True)
    (folder / "checkpoints" / "step-000000002.pt").write_bytes(b"state")


def started(experiment: Experiment, teacher: float | None = None) -> RunStarted:
    """A plan of four steps."""
    return RunStarted(
        name=experiment.title,
        plan=(StageBand("task", "learn", 0, 4, labels=True),),
        steps=4,
        epochs=4,
        steps_per_epoch=1,
        batch_size=32,
        device="cpu",
        threads=3,
        precision="exact",
        classes=("0", "1"),
        groups=("group1",),
        teacher_accuracy=teacher,
    )


def stored(folder: Path) -> dict[str, np.ndarray]:
    """The predictions of a run."""
    return read_arrays(folder / "predictions.npz")


class Told(list[Event]):
    """A listener that remembers."""

    def __call__(self, event: Event) -> None:
        self.append(event)

    def of(self, kind: type) -> list[Any]:
        """The events of one kind, in order."""
        return [event for event in self if isinstance(event, kind)]
