"""How far apart two groups of runs were while they learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.runs.files.history import RunHistory, Series
from studio.runs.statistics.difference import LEAST_PAIRS, mean_difference


@dataclass(frozen=True, eq=False)
class CurveDifference:
    """Test accuracies by epoch, means over the pairs of seeds, fractions. E epochs.

    Attributes:
        epochs: (E,) float64.
        first, second: (E,).
        difference: (E,) first less second.
        low, high: (E,) the 95 % interval of the mean difference over seeds; None of fewer than three pairs.
    """

    epochs: np.ndarray
    first: np.ndarray
    second: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None

    @property
    def difference(self) -> np.ndarray:
        """(E,) how much more the first reached."""
        less: np.ndarray = self.first - self.second
        return less

    @property
    def sure_from(self) -> float | None:
        """The epoch from which on to the end the interval lies on one side of 0; None where the end is not sure."""
        if self.low is None or self.high is None:
            return None
        sure = (self.low > 0) if self.difference[-1] > 0 else (self.high < 0)
        if not sure[-1]:
            return None
        unsure = np.flatnonzero(~sure)
        return float(self.epochs[unsure[-1] + 1 if len(unsure) else 0])

    @property
    def swapped(self) -> CurveDifference:
        """The same with the sides exchanged."""
        low, high = (-self.high, -self.low) if self.low is not None and self.high is not None else (None, None)
        return replace(self, first=self.second, second=self.first, low=low, high=high)


def curve_difference(pairs: Sequence[tuple[RunHistory, RunHistory]]) -> CurveDifference | None:
    """The curves of pairs of runs over the epochs in which all of them were tested.

    Returns:
        None where there are no such epochs.
    """
    curves = [[_by_epoch(history) for history in pair] for pair in pairs]
    every = [curve for pair in curves for curve in pair]
    if not every or any(len(curve) == 0 for curve in every):
        return None
    begin, end = max(curve.x[0] for curve in every), min(curve.x[-1] for curve in every)
    epochs = np.unique(np.concatenate([curve.x for curve in every]))
    epochs = epochs[(epochs >= begin) & (epochs <= end)]
    if len(epochs) == 0:
        return None
    first, second = (np.stack([_at(pair[side], epochs) for pair in curves]) for side in (0, 1))
    low = high = None
    if len(pairs) >= LEAST_PAIRS:
        sure = [mean_difference(column.tolist()) for column in (first - second).T]
        low = np.array([told.low for told in sure if told is not None])
        high = np.array([told.high for told in sure if told is not None])
    return CurveDifference(epochs, first.mean(0), second.mean(0), low, high)


def _by_epoch(history: RunHistory) -> Series:
    """What was measured on the test part, over epochs; before there were labels the classifier says nothing."""
    curve, measured = Series(), history.test_labelled if len(history.test_labelled) else history.test
    curve.extend(measured.x / history.steps_per_epoch, measured.y)
    return curve


def _at(curve: Series, epochs: np.ndarray) -> np.ndarray:
    """The last value at or before each epoch."""
    values: np.ndarray = curve.y[np.searchsorted(curve.x, epochs, side="right") - 1]
    return values
