"""What is wrong with a table, or worth knowing of it: refused or said with the row or the column it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from studio.core.errors import StudioError
from studio.core.format import thousands
from studio.core.message import Text, text, translatable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.data.table_columns import TableRows

#: Columns a table may have, classes it may tell apart, and names a column may hold, each of which becomes an input.
MOST_COLUMNS, MOST_CLASSES, MOST_CATEGORIES = 10_000, 1_000, 1_000
#: Rows from which a column that says something else in each of them is taken for a name of the rows.
LEAST_NAMED = 20
#: Columns that one sentence names.
_NAMED = 3
#: What is said of one column, and of several.
_TELLING = (
    translatable(
        "The column {columns} tells the class by itself in every row: was it filled in once the class was known? "
        "Leave it out if so."
    ),
    translatable(
        "The columns {columns} each tell the class by themselves in every row: were they filled in once the class was "
        "known? Leave them out if so."
    ),
)
_NAMING = (
    translatable(
        "The column {columns} says something else in every row, as a name or a number of the rows does. Leave it out "
        "if it is one."
    ),
    translatable(
        "The columns {columns} say something else in every row, as a name or a number of the rows does. Leave out "
        "what is one."
    ),
)
_CONSTANT = (
    translatable("The column {columns} says the same in every row."),
    translatable("The columns {columns} each say the same in every row."),
)


def refuse_unusable(rows: TableRows, class_column: str, numbers: np.ndarray) -> None:
    """Raise where nothing can be learnt from these rows.

    Args:
        class_column: name of the column with the classes, for words.
        numbers: (N,) the number of each row as a person counts them in the file.

    Raises:
        StudioError: there are fewer than two rows or classes, a class is seen once or in rows to test on alone, a column
            is empty or holds more names than can be told apart.
    """
    if len(rows) < 2:
        raise StudioError(
            "One row is too few to learn from." if len(rows) else "The table has no rows.",
            "",
            "Choose a table with a few rows of each class at least.",
            place="dataset.path",
        )
    sizes = np.bincount(rows.labels, minlength=len(rows.classes))
    if len(sizes) < 2:
        raise StudioError(
            "All {count} rows have the class “{name}” in the column “{column}”.",
            "There is nothing to tell apart.",
            "Choose another column for the class, or a table with two classes.",
            count=thousands(len(rows)),
            name=rows.classes[0],
            column=class_column,
            place="dataset.class_column",
        )
    _refuse_rare_classes(rows, sizes, class_column, numbers)
    if not rows.columns:
        raise StudioError(
            "The table has no column beside its class.",
            "",
            "Choose a table with at least one column to learn from.",
            place="dataset.path",
        )
    for place, column in enumerate(rows.columns):
        if rows.missing(place).all():
            raise StudioError(
                "The column “{column}” has no value in any row.",
                "",
                "Leave this column out.",
                column=column.name,
                place="dataset.leave_out",
            )
        if len(column.categories) > MOST_CATEGORIES:
            raise StudioError(
                "The column “{column}” holds {count} different names; at most {most} can be told apart.",
                "Each becomes an input of its own.",
                "Leave this column out.",
                column=column.name,
                count=thousands(len(column.categories)),
                most=thousands(MOST_CATEGORIES),
                place="dataset.leave_out",
            )


def _refuse_rare_classes(rows: TableRows, sizes: np.ndarray, class_column: str, numbers: np.ndarray) -> None:
    if len(sizes) > MOST_CLASSES:
        raise StudioError(
            "The column “{column}” names {count} classes; at most {most} can be told apart.",
            "It may hold measurements.",
            "Choose another column for the class.",
            column=class_column,
            count=thousands(len(sizes)),
            most=thousands(MOST_CLASSES),
            place="dataset.class_column",
        )
    never = np.flatnonzero(sizes == 0)
    if len(never):
        raise StudioError(
            "The class “{name}” is only among the rows to test on.",
            "Nothing can be learnt of it.",
            "Add rows of this class to those to learn from, or take it out of the others.",
            name=rows.classes[int(never[0])],
            place="dataset.test_path",
        )
    once = np.flatnonzero(sizes == 1)
    if len(once):
        row = int(numbers[int(np.argmax(rows.labels == once[0]))])
        raise StudioError(
            "The class “{name}” is seen in one row only, row {row}."
            if len(once) == 1
            else "{count} classes are seen in one row only, for example “{name}” in row {row}.",
            "One row cannot be learnt from and tested on.",
            "Add rows of this class, take this row out, or choose another column than “{column}” for the class.",
            name=rows.classes[int(once[0])],
            row=thousands(row),
            count=len(once),
            column=class_column,
            place="dataset.class_column",
        )


def remarks(rows: TableRows) -> tuple[Text, ...]:
    """What a person should know of columns that can be used: they tell the class, name the rows, or say nothing."""
    by_class = np.argsort(rows.labels, kind="stable")
    telling = [c.name for place, c in enumerate(rows.columns) if _tells_the_class(rows, place, by_class)]
    naming = [c.name for place, c in enumerate(rows.columns) if c.name not in telling and _names_the_rows(rows, place)]
    constant = [c.name for place, c in enumerate(rows.columns) if _is_constant(rows.cells(place))]
    found = zip((telling, naming, constant), (_TELLING, _NAMING, _CONSTANT), strict=True)
    return tuple(text(said[len(names) > 1], columns=_listed(names)) for names, said in found if names)


def rows_in_both(train: TableRows, test: TableRows) -> tuple[Text, ...]:
    """How many rows to test on stand, value by value, among those to learn from."""
    count = int(np.isin(_digests(test), _digests(train)).sum())
    if not count:
        return ()
    values = {"count": thousands(count), "all": thousands(len(test))}
    if count == 1:
        return (
            Text("One of the {all} rows to test on stands among the rows to learn from too, value by value.", values),
        )
    return (
        Text("{count} of the {all} rows to test on stand among the rows to learn from too, value by value.", values),
    )


def copies_told(train: TableRows, test: TableRows | None) -> tuple[Text, ...]:
    """That rows are to learn from and to test on, or may come to be where some are still to be set aside to test on."""
    if test is not None:
        return rows_in_both(train, test)
    counts = np.unique(_digests(train), return_counts=True)[1]
    count = int(counts[counts > 1].sum())
    if not count:
        return ()
    values = {"count": thousands(count), "all": thousands(len(train))}
    words = "{count} of the {all} rows have the values of another one: some may be learnt from and tested on too."
    return (Text(words, values),)


def _tells_the_class(rows: TableRows, place: int, by_class: np.ndarray) -> bool:
    """Whether the class can be read off the column alone.

    Of names: all rows of a name are of one class, and there are two rows a name or more. Of numbers: each class lies
    in one interval of its own. A missing value counts as one more name, and speaks for nothing among numbers.

    Args:
        by_class: places of the rows, those of the first class first; each class has one.
    """
    cells, count = rows.cells(place), len(rows.classes)
    if rows.columns[place].kind == "nominal":
        table = np.zeros((len(rows.columns[place].categories) + 1, count), np.int64)
        np.add.at(table, (cells, rows.labels), 1)
        seen = (table > 0).sum(axis=1)
        return bool(seen.max() == 1 and len(rows) >= 2 * (seen > 0).sum())
    if rows.missing(place).any():
        return False
    starts = np.searchsorted(rows.labels[by_class], np.arange(count))
    least, largest = (reduce.reduceat(cells[by_class], starts) for reduce in (np.minimum, np.maximum))
    order = np.argsort(least)
    return bool((largest[order][:-1] < least[order][1:]).all())


def _names_the_rows(rows: TableRows, place: int) -> bool:
    """Whether no two rows share a name, or whole numbers count them up or down."""
    cells = rows.cells(place)
    if len(rows) < LEAST_NAMED or rows.missing(place).any():
        return False
    if rows.columns[place].kind == "nominal":
        return len(np.unique(cells)) == len(cells)
    steps = np.diff(cells)
    return bool(np.all(steps == 1) or np.all(steps == -1))


def _is_constant(cells: np.ndarray) -> bool:
    return bool((cells == cells[0]).all())


def _digests(rows: TableRows) -> np.ndarray:
    """(N,) uint64, equal for rows of equal values; others differ but for a chance of 2⁻⁶⁴ a pair."""
    sums = np.zeros(len(rows), np.uint64)
    for place in range(len(rows.columns)):
        cells = rows.cells(place)
        # 0.0 and -0.0 are one number, and all NaN are one value
        plain = np.where(np.isnan(cells), np.nan, cells + 0.0) if cells.dtype.kind == "f" else cells
        sums = _mixed(sums + np.uint64(0x9E3779B97F4A7C15) + _mixed(plain.view(np.uint64)))
    return sums


def _mixed(words: np.ndarray) -> np.ndarray:
    """The last steps of SplitMix64 (Steele et al., OOPSLA 2014): every bit of a word decides about half of all bits."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = words ^ (words >> np.uint64(31))
    return mixed


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
