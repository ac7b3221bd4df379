"""What a table holds, in plain values: shown before it is used, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.core.message import NOTHING, Text

#: What a column is taken for: something to learn from, numbers or names; the class; nothing.
ColumnUse = Literal["numeric", "nominal", "class", "unused"]


@dataclass(frozen=True)
class ColumnPreview:
    """One column.

    Attributes:
        use: what it is taken for; None where the table could not be read so far.
        missing: rows in which it has no value; None where nobody knows.
        counts: rows in each of equal ranges of its numbers, or of each of its most frequent names; may be empty.
        words: its range, or its names.
    """

    name: str
    use: ColumnUse | None
    missing: int | None = None
    counts: tuple[int, ...] = ()
    words: Text = NOTHING


@dataclass(frozen=True)
class TablePreview:
    """A table before it is used.

    Attributes:
        words: how many rows and columns, and how the file is written, a sentence each.
        names: of all columns.
        rows: the cells of the first rows, as they are written.
        columns: in the order of the table.
        problem: why it cannot be used so; empty where it can.
        remarks: what a person should know of it.
        copies: that the same rows are, or may come to be, to learn from and to test on, a sentence a reason.
        learns_copies: whether they would be learnt from.
        is_own: whether the uses of its columns can be changed.
        is_picked: whether a file is named; else there is nothing to show.
    """

    words: tuple[Text, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[ColumnPreview, ...]
    problem: Text = NOTHING
    remarks: tuple[Text, ...] = ()
    copies: tuple[Text, ...] = ()
    learns_copies: bool = True
    is_own: bool = False
    is_picked: bool = True
