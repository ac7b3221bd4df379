"""What a network answers, in numbers a person can read: probabilities at a temperature, and how undecided they are."""

from __future__ import annotations

import numpy as np


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Probabilities softened by a temperature: softmax(z / T) (Hinton et al. 2015, section 2).

    Args:
        logits: (..., K).
        temperature: T > 0; 1 leaves the network's own answer, larger values even it out.

    Returns:
        (..., K) float64, each row sums to 1.

    Raises:
        ValueError: the temperature is not above zero.
    """
    if not temperature > 0:
        raise ValueError(f"a temperature is above zero, not {temperature}")
    scaled = logits.astype(np.float64) / temperature
    raised = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def entropy(probabilities: np.ndarray) -> np.ndarray:
    """How undecided an answer is, in bits: 0 for certainty, log2 K for a shrug.

    Args:
        probabilities: (..., K).

    Returns:
        (...) float64.
    """
    logs = np.log2(probabilities, out=np.zeros(probabilities.shape), where=probabilities > 0)
    return np.asarray(-(probabilities * logs).sum(axis=-1)) + 0.0


def runners_up(probabilities: np.ndarray, answer: int, least: float = 0.01, most: int = 3) -> list[int]:
    """The classes an answer gives weight to besides ``answer``, the likeliest first.

    Args:
        probabilities: (K,).
        answer: the class left out.
        least: the least probability worth naming.
        most: how many are named.
    """
    order = np.argsort(-probabilities, kind="stable")
    return [int(k) for k in order if k != answer and probabilities[k] >= least][:most]
