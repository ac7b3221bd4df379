"""Columns of words as columns of numbers and names, and the class of each row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.core.errors import StudioError
from studio.core.format import thousands
from studio.core.message import Text, text
from studio.data.class_names import printable, same_class
from studio.data.table_columns import MISSING, ColumnKind, TableColumn, TableRows, table_rows
from studio.data.table_reader import ReadCells, arrow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from studio.data.table_dialect import DecimalSign

#: The share of a column's words that must be numbers for the others to be told as exceptions.
MOSTLY = 0.9
#: Columns whose exceptions are told.
_TOLD = 3
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, eq=False)
class TypedTable:
    """The rows of one or two files with the kinds of their columns.

    Attributes:
        parts: the rows to learn from, and those to test on where they came in a file of their own.
        numbers: (N,) of each row to learn from its number in the file.
        class_column: the name of the column with the classes.
        notes: what was left out or taken for something.
    """

    parts: tuple[TableRows, ...]
    numbers: np.ndarray
    class_column: str
    notes: tuple[Text, ...]


def typed_table(
    parts: Sequence[ReadCells],
    decimal: DecimalSign,
    class_column: str,
    kinds: Mapping[str, ColumnKind],
    leave_out: Sequence[str],
) -> TypedTable:
    """Columns as numbers where all their words are numbers, else as names.

    Args:
        parts: of equal columns; names are given codes over all of them.
        class_column: name of the column with the classes; the last one that is not left out if empty.
        kinds: what a person says of columns.
        leave_out: names of columns that are not used.

    Raises:
        StudioError: a column named does not exist, or a number is wanted where there is none.
    """
    names = parts[0].names
    for name in (*kinds, *leave_out, *([class_column] if class_column else [])):
        if name not in names:
            raise _no_column(name, names)
    used = [name for name in names if name not in leave_out]
    chosen = class_column or (used[-1] if used else "")
    if not chosen or chosen in leave_out:
        raise StudioError("No column is left for the class.", "", "Leave fewer columns out.", place="dataset.leave_out")
    notes: list[Text] = []
    classes, labels = _classes([part.columns[names.index(chosen)] for part in parts])
    kept = [np.flatnonzero(of_part >= 0) for of_part in labels]
    without = labels[0] < 0
    if without.any():
        first = parts[0].first_row + int(np.argmax(without))
        count = int(without.sum())
        template = (
            "Row {row} has no class in the column “{column}” and is left out."
            if count == 1
            else "{count} rows have no class in the column “{column}” and are left out, the first is row {row}."
        )
        notes.append(text(template, count=thousands(count), column=chosen, row=thousands(first)))
    columns: list[TableColumn] = []
    cells: list[list[np.ndarray]] = [[] for _ in parts]
    for place, name in enumerate(names):
        if name in used and name != chosen:
            column, values = _typed(
                name, [part.columns[place] for part in parts], decimal, kinds.get(name), parts[0], notes
            )
            columns.append(column)
            for of_part, part_values in zip(cells, values, strict=True):
                of_part.append(part_values)
    rows = [
        table_rows(columns, [column[keep] for column in of_part], part_labels[keep], classes)
        for of_part, part_labels, keep in zip(cells, labels, kept, strict=True)
    ]
    return TypedTable(tuple(rows), parts[0].first_row + kept[0], chosen, tuple(notes))


def _classes(columns: Sequence[Any]) -> tuple[tuple[str, ...], list[np.ndarray]]:
    """Names of the classes in order, and of every row its place among them; -1 where it has none."""
    spelt = [[same_class(str(name)) for name in column.unique().to_pylist() if name is not None] for column in columns]
    names = sorted({name for of_part in spelt for name in of_part}, key=natural_order)
    places = {name: place for place, name in enumerate(names)}
    shown = tuple(printable(name) for name in names)
    return shown, [_codes(column, lambda word: places[same_class(word)]) for column in columns]


def _typed(
    name: str,
    columns: Sequence[Any],
    decimal: DecimalSign,
    wanted: ColumnKind | None,
    first_part: ReadCells,
    notes: list[Text],
) -> tuple[TableColumn, list[np.ndarray]]:
    numbers = [_numbers(column, decimal) for column in columns] if wanted != "nominal" else []
    strange = next(
        (found for found in (_exception(c, n) for c, n in zip(columns, numbers, strict=False)) if found), None
    )
    if numbers and (strange is None or wanted == "numeric"):
        if strange is not None:
            raise StudioError(
                "The column “{column}” cannot be read as numbers: row {row} says “{word}”.",
                "",
                "Take it for names, or add this word to those for missing values.",
                column=name,
                row=thousands(first_part.first_row + strange[0]),
                word=strange[1],
                place="dataset.numeric",
            )
        missing = any(bool(np.isnan(values).any()) for values in numbers)
        return TableColumn(name, "numeric", (), missing), numbers
    if strange is not None and strange[2] >= MOSTLY and len(notes) < _TOLD:
        template = "The column “{column}” is taken for names, because row {row} says “{word}” and nearly all others are numbers."
        notes.append(text(template, column=name, row=thousands(first_part.first_row + strange[0]), word=strange[1]))
    found = {str(word) for column in columns for word in column.unique().to_pylist() if word is not None}
    categories = tuple(sorted(found, key=natural_order))
    places = {word: place for place, word in enumerate(categories)}
    codes = [_codes(column, places.__getitem__) for column in columns]
    missing = any(bool((values == MISSING).any()) for values in codes)
    return TableColumn(name, "nominal", tuple(map(printable, categories)), missing), codes


def _numbers(column: Any, decimal: DecimalSign) -> np.ndarray:
    """(N,) float64; NaN where a word is missing or no number. An endless number counts as missing."""
    pyarrow = arrow()
    words = column
    if decimal == ",":
        words = pyarrow.compute.replace_substring(words, ".", "x")  # a point is then no decimal sign
        words = pyarrow.compute.replace_substring(words, ",", ".")
    try:
        values = pyarrow.compute.cast(words, pyarrow.float64())  # where all are numbers, in a tenth of the time
    except pyarrow.ArrowInvalid:
        number = pyarrow.compute.match_substring_regex(words, r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
        plain = pyarrow.compute.replace_substring_regex(words, r"^\+", "")
        values = pyarrow.compute.cast(pyarrow.compute.if_else(number, plain, None), pyarrow.float64())
    array: np.ndarray = values.to_numpy(zero_copy_only=False).astype(np.float64)
    return np.where(np.isfinite(array), array, np.nan)


def _exception(column: Any, numbers: np.ndarray) -> tuple[int, str, float] | None:
    """Place and word of the first that is no number, and the share of words that are; None where all are."""
    present = ~column.is_null().to_numpy(zero_copy_only=False)
    strange = np.flatnonzero(present & np.isnan(numbers))
    if not len(strange):
        return None
    return int(strange[0]), printable(str(column[int(strange[0])]))[:40], 1 - len(strange) / max(1, int(present.sum()))


def _codes(column: Any, place_of: Any) -> np.ndarray:
    """Of every word its place, -1 where it is missing."""
    encoded = column.dictionary_encode()
    places = np.array([*(place_of(str(word)) for word in encoded.dictionary.to_pylist()), MISSING], np.int64)
    indices = encoded.indices.fill_null(len(places) - 1).to_numpy(zero_copy_only=False)
    codes: np.ndarray = places[indices]
    return codes


def natural_order(name: str) -> tuple[tuple[int, float, str], ...]:
    """Sorts names by the numbers in them: "2" before "10", "lot 9" before "lot 10"."""
    parts = _DIGITS.split(name.casefold())
    return (*((0, float(part), "") if part.isdigit() else (1, 0.0, part) for part in parts if part), (2, 0.0, name))


def _no_column(name: str, names: Sequence[str]) -> StudioError:
    return StudioError(
        "The table has no column “{name}”.",
        "Its columns are {names}.",
        "Choose one of these.",
        name=name,
        names=", ".join(names[:10]) + (", ..." if len(names) > 10 else ""),
        place="dataset.class_column",
    )
