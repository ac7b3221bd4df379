"""How long a model takes to answer one row."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

#: Answers that are timed, of which the median counts; before them one that is not.
TIMED = 20


def answer_milliseconds(probabilities: Callable[[np.ndarray], np.ndarray], width: int) -> float:
    """The median over repeated answers to one row of ``width`` encoded numbers."""
    row = np.zeros((1, width), np.float32)
    taken = []
    for _ in range(TIMED + 1):
        start = time.perf_counter()
        probabilities(row)
        taken.append(time.perf_counter() - start)
    return float(np.median(taken[1:]) * 1000)
