"""Made-up rows beside true ones, as plain values: how often each value of a column stands in both, and rows side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.core.format import figure

if TYPE_CHECKING:
    from studio.models.tree_columns import TreeColumn

#: Bars of a column of numbers, and the most of one of names: the rarest are put together.
BINS, MOST_NAMES = 16, 12
#: Columns and rows that are shown, and the rows that are counted.
MOST_COLUMNS, PAIRS, MOST_ROWS = 64, 8, 5000


@dataclass(frozen=True, eq=False)
class ColumnSample:
    """One column.

    Attributes:
        labels: what each bar stands for.
        true, made: (B,) shares of the rows; where values are missing, those are the last bar.
        numeric: whether the bars are stretches of numbers, in order.
    """

    name: str
    labels: tuple[str, ...]
    true: NDArray[np.float64]
    made: NDArray[np.float64]
    numeric: bool

    @property
    def apart(self) -> float:
        """The share of made-up rows that would have to have another value for both to be equal, in [0, 1]."""
        return float(np.abs(self.true - self.made).sum() / 2)


@dataclass(frozen=True)
class RowPair:
    """A made-up row, the true one that is nearest to it, and whether they differ, a cell a column."""

    made: tuple[str, ...]
    true: tuple[str, ...]
    differs: tuple[bool, ...]


@dataclass(frozen=True, eq=False)
class ColumnSamples:
    """A table of made-up rows beside the rows they are made of.

    Attributes:
        columns: at most :data:`MOST_COLUMNS`, in the order of the table; those that differ most where there are more.
        all_columns: how many the table has.
        pairs: rows of all columns.
        names: of all columns.
        made_rows, true_rows: how many were counted.
    """

    columns: tuple[ColumnSample, ...]
    all_columns: int
    names: tuple[str, ...]
    pairs: tuple[RowPair, ...]
    made_rows: int
    true_rows: int

    def values(self) -> list[tuple[str, str, float, float]]:
        """A row a bar: the column, what the bar stands for, its share of the true rows and of the made-up ones."""
        return [
            (column.name, label, float(true), float(made))
            for column in self.columns
            for label, true, made in zip(column.labels, column.true, column.made, strict=True)
        ]


def column_samples(
    columns: Sequence[TreeColumn], true: NDArray[np.float64], made: NDArray[np.float64]
) -> ColumnSamples | None:
    """Count both.

    Args:
        true, made: (n, D) and (m, D) as they stand in the table: numbers, of nominal columns those of their values, NaN
            where one is missing.

    Returns:
        None where there are no rows, or no rows of these columns.
    """
    if true.ndim != 2 or made.ndim != 2 or not len(true) or not len(made):
        return None
    if not true.shape[1] == made.shape[1] == len(columns) or np.isinf(true).any() or np.isinf(made).any():
        return None
    true, made = true[:MOST_ROWS], made[:MOST_ROWS]
    counted = [_sample(column, true[:, place], made[:, place]) for place, column in enumerate(columns)]
    most = sorted(range(len(counted)), key=lambda place: -counted[place].apart)[:MOST_COLUMNS]
    return ColumnSamples(
        tuple(counted[place] for place in sorted(most)),
        len(columns),
        tuple(column.name for column in columns),
        _pairs(columns, true, made),
        len(made),
        len(true),
    )


def _sample(column: TreeColumn, true: NDArray[np.float64], made: NDArray[np.float64]) -> ColumnSample:
    labels, places = _names(column, true, made) if column.nominal else _stretches(true, made)
    shares = [np.bincount(place, minlength=len(labels) + 1) / len(place) for place in places]
    if shares[0][-1] or shares[1][-1]:
        labels = (*labels, "?")
    else:
        shares = [share[:-1] for share in shares]
    return ColumnSample(column.name, labels, shares[0], shares[1], not column.nominal)


def _names(
    column: TreeColumn, true: NDArray[np.float64], made: NDArray[np.float64]
) -> tuple[tuple[str, ...], list[NDArray[np.intp]]]:
    """The names of the bars, and in which each row is; a missing value is behind the last."""
    count = len(column.values)
    codes = [np.where(np.isnan(values), count, values).astype(np.intp).clip(0, count) for values in (true, made)]
    often = np.argsort(-np.bincount(codes[0], minlength=count + 1)[:count], kind="stable")
    shown = np.sort(often[:MOST_NAMES]) if count > MOST_NAMES else np.arange(count)
    place_of = np.full(count + 1, len(shown), np.intp)
    place_of[shown] = np.arange(len(shown))
    labels = tuple(column.values[place] for place in shown)
    if count > len(shown):
        place_of[count] += 1
        labels = (*labels, "…")
    return labels, [place_of[code] for code in codes]


def _stretches(true: NDArray[np.float64], made: NDArray[np.float64]) -> tuple[tuple[str, ...], list[NDArray[np.intp]]]:
    known = np.concatenate([true, made])
    known = known[~np.isnan(known)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    values = np.unique(known)
    if len(values) <= BINS and len(values):
        edges = (values[1:] + values[:-1]) / 2
        labels = tuple(figure(float(value)) for value in values)
    else:
        edges = np.linspace(low, high, BINS + 1)[1:-1]
        ends = [low, *edges.tolist(), high]
        labels = tuple(f"{figure(one)} – {figure(other)}" for one, other in pairwise(ends))
    places = []
    for given in (true, made):
        missing = np.isnan(given)
        place = np.searchsorted(edges, np.where(missing, low, given), side="right").astype(np.intp)
        places.append(np.where(missing, len(labels), place))
    return labels, places


def _pairs(columns: Sequence[TreeColumn], true: NDArray[np.float64], made: NDArray[np.float64]) -> tuple[RowPair, ...]:
    nominal = np.array([column.nominal for column in columns])
    spread = np.where(nominal, 1.0, np.nanmax(true, 0, initial=-np.inf) - np.nanmin(true, 0, initial=np.inf))
    scale = np.where((spread > 0) & np.isfinite(spread), spread, 1.0)
    pairs = []
    for row in made[:PAIRS]:
        apart = np.abs(np.nan_to_num(true, nan=-1.0) - np.nan_to_num(row, nan=-1.0)) / scale
        apart = np.where(nominal, apart > 0, apart).sum(1)
        near = true[int(apart.argmin())]
        words = [
            tuple(_cell(column, float(value)) for column, value in zip(columns, of, strict=True)) for of in (row, near)
        ]
        pairs.append(RowPair(words[0], words[1], tuple(one != other for one, other in zip(*words, strict=True))))
    return tuple(pairs)


def _cell(column: TreeColumn, value: float) -> str:
    if np.isnan(value):
        return "?"
    if column.nominal:
        return column.values[min(max(int(value), 0), len(column.values) - 1)]
    return figure(value)
