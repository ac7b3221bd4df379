"""What the columns of a table hold, in brief: ranges, names, counts, missing values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from studio.core.format import setting_number, thousands
from studio.core.message import Text, text, translatable
from studio.core.table_preview import ColumnPreview, TablePreview
from studio.data.table_columns import MISSING, TableColumn, TableRows
from studio.data.table_examples import columns_of, rows_of
from studio.data.table_findings import copies_told

if TYPE_CHECKING:
    from studio.data.base import Decoded

#: Ranges of a numeric column that are counted, and names of a nominal one that are counted and told.
BINS, TOLD_NAMES = 16, 4
#: What one is called, and several.
_ROWS = (translatable("1 row"), translatable("{n} rows"))
_COLUMNS = (translatable("1 column"), translatable("{n} columns"))
_CLASSES = (translatable("1 class"), translatable("{n} classes"))
#: Rows that are shown.
SHOWN = 5


def column_previews(rows: TableRows) -> tuple[ColumnPreview, ...]:
    """Each column of ``rows``, the class left out."""
    return tuple(_previewed(column, rows.cells(place)) for place, column in enumerate(rows.columns))


def class_preview(name: str, rows: TableRows) -> ColumnPreview:
    """The column with the classes, and how many rows each has."""
    counts = np.bincount(rows.labels, minlength=len(rows.classes))
    return ColumnPreview(name, "class", 0, tuple(counts[:BINS].tolist()), _names_told(rows.classes, counts))


def size_words(rows: TableRows, test: TableRows | None) -> Text:
    """How many rows and columns there are."""
    values = {
        "rows": _counted(len(rows), _ROWS),
        "columns": _counted(len(rows.columns), _COLUMNS),
        "classes": _counted(len(rows.classes), _CLASSES),
    }
    if test is None:
        return Text("{rows}, {columns} to learn from, {classes}.", values)
    return Text(
        "{rows} and {test} to test on, {columns} to learn from, {classes}.", {**values, "test": thousands(len(test))}
    )


def _counted(n: int, words: tuple[str, str]) -> Text:
    one, many = words
    return Text(one) if n == 1 else Text(many, {"n": thousands(n)})


def preview_of(decoded: Decoded) -> TablePreview:
    """A table that came from a source of its own, whose columns are as they are."""
    columns = columns_of(decoded)
    train = rows_of(columns, decoded.train, decoded.classes)
    test = rows_of(columns, decoded.test, decoded.classes) if decoded.test is not None else None
    names = (*(column.name for column in columns), "class")
    return TablePreview(
        (size_words(train, test),),
        names,
        tuple(_written(train, row) for row in range(min(SHOWN, len(train)))),
        (*column_previews(train), class_preview("class", train)),
        remarks=decoded.notes,
        copies=copies_told(train, test),
    )


def _previewed(column: TableColumn, cells: np.ndarray) -> ColumnPreview:
    if column.kind == "nominal":
        counts = np.bincount(cells[cells != MISSING], minlength=len(column.categories))
        missing = int((cells == MISSING).sum())
        most = np.sort(counts)[::-1][:BINS]
        return ColumnPreview(
            column.name, "nominal", missing, tuple(most.tolist()), _names_told(column.categories, counts)
        )
    present = cells[~np.isnan(cells)]
    if not len(present):
        return ColumnPreview(column.name, "numeric", len(cells))
    low, high = float(present.min()), float(present.max())
    counts, _ = np.histogram(present, BINS, (low, high if high > low else low + 1))
    words = text("{low} to {high}", low=_number(low), high=_number(high)) if high > low else Text(_number(low))
    return ColumnPreview(column.name, "numeric", len(cells) - len(present), tuple(counts.tolist()), words)


def _names_told(names: tuple[str, ...], counts: np.ndarray) -> Text:
    """The most frequent names first, and how many there are."""
    order = np.argsort(-counts, kind="stable")[:TOLD_NAMES]
    told = ", ".join(names[int(place)] for place in order)
    if len(names) <= TOLD_NAMES:
        return text("{names}", names=told)
    return text("{names} and {more} more", names=told, more=thousands(len(names) - len(order)))


def _written(rows: TableRows, row: int) -> tuple[str, ...]:
    """A row in words, its class last."""
    cells = []
    for place, column in enumerate(rows.columns):
        value = rows.cells(place)[row]
        if column.kind == "nominal":
            cells.append("" if value == MISSING else column.categories[int(value)])
        else:
            cells.append("" if np.isnan(value) else _number(float(value)))
    return (*cells, rows.classes[int(rows.labels[row])])


def _number(value: float) -> str:
    return setting_number(float(f"{value:.5g}"))
