"""References from before sums were recorded: what they kept is measured once, and then has its sums like any other.

What is measured is what was recorded when they ended: the accuracy of the stored answers, and of the weights as a teacher.
"""

from __future__ import annotations

import contextlib

import numpy as np

from studio.core.arrays import read_arrays
from studio.core.errors import StudioError
from studio.runs.files.digests import digests
from studio.runs.files.folder import read_document, write_document
from studio.runs.files.lock import held
from studio.runs.files.summary import Summary
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import right

#: How far a measured accuracy may be from the recorded one: another device or precision answers a few pictures otherwise.
TOLERANCE = 0.01


class TeacherDiffers(StudioError):
    """A teacher does not reach what was recorded of it.

    Args:
        run: the run it comes from.
    """

    def __init__(self, run: str, recorded: float, measured: float) -> None:
        self.run = run
        super().__init__(
            "The same teacher was trained before, but what the run {run} kept of it reaches {measured:.1f} % where "
            "{recorded:.1f} % were recorded; it is trained anew.",
            run=run,
            recorded=100 * recorded,
            measured=100 * measured,
        )


def answers_agree(info: RunInfo) -> bool:
    """Whether the stored answers of a run reach the accuracy that was recorded; true where either is missing."""
    stored = read_arrays(info.places.predictions)
    if info.test_accuracy is None or not {"student", "labels"} <= stored.keys():
        return info.test_accuracy is None or not info.places.predictions.exists()
    measured = float(np.mean(right(stored["student"], stored["labels"])))
    return abs(measured - info.test_accuracy) <= TOLERANCE


def record_sums(info: RunInfo, role: str) -> None:
    """Give a run that was just measured its sums, and its role where it was trained for another run."""
    with contextlib.suppress(StudioError), held(info.places.lock):
        summary = read_document(info.places.summary, Summary)
        if summary is not None and not summary.files:
            known = {"files": digests(info.places), "role": role if summary.parent else summary.role}
            write_document(info.places.summary, summary.model_copy(update=known))
