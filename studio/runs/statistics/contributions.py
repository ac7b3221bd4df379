"""What each test picture contributes to a score: the ground of every paired comparison, whatever the score is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from studio.core.score import Score
from studio.core.score_scale import ACCURACY, ACCURACY_SCALE, SHARE, ScoreScale
from studio.runs.statistics.gap import resampled_means, right
from studio.training.predictions import Predictions

#: What a probability of 0 is taken for where its logarithm is needed.
_LEAST = float(np.finfo(np.float32).tiny)

Contributions = Callable[[np.ndarray, Predictions], np.ndarray]
"""From the logits (N, K) of one model, and all that was answered in its run, to its contributions (N,)."""


def contributions(score: str, logits: np.ndarray, told: Predictions) -> np.ndarray | None:
    """What the test pictures contribute to ``score``, (N,), whose mean it is: bool of the accuracy, else float64.

    Args:
        logits: of the model, (N, K).
        told: the labels, and the answers of the teacher that scores "to the teacher" are measured to.

    Returns:
        None where the score is no mean over pictures, or cannot be made of their answers.
    """
    if score not in _KNOWN or (score == _TO_TEACHER and told.teacher is None):
        return None
    find, _ = _KNOWN[score]
    return find(logits, told)


def measured_score(score: str, logits: np.ndarray, told: Predictions) -> Score | None:
    """A score with its 95 % interval by bootstrap over the test pictures; see :func:`contributions`."""
    found = contributions(score, logits, told)
    if found is None or not len(found):
        return None
    means = resampled_means(found.astype(np.float64)[:, None])[:, 0]
    low, high = np.percentile(means[1:], [2.5, 97.5])
    scale = _KNOWN[score][1]
    return Score(
        value=float(means[0]),
        low=float(low),
        high=float(high),
        n=len(found),
        unit=scale.unit,
        better=scale.better,
    )


def _right(logits: np.ndarray, told: Predictions) -> np.ndarray:
    return right(logits, told.labels)


def _wrong(logits: np.ndarray, told: Predictions) -> np.ndarray:
    return (~right(logits, told.labels)).astype(np.float64)


def _log_loss(logits: np.ndarray, told: Predictions) -> np.ndarray:
    """-log p of the label (cross-entropy, nats)."""
    rows = np.arange(len(logits))
    losses: np.ndarray = -np.log(np.maximum(_probabilities(logits)[rows, told.labels], _LEAST))
    return losses


def _squared_error(logits: np.ndarray, told: Predictions) -> np.ndarray:
    """Σ_k (p_k - [k is the label])² (Brier, Monthly Weather Review 1950)."""
    wanted = np.eye(logits.shape[1])[told.labels]
    return _squares(_probabilities(logits) - wanted)


def _to_teacher(logits: np.ndarray, told: Predictions) -> np.ndarray:
    """Σ_k (p_k - p_k of the teacher)²."""
    assert told.teacher is not None
    return _squares(_probabilities(logits) - _probabilities(told.teacher))


def _probabilities(logits: np.ndarray) -> np.ndarray:
    shifted = logits.astype(np.float64)
    shifted -= shifted.max(1, keepdims=True)
    powers = np.exp(shifted)
    shares: np.ndarray = powers / powers.sum(1, keepdims=True)
    return shares


def _squares(differences: np.ndarray) -> np.ndarray:
    sums: np.ndarray = np.square(differences).sum(1)
    return sums


_TO_TEACHER = "squared error to the teacher"
_KNOWN: dict[str, tuple[Contributions, ScoreScale]] = {
    ACCURACY: (_right, ACCURACY_SCALE),
    "error": (_wrong, ScoreScale("error", SHARE, "lower")),
    "log loss": (_log_loss, ScoreScale("log loss", "nats", "lower")),
    "squared error": (_squared_error, ScoreScale("squared error", "", "lower")),
    _TO_TEACHER: (_to_teacher, ScoreScale(_TO_TEACHER, "", "lower")),
}
