"""A session that trains nothing: it says and writes what a real one does, with accuracies the test chooses.

``tests/contracts`` holds it to what the real one says and writes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from studio.core.arrays import write_arrays
from studio.core.data_kinds import DataKind
from studio.core.errors import NotWritten, RunFailed, StoppedEarly
from studio.core.message import text
from studio.data.base import DataSource
from studio.data.random import mix_seed
from studio.events import (
    CheckpointSaved,
    EpochDone,
    Event,
    KeyMoment,
    Listener,
    Progress,
    Resumed,
    RunEnded,
    RunStarted,
    Snapshot,
    StageBand,
    StageStarted,
    TermReading,
    Terms,
)
from studio.experiment import Experiment, validated
from studio.insight.agreement_readings import agreement_readings
from studio.insight.network_and_data_info import cast_of, network_info
from studio.training.control import Control
from studio.training.event_emitter import EventEmitter
from studio.training.hooks import Hook
from studio.training.outcome import RunEnding
from studio.training.predictions import Predictions
from studio.training.session import Outcome, Places
from tests.runs.fake_models import save_made_up_student
from tests.runs.fake_snapshots import groups_of, made_up_snapshot

PICTURES = 400
STAGE, TITLE = "task", "learn"
#: Of inputs by the kind of data, where nothing else tells.
SHAPES: dict[DataKind, tuple[int, ...]] = {"points": (2,), "pictures": (3, 32, 32), "table": (6,)}
#: What a student without a teacher, or one that has learnt nothing yet, gets right.
GUESSED = 0.1


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


Meanwhile = Callable[[Experiment, Listener, Control], None]


def nothing_happens(_experiment: Experiment, _listen: Listener, _control: Control) -> None:
    """The usual course of a run."""


@dataclass
class FakeSession:
    """Takes the place of ``run_session``.

    Attributes:
        accuracies: of the teacher, of the student alone, of the student that learns from a teacher.
        teacher: the network that is a teacher, when it is trained.
        steps, per_epoch: of every run, whatever its experiment says.
        seconds: how long a step takes.
        meanwhile: called once in the middle of every run, behind a checkpoint; may raise, or press the buttons.
        after_step: called after every step with the emitter of the run and the step; may raise.
        seen: every call, as (experiment, places, resume).
    """

    accuracies: tuple[float, float, float] = (0.9, 0.5, 0.8)
    teacher: str = "mlp-64"
    steps: int = 4
    per_epoch: int = 1
    seconds: float = 0.0
    meanwhile: Meanwhile = nothing_happens
    after_step: Callable[[EventEmitter, int], None] = lambda _emitter, _step: None
    seen: list[tuple[Experiment, Places, bool]] = field(default_factory=list)

    def __call__(
        self,
        experiment: Experiment,
        places: Places,
        listen: Listener,
        control: Control,
        *,
        resume: bool = False,
        hooks: Sequence[Hook] = (),
    ) -> Outcome:
        assert not hooks, "nothing is trained, so there is nothing for hooks to look at"
        self.seen.append((experiment, places, resume))
        emitter = EventEmitter(listen, control)
        try:
            return _FakeRun(self, experiment, places, emitter, control).run(resume=resume)
        except NotWritten:
            raise
        except StoppedEarly as stopped:
            emitter.emit(RunEnded(state="stopped", reason=stopped.what))
            raise
        except RunFailed as failure:
            emitter.emit(RunEnded(state="failed", reason=failure.paragraph()))
            raise

    @property
    def trained(self) -> list[tuple[str, str, int]]:
        """Method, student and seed of every call."""
        return [(e.method.key, e.student.key, e.seed) for e, _, _ in self.seen]


class _FakeRun:
    """One sitting of one run."""

    def __init__(
        self, session: FakeSession, experiment: Experiment, places: Places, emitter: EventEmitter, control: Control
    ) -> None:
        self._session, self._experiment, self._places = session, experiment, places
        self._emitter, self._control = emitter, control
        self._shape, self._classes = input_of(experiment.dataset.source)
        taught_by = experiment.teacher.key if places.teacher is not None else None
        self._cast = cast_of(taught_by, experiment.student_network, self._shape, len(self._classes))
        self._first = 0

    @property
    def _taught(self) -> bool:
        return self._places.teacher is not None

    def run(self, *, resume: bool) -> Outcome:
        """From the data to the files."""
        emitter, session = self._emitter, self._session
        emitter.emit_phase("Preparing data")
        emitter.emit_phase("Setting up the networks")
        if self._taught:
            emitter.emit_phase("Testing the teacher")
        emitter.emit(started(self._experiment, session.accuracies[0] if self._taught else None, session))
        if resume:
            self._first = self._last_checkpoint()
            self._move_to(self._first)
            emitter.emit(Resumed())
        emitter.emit_phase("Training the student")
        emitter.stage = STAGE
        emitter.emit(StageStarted(title=TITLE, trains=("student",)))
        if not resume:
            self._show_snapshot()
            self._save()
        return self._measure(self._train())

    def _train(self) -> RunEnding:
        session, emitter, control = self._session, self._emitter, self._control
        middle = max(self._first + 1, session.steps // 2)
        for step in range(self._first + 1, session.steps + 1):
            if not control.take_turn():
                emitter.pause_until_turn()
            if control.stopping:
                self._save()
                return RunEnding("stopped", text("You stopped the run; what was learnt is kept."))
            time.sleep(session.seconds)
            self._move_to(step)
            emitter.emit(self._terms(step))
            words = text(
                "{stage}, epoch {epoch} of {epochs}", stage=TITLE.capitalize(), epoch=self._epoch, epochs=self._epochs
            )
            emitter.emit(Progress(words=words, fraction=step / session.steps, seconds_left=float(session.steps - step)))
            if step % session.per_epoch == 0 or step == session.steps:
                emitter.emit(EpochDone(labelled=True, test_accuracy=self._reached(step)))
                self._show_snapshot()
            if step in (middle, session.steps):
                self._save()
            if step == middle:
                session.meanwhile(self._experiment, emitter.emit, control)
            session.after_step(emitter, step)
        return RunEnding("finished", text("The run is finished."))

    def _move_to(self, step: int) -> None:
        self._emitter.set_position(step, step // self._session.per_epoch)

    @property
    def _epochs(self) -> int:
        return -(-self._session.steps // self._session.per_epoch)

    @property
    def _epoch(self) -> int:
        """Which epoch is under way, counted from one."""
        return min(self._emitter.step // self._session.per_epoch + 1, self._epochs)

    def _terms(self, step: int) -> Terms:
        terms = {"labels": TermReading(2.0 / step, 1.0, "task")}
        if self._taught:
            terms["soft targets"] = TermReading(3.0 / step, 0.9, "transfer")
        return Terms(terms=terms, learning_rate=0.05, pictures_per_second=1000.0)

    def _show_snapshot(self) -> None:
        step = self._emitter.step
        moments: tuple[KeyMoment, ...] = ("start",) if step == 0 else ("end",) if step == self._session.steps else ()
        made = self._experiment.student.is_made_from_teacher
        arrays = made_up_snapshot(
            self._cast, self._shape, step, key_moment=bool(moments), made_from_teacher=made and self._taught
        )
        self._emitter.emit(Snapshot(arrays=arrays, moments=moments, agreement=agreement_readings(arrays)))

    def _save(self) -> None:
        file = checkpoint(self._places.folder, self._emitter.step)
        self._emitter.emit(CheckpointSaved(file=file.name))

    def _last_checkpoint(self) -> int:
        files = (self._places.folder / "checkpoints").glob("step-*.pt")
        return max(int(file.stem.removeprefix("step-")) for file in files)

    def _reached(self, step: int) -> float:
        """A share of whole test pictures."""
        teacher, alone, taught = self._session.accuracies
        is_teacher = self._experiment.student.key == self._session.teacher
        goal = taught if self._taught else teacher if is_teacher else alone
        return round((GUESSED + (goal - GUESSED) * step / self._session.steps) * PICTURES) / PICTURES

    def _measure(self, ending: RunEnding) -> Outcome:
        emitter, teacher = self._emitter, self._session.accuracies[0] if self._taught else None
        emitter.emit_phase("Measuring the result")
        reached = self._reached(emitter.step)
        classes = len(self._classes)
        predictions = Predictions(
            np.zeros(PICTURES, np.int64),
            answers(reached, classes),
            answers(teacher, classes) if teacher is not None else None,
        )
        self._write(predictions)
        seconds = 2.5
        emitter.emit(
            RunEnded(
                state=ending.state,
                reason=ending.reason,
                test_accuracy=reached,
                teacher_accuracy=teacher,
                seconds=seconds,
            )
        )
        facts = {"student": self._cast.student} | ({"teacher": self._cast.teacher} if self._cast.teacher else {})
        return Outcome(
            state=ending.state,
            reason=ending.reason,
            kept="last",
            student_accuracy=reached,
            teacher_accuracy=teacher,
            predictions=predictions,
            networks={role: network.key for role, network in facts.items()},
            parameters={role: network.parameters for role, network in facts.items()},
            macs={role: network.macs for role, network in facts.items()},
            latency_ms=dict.fromkeys(facts, 0.1),
            seconds=seconds,
            steps=emitter.step,
            epochs=emitter.epoch,
        )

    def _write(self, predictions: Predictions) -> None:
        folder, experiment = self._places.folder, self._experiment
        write_arrays(folder / "predictions.npz", predictions.arrays)
        seed = mix_seed(experiment.seed, "student", experiment.method.key)
        file = folder / "student.safetensors"
        save_made_up_student(experiment.student_network, self._shape, self._classes, seed, file)


def input_of(source: DataSource) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The shape of its inputs and its classes; where its files decide, as if they were CIFAR's, or rows of few columns."""
    shape = source.shape or SHAPES[source.kind]
    return shape, tuple(map(str, range(source.class_count or 10)))


def answers(share: float, classes: int) -> np.ndarray:
    """Logits (400, classes) of which the first ``share`` are right where all labels are 0."""
    logits = np.zeros((PICTURES, classes), np.float32)
    right = round(share * PICTURES)
    logits[:right, 0], logits[right:, 1] = 1.0, 1.0
    return logits


def checkpoint(folder: Path, step: int) -> Path:
    """Something to go on from."""
    (folder / "checkpoints").mkdir(exist_ok=True)
    file = folder / "checkpoints" / f"step-{step:09d}.pt"
    file.write_bytes(b"state")
    return file


def started(experiment: Experiment, teacher: float | None = None, session: FakeSession | None = None) -> RunStarted:
    """The plan of a run of a :class:`FakeSession`, of four steps by default."""
    session, source = session or FakeSession(), experiment.dataset.source
    shape, classes = input_of(source)
    return RunStarted(
        name=experiment.title,
        plan=(StageBand(STAGE, TITLE, 0, session.steps, labels=True),),
        steps=session.steps,
        epochs=-(-session.steps // session.per_epoch),
        steps_per_epoch=session.per_epoch,
        batch_size=32,
        device="cpu",
        threads=3,
        precision="exact",
        classes=classes,
        groups=groups_of(network_info(experiment.student_network, shape, len(classes))),
        examples=source.kind,
        teacher_accuracy=teacher,
    )


class Told(list[Event]):
    """A listener that remembers."""

    def __call__(self, event: Event) -> None:
        self.append(event)

    def of(self, kind: type) -> list[Any]:
        """The events of one kind, in order."""
        return [event for event in self if isinstance(event, kind)]
