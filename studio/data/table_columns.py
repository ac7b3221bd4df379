"""Rows of a table as they stand in it, before any encoding: what trees and made-up rows work on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

#: ``numeric`` values have an order and distances, ``nominal`` ones are names that are equal or not.
ColumnKind = Literal["numeric", "nominal"]

#: The code of a nominal value that is missing; a missing number is NaN.
MISSING = -1


@dataclass(frozen=True)
class TableColumn:
    """What a column holds, without its values.

    Attributes:
        name: its heading.
        kind: whether its values are numbers or names.
        categories: the names a nominal column may have, in the order of their codes; of a numeric one none.
        has_missing: whether a value is missing anywhere in the table, be it in rows that are not at hand.
    """

    name: str
    kind: ColumnKind
    categories: tuple[str, ...] = ()
    has_missing: bool = False


@dataclass(frozen=True, eq=False)
class TableRows:
    """Some rows of a table, column by column, with the class of each.

    The values lie in one array a kind, whose columns stand in the order of the table: :attr:`numeric_places` and
    :attr:`nominal_places` say which is which.

    Attributes:
        columns: all columns but the class, D of them, in the order of the table.
        numeric: (N, P) float64, NaN where a value is missing.
        nominal: (N, Q) int64, places among the column's categories, -1 where a value is missing. P + Q = D.
        labels: (N,) int64, places among ``classes``.
        classes: the names of the classes.

    >>> columns = (TableColumn("size", "numeric"), TableColumn("colour", "nominal", ("blue", "red")))
    >>> rows = TableRows(columns, np.array([[1.5], [np.nan]]), np.array([[1], [-1]]), np.array([0, 1]), ("no", "yes"))
    >>> rows.cells(1)
    array([ 1, -1])
    """

    columns: tuple[TableColumn, ...]
    numeric: np.ndarray
    nominal: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        count = len(self.labels)
        wanted = ((count, len(self.numeric_places)), (count, len(self.nominal_places)))
        if (self.numeric.shape, self.nominal.shape) != wanted:
            raise ValueError(f"values of {self.numeric.shape} and {self.nominal.shape} are not of {wanted}")

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def numeric_places(self) -> tuple[int, ...]:
        """Of each column of ``numeric`` its place in ``columns``."""
        return tuple(place for place, column in enumerate(self.columns) if column.kind == "numeric")

    @cached_property
    def nominal_places(self) -> tuple[int, ...]:
        """Of each column of ``nominal`` its place in ``columns``."""
        return tuple(place for place, column in enumerate(self.columns) if column.kind == "nominal")

    def cells(self, place: int) -> np.ndarray:
        """The values of the column at ``place``, (N,): float64 of a numeric one, int64 of a nominal one."""
        if self.columns[place].kind == "numeric":
            values: np.ndarray = self.numeric[:, self.numeric_places.index(place)]
        else:
            values = self.nominal[:, self.nominal_places.index(place)]
        return values

    def missing(self, place: int) -> np.ndarray:
        """(N,) bool: where the column at ``place`` has no value."""
        cells = self.cells(place)
        absent: np.ndarray = np.isnan(cells) if self.columns[place].kind == "numeric" else cells == MISSING
        return absent

    def take(self, rows: np.ndarray) -> TableRows:
        """The rows at these places, (M,) int64, in that order; a place may come more than once."""
        return TableRows(self.columns, self.numeric[rows], self.nominal[rows], self.labels[rows], self.classes)


def table_rows(
    columns: Sequence[TableColumn], cells: Sequence[np.ndarray], labels: np.ndarray, classes: Sequence[str]
) -> TableRows:
    """Rows from the values of each column, all (N,), in the order of ``columns``."""
    kinds = {
        kind: [values for column, values in zip(columns, cells, strict=True) if column.kind == kind]
        for kind in ("numeric", "nominal")
    }
    return TableRows(
        tuple(columns),
        _side_by_side(kinds["numeric"], len(labels), np.float64),
        _side_by_side(kinds["nominal"], len(labels), np.int64),
        labels.astype(np.int64),
        tuple(classes),
    )


def _side_by_side(cells: Sequence[np.ndarray], count: int, dtype: type[np.generic]) -> np.ndarray:
    """(N, columns) of ``dtype``, also where there are no columns."""
    values = np.empty((count, len(cells)), dtype)
    for place, column in enumerate(cells):
        values[:, place] = column
    return values
