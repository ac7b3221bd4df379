"""What a finished model reaches: tested, timed, and written down with its answers, whatever kind it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.core.score import Score
from studio.data.base import Dataset, Examples, as_float
from studio.models.base import Model, ModelSize
from studio.training.event_emitter import EventEmitter
from studio.training.outcome import write_predictions
from studio.training.predictions import Predictions

#: What a probability of 0 is taken for where its logarithm is needed.
_LEAST = float(np.finfo(np.float32).tiny)
#: Examples a call; so many pictures are made numbers at once.
_CHUNK = 4096


@dataclass(frozen=True)
class ModelOutcome:
    """What was measured of a model, and of the teacher it asked.

    Attributes:
        predictions: logarithms of the answers on the test part, as they stand in the run's folder.
        accuracy, teacher_accuracy: fractions of the test part.
        milliseconds: for one input.
    """

    predictions: Predictions
    accuracy: float
    teacher_accuracy: float | None
    size: ModelSize
    milliseconds: float


@dataclass(frozen=True)
class ProcedureOutcome:
    """What the run of a procedure has come to.

    Attributes:
        model: None where it made none.
        scores: further figures of what it made; ``headline`` names the one that counts.
        items: that were done.
        seconds: spent on the run, pauses left out, earlier sittings included.
    """

    model: ModelOutcome | None
    scores: Mapping[str, Score]
    headline: str
    items: int
    seconds: float


def measure_model(
    model: Model, dataset: Dataset, teacher: Model | None, folder: Path, emitter: EventEmitter
) -> ModelOutcome:
    """Test a model whose answers are in the order of the data's classes; keep it and its answers in the run's folder.

    Raises:
        NotWritten: see :class:`studio.training.write_guard.WriteGuard`.
    """
    labels = dataset.test.labels.cpu().numpy()
    own = log_answers(model, dataset.test)
    asked = log_answers(teacher, dataset.test) if teacher is not None else None
    predictions = Predictions(labels=labels, student=own, teacher=asked)
    emitter.guard.write(lambda: model.save(folder / "student.safetensors"))
    emitter.guard.write(lambda: write_predictions(predictions, folder))
    return ModelOutcome(
        predictions,
        _right(own, labels),
        _right(asked, labels) if asked is not None else None,
        model.size,
        model.milliseconds,
    )


def log_answers(model: Model, examples: Examples) -> np.ndarray:
    """Logarithms of the probabilities on all examples, (N, K) float32: logits of the same answers."""
    chunks = [
        model.probabilities(as_float(examples.inputs[begin : begin + _CHUNK]).cpu().numpy())
        for begin in range(0, len(examples), _CHUNK)
    ]
    logarithms: np.ndarray = np.log(np.maximum(np.concatenate(chunks), _LEAST))
    return logarithms.astype(np.float32, copy=False)


def _right(logits: np.ndarray, labels: np.ndarray) -> float:
    return float((logits.argmax(1) == labels).mean())
