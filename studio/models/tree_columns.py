"""Columns of a table as a tree knows them, and how a row is read back from what networks are given of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class TreeColumn:
    """One column.

    Attributes:
        name: its heading.
        values: of a nominal column the names of its values, numbered from 0.
        whole: whether its numbers are all whole.
        low, high: of a numeric column what 0 and 1 mean where a row is encoded for networks.
        has_missing: whether a flag for a missing value follows there.
    """

    name: str
    values: tuple[str, ...] = ()
    whole: bool = False
    low: float = 0.0
    high: float = 1.0
    has_missing: bool = False

    @property
    def nominal(self) -> bool:
        return bool(self.values)

    @property
    def width(self) -> int:
        """How many encoded numbers it takes."""
        return (len(self.values) or 1) + self.has_missing


def decoded(inputs: NDArray[np.floating], columns: Sequence[TreeColumn]) -> NDArray[np.float64]:
    """Rows as they stand in a table, from the inputs of a network.

    Args:
        inputs: (n, E): of a nominal column one number a value, 1 for the one it has; of a numeric one its place between
            low and high; then, where values can be missing, 1 for a missing one.

    Returns:
        (n, p): numbers, of nominal columns those of their values; NaN where missing.

    Raises:
        ValueError: they are not as wide as the columns say.
    """
    if inputs.shape[1] != sum(column.width for column in columns):
        raise ValueError(f"{inputs.shape[1]} encoded numbers are not those of these columns")
    rows = np.empty((len(inputs), len(columns)))
    start = 0
    for place, column in enumerate(columns):
        own = inputs[:, start : start + column.width].astype(np.float64)
        start += column.width
        if column.nominal:
            names = own[:, : len(column.values)]
            rows[:, place] = np.where(names.max(1) > 0.5, names.argmax(1), np.nan)
        else:
            values = column.low + own[:, 0] * (column.high - column.low)
            rows[:, place] = np.round(values) if column.whole else values
        if column.has_missing:
            rows[own[:, -1] > 0.5, place] = np.nan
    return rows
