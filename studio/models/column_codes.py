"""Columns as numbers of their distinct values: what a tree is grown on, for only the order of values counts there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ColumnCodes:
    """The distinct values of every column.

    Attributes:
        values: by column the known values in order; of a nominal column 0, 1, 2 ... up to its number of values. A
            missing value has the number after the last.
        nominal: (p,), which columns are.
    """

    values: tuple[NDArray[np.float64], ...]
    nominal: NDArray[np.bool_]

    def encode(self, rows: NDArray[np.float64]) -> NDArray[np.int32]:
        """(n, p) numbers of the values of rows whose values are all among the known ones, or missing."""
        codes = np.empty(rows.shape, dtype=np.int32)
        for column, values in enumerate(self.values):
            codes[:, column] = np.searchsorted(values, rows[:, column])  # NaN sorts behind everything
        return codes

    def decode(self, codes: NDArray[np.int32]) -> NDArray[np.float64]:
        """(n, p) the values again, NaN where missing."""
        rows = np.empty(codes.shape)
        for column, values in enumerate(self.values):
            rows[:, column] = np.append(values, np.nan)[codes[:, column]]
        return rows


def codes_of(rows: NDArray[np.float64], value_counts: tuple[int, ...]) -> ColumnCodes:
    """The distinct values of the columns of ``rows``, (n, p).

    Args:
        value_counts: by column how many values a nominal one has; 0 for a numeric one.
    """
    values = tuple(
        np.arange(float(count)) if count else np.unique(known[~np.isnan(known)])
        for known, count in zip(rows.T, value_counts, strict=True)
    )
    return ColumnCodes(values, np.array(value_counts) > 0)
