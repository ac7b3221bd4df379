"""Rows of a table as one matrix of numbers, as made-up rows and trees want them, and as the inputs of networks again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.core.errors import StudioError
from studio.data.base import Dataset, TableParts
from studio.data.table_columns import MISSING, TableColumn, TableRows, table_rows
from studio.data.table_encoding import TableEncoding
from studio.models.tree_columns import TreeColumn


def matrix_of(rows: TableRows) -> NDArray[np.float64]:
    """(N, D): numbers as they are, nominal values as their numbers, NaN where one is missing."""
    matrix = np.empty((len(rows), len(rows.columns)))
    for place, column in enumerate(rows.columns):
        cells = rows.cells(place).astype(np.float64)
        matrix[:, place] = cells if column.kind == "numeric" else np.where(cells == MISSING, np.nan, cells)
    return matrix


def rows_of_matrix(
    matrix: NDArray[np.float64], columns: tuple[TableColumn, ...], classes: tuple[str, ...]
) -> TableRows:
    """The way back from :func:`matrix_of`; the rows have no labels of their own, all are 0."""
    cells = [
        matrix[:, place] if column.kind == "numeric" else np.nan_to_num(matrix[:, place], nan=MISSING).astype(np.int64)
        for place, column in enumerate(columns)
    ]
    return table_rows(columns, cells, np.zeros(len(matrix), np.int64), classes)


def encoded_matrix(matrix: NDArray[np.float64], encoding: TableEncoding) -> NDArray[np.float32]:
    """(N, E) what networks and learners are given of rows in a matrix."""
    columns = tuple(each.column for each in encoding.columns)
    return np.asarray(encoding.encode(rows_of_matrix(matrix, columns, ("",))), dtype=np.float32)


def on_unit_scale(matrix: NDArray[np.float64], encoding: TableEncoding) -> NDArray[np.float64]:
    """(N, D) with numbers from the low to the high of their column on [0, 1]; nominal columns are left as they are."""
    nominal, low, span = _scale(encoding)
    return np.where(nominal, matrix, np.clip((matrix - low) / np.where(span > 0, span, 1.0), 0.0, 1.0))


def off_unit_scale(matrix: NDArray[np.float64], encoding: TableEncoding) -> NDArray[np.float64]:
    """The way back from :func:`on_unit_scale`."""
    nominal, low, span = _scale(encoding)
    return np.where(nominal, matrix, low + matrix * span)


def _scale(encoding: TableEncoding) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """(D,) each: which columns are nominal, the low of each, and how far its high is above."""
    low = np.array([each.low for each in encoding.columns])
    high = np.array([each.high for each in encoding.columns])
    return np.array([each.column.kind == "nominal" for each in encoding.columns]), low, high - low


def tree_columns(parts: TableParts) -> tuple[TreeColumn, ...]:
    """The columns of a table as a tree knows them, with the encoding of the rows learnt from."""
    return tuple(
        TreeColumn(
            each.column.name,
            each.column.categories,
            whole=each.column.kind == "numeric" and _whole(parts.train.cells(place)),
            low=each.low,
            high=each.high,
            has_missing=each.column.has_missing,
        )
        for place, each in enumerate(parts.encoding.columns)
    )


def _whole(cells: NDArray[np.float64]) -> bool:
    known = cells[~np.isnan(cells)]
    return bool(len(known)) and bool((known == np.rint(known)).all())


def parts_of(dataset: Dataset, title: str) -> TableParts:
    """The rows of a dataset before they were encoded.

    Args:
        title: of what wants them, for the refusal.

    Raises:
        StudioError: the data are no table.
    """
    if dataset.table is None:
        raise StudioError(
            "“{title}” needs the rows of a table.",
            "These data have no columns of their own.",
            "Choose a table as the data.",
            place="dataset",
            title=title,
        )
    return dataset.table
