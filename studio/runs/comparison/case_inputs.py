"""The test examples of a run that are to be shown: pictures, points, or rows of a table in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.core.errors import StudioError
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace


@dataclass(frozen=True, eq=False)
class CaseInputs:
    """Some of the examples.

    Attributes:
        rows: (n,) their places in the test part.
        inputs: uint8 (n, C, H, W) of pictures, else (n, D).
        words: (n,) a row of a table by its first columns; empty of other data.
    """

    rows: np.ndarray
    inputs: np.ndarray
    words: tuple[str, ...] = ()

    @property
    def in_words(self) -> tuple[str, ...]:
        """(n,) what stands in the place of what cannot be drawn: rows by their columns, points by their numbers."""
        if self.words or self.inputs.ndim == 4:
            return self.words
        return tuple("\n".join(f"{value:.2f}" for value in point) for point in self.inputs)


def read_case_inputs(info: RunInfo, rows: np.ndarray, labels: np.ndarray) -> CaseInputs:
    """What a run was tested on at ``rows``, (n,) int64.

    Args:
        labels: (N,) of the whole test part, as the run has them: its data may be others by now.

    Raises:
        StudioError: the data cannot be had, or are no longer what they were.
    """
    from studio.data.test_part import used_for_testing

    choice, division = info.experiment.dataset, info.experiment.dataset.division(info.experiment.seed)
    cache = Workspace(info.folder.parents[1]).cache
    part = used_for_testing(choice.key, choice.settings, test=choice.test, test_seed=division, cache=cache)
    if not np.array_equal(part.labels, labels):
        raise StudioError(
            "The examples cannot be shown.",
            "{data} is no longer what it was when this run was tested.",
            "Bring the old files back, or train it again.",
            data=info.dataset_title,
        )
    inputs = part.inputs(rows)
    return CaseInputs(rows, inputs, tuple(part.words(each) for each in inputs) if part.columns else ())
