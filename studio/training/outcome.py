"""What a run reached: the student that was kept is tested, timed, and written down with its answers."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from torch import Tensor

from studio.core.files import write_whole
from studio.core.message import Text
from studio.events import RunEnded, State
from studio.networks.files import save_network
from studio.networks.measure import latency_ms
from studio.training.evaluation import accuracy, answers
from studio.training.event_emitter import EventEmitter
from studio.training.predictions import Predictions
from studio.training.setup import Setup


@dataclass(frozen=True)
class RunEnding:
    """How the stages of a run ended, and which weights the student carries."""

    state: State
    reason: Text
    kept: Literal["last", "best"] = "last"


@dataclass(frozen=True)
class Outcome:
    """How a session ended and what was measured.

    Attributes:
        kept: whether the student carries its last or its best weights.
        student_accuracy, teacher_accuracy: fractions of the test pictures.
        validation_accuracy: of the student, a fraction of the pictures kept back for choosing; None where none are.
        predictions: the answers behind them, as they stand in the run's folder.
        networks: keys by role.
        parameters, macs: by role; multiplications for one picture.
        latency_ms: by role, milliseconds for one picture.
        seconds: spent on the run, pauses left out, earlier sittings included.
    """

    state: State
    reason: Text
    kept: Literal["last", "best"]
    student_accuracy: float
    teacher_accuracy: float | None
    predictions: Predictions
    networks: dict[str, str]
    parameters: dict[str, int]
    macs: dict[str, int]
    latency_ms: dict[str, float]
    seconds: float
    steps: int
    epochs: int
    validation_accuracy: float | None = None


def measure_outcome(
    setup: Setup, ending: RunEnding, teacher: Tensor | None, folder: Path, emitter: EventEmitter
) -> Outcome:
    """Test the student that counts, write its weights and answers, and say the last word of the run.

    Args:
        teacher: its answers on the test part, see :func:`teacher_answers`.
        folder: of the run.

    Raises:
        NotWritten: see :class:`studio.training.write_guard.WriteGuard`.
    """
    seconds = emitter.throughput.total_seconds
    emitter.emit_phase("Measuring the result")
    labels, networks = setup.dataset.test.labels, setup.networks
    student = answers(networks.student, setup.dataset.test, setup.hardware)
    assert student is not None
    predictions = Predictions(
        labels=labels.cpu().numpy(),
        student=student.numpy(),
        teacher=teacher.numpy() if teacher is not None else None,
    )
    emitter.guard.write(lambda: _write(setup, predictions, folder))
    reached = accuracy(student, labels)
    known = accuracy(teacher, labels) if teacher is not None else None
    emitter.emit(
        RunEnded(
            state=ending.state, reason=ending.reason, test_accuracy=reached, teacher_accuracy=known, seconds=seconds
        )
    )
    cast = networks.cast
    facts = {"student": cast.student} | ({"teacher": cast.teacher} if cast.teacher is not None else {})
    nets = {"student": networks.student} | ({"teacher": networks.teacher} if networks.teacher is not None else {})
    return Outcome(
        state=ending.state,
        reason=ending.reason,
        kept=ending.kept,
        student_accuracy=reached,
        teacher_accuracy=known,
        predictions=predictions,
        networks={role: summary.key for role, summary in facts.items()},
        parameters={role: summary.parameters for role, summary in facts.items()},
        macs={role: summary.macs for role, summary in facts.items()},
        latency_ms={role: latency_ms(network) for role, network in nets.items()},
        seconds=seconds,
        steps=emitter.step,
        epochs=emitter.epoch,
        validation_accuracy=_on_validation(setup),
    )


def _on_validation(setup: Setup) -> float | None:
    kept_back = setup.dataset.validation
    if kept_back is None:
        return None
    logits = answers(setup.networks.student, kept_back, setup.hardware)
    assert logits is not None
    return accuracy(logits, kept_back.labels)


def teacher_answers(setup: Setup) -> Tensor | None:
    """The teacher's logits on the test part, (N, K) float32; None without a teacher that knows these classes."""
    networks = setup.networks
    if networks.teacher is None or not networks.teacher_knows_classes:
        return None
    return answers(networks.teacher, setup.dataset.test, setup.hardware, networks.teacher_order)


def write_student(setup: Setup, folder: Path) -> None:
    """The student's weights, as ``student.safetensors``.

    Raises:
        NotWritten: see :func:`studio.core.files.write_whole`.
    """
    save_network(setup.networks.student, folder / "student.safetensors", {})


def write_predictions(predictions: Predictions, folder: Path) -> None:
    """Answers on the test part, as ``predictions.npz``.

    Raises:
        NotWritten: see :func:`studio.core.files.write_whole`.
    """
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **predictions.arrays)
    write_whole(folder / "predictions.npz", buffer.getvalue())


def _write(setup: Setup, predictions: Predictions, folder: Path) -> None:
    write_student(setup, folder)
    write_predictions(predictions, folder)
