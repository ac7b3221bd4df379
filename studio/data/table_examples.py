"""Rows of a table as the examples of a dataset and back, and the parts of a dataset with their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from studio.data.base import Decoded, Examples, TableParts
from studio.data.table_columns import MISSING, TableColumn, TableRows, table_rows
from studio.data.table_encoding import fit_encoding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from studio.core.message import Text
    from studio.data.table_encoding import TableEncoding

_COLUMNS = "columns"


def decoded_table(
    train: TableRows,
    test: TableRows | None = None,
    notes: Sequence[Text] = (),
    kept: Mapping[str, object] | None = None,
) -> Decoded:
    """Rows as a source gives them.

    The examples hold what stands in the table, float64 (N, D): numbers as they are, names as their codes, NaN where a
    value is missing. The encoding comes after the split, see :func:`studio.data.prepare.prepare`.
    """
    columns = [
        {"name": c.name, "kind": c.kind, "categories": list(c.categories), "has_missing": c.has_missing}
        for c in train.columns
    ]
    return Decoded(
        "table",
        train.classes,
        _examples(train),
        _examples(test) if test is not None else None,
        tuple(notes),
        kept={_COLUMNS: columns, **(kept or {})},
    )


def columns_of(decoded: Decoded) -> tuple[TableColumn, ...]:
    """The columns of a table that came from a source or from the cache; none of other kinds of data."""
    written = decoded.kept.get(_COLUMNS, ())
    assert isinstance(written, (list, tuple))
    return tuple(
        TableColumn(each["name"], each["kind"], tuple(each["categories"]), each["has_missing"]) for each in written
    )


def rows_of(columns: tuple[TableColumn, ...], examples: Examples, classes: tuple[str, ...]) -> TableRows:
    """The way back from :func:`decoded_table`."""
    values = examples.inputs.numpy()
    cells = [
        values[:, place] if column.kind == "numeric" else np.nan_to_num(values[:, place], nan=MISSING).astype(np.int64)
        for place, column in enumerate(columns)
    ]
    return table_rows(columns, cells, examples.labels.numpy(), classes)


def table_parts(
    columns: tuple[TableColumn, ...],
    classes: tuple[str, ...],
    learnt: Examples,
    train: Examples,
    validation: Examples | None,
    test: Examples,
) -> TableParts:
    """The rows of each part, and the encoding fitted to all that may be learnt from.

    Args:
        learnt: everything that is not for testing.
    """
    return TableParts(
        fit_encoding(rows_of(columns, learnt, classes)),
        rows_of(columns, train, classes),
        rows_of(columns, validation, classes) if validation is not None else None,
        rows_of(columns, test, classes),
    )


def encoded_examples(encoding: TableEncoding, rows: TableRows) -> Examples:
    """Inputs for networks, float32 (N, E)."""
    return Examples(torch.from_numpy(encoding.encode(rows)), torch.from_numpy(rows.labels))


def _examples(rows: TableRows) -> Examples:
    values = np.empty((len(rows), len(rows.columns)), np.float64)
    for place, column in enumerate(rows.columns):
        cells = rows.cells(place)
        values[:, place] = cells if column.kind == "numeric" else np.where(cells == MISSING, np.nan, cells)
    return Examples(torch.from_numpy(values), torch.from_numpy(rows.labels))
