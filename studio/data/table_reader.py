"""Reads a text file of rows into columns of words, with pyarrow; says in which row something is wrong."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.core.errors import StudioError
from studio.core.format import byte_size, thousands
from studio.core.message import Text
from studio.data import storage
from studio.data.class_names import printable
from studio.data.table_dialect import BROKEN, FileBeginning, broken_file, open_rows

if TYPE_CHECKING:
    from pathlib import Path

    from studio.data.base import ProgressListener

#: Bytes read at once. A row must fit.
BLOCK = 1 << 24
#: Bytes in memory for a cell of a table in the making, beside its text: its number as it is read, as it stands in the
#: table, as an example and in its part, and what a network reads.
CELL = 36
#: The library that reads tables, and how it is had: it is large, so that only who wants it has it.
READER = "pyarrow"
INSTALL = "pip install 'distillation-studio[tables]'"


@dataclass(frozen=True, eq=False)
class ReadCells:
    """All rows of a file as words.

    Attributes:
        names: of the columns.
        columns: of each column its words, an Arrow array of strings whose nulls are missing values.
        first_row: the number of the first row as a person counts them in the file.
    """

    names: tuple[str, ...]
    columns: tuple[Any, ...]
    first_row: int

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def arrow() -> Any:
    """The library that reads tables.

    Raises:
        StudioError: it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.csv
    except ImportError as error:
        raise StudioError(
            "Files of tables cannot be read yet.",
            "The library pyarrow, which reads them, is not installed: it is large, and only tables of one's own need it.",
            "Install it with {command}, then start again.",
            command=INSTALL,
            place="dataset.path",
        ) from error
    return pyarrow


def read_cells(path: Path, beginning: FileBeginning, missing: tuple[str, ...], progress: ProgressListener) -> ReadCells:
    """The rows of a file.

    Args:
        beginning: how it is written, and what its columns are called.
        missing: words that stand for a missing value, beside the empty one.
        progress: told how far it is; may raise to cancel.

    Raises:
        StudioError: its bytes cannot be had, a row has more or fewer values than the others, the file is not in the encoding it was taken
            for, or it does not fit in memory.
    """
    pyarrow = arrow()
    dialect, names = beginning.dialect, beginning.names
    before = beginning.skip + int(dialect.has_header)
    ragged: list[Any] = []

    def note_ragged(row: Any) -> str:
        if not beginning.comment or not row.text.lstrip().startswith(beginning.comment):
            ragged.append(row)
        return "skip"

    read_options = pyarrow.csv.ReadOptions(
        use_threads=False,  # rows are only numbered in order
        block_size=BLOCK,
        skip_rows=before,
        column_names=list(names),
        encoding=dialect.encoding,
    )
    parse_options = pyarrow.csv.ParseOptions(
        delimiter=dialect.delimiter,
        quote_char=False if dialect.quote == "none" else dialect.quote,
        newlines_in_values=True,
        invalid_row_handler=note_ragged,
    )
    convert_options = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pyarrow.string()), strings_can_be_null=False, check_utf8=True
    )
    if len(beginning.rows) == int(dialect.has_header):
        return ReadCells(names, tuple(pyarrow.array([], pyarrow.string()) for _ in names), 1 + before)
    batches: list[Any] = []
    rows, size = 0, path.stat().st_size
    try:
        with open_rows(path) as file:
            reader = pyarrow.csv.open_csv(file, read_options, parse_options, convert_options)
            for batch in reader:
                if ragged:
                    break
                batches.append(batch)
                rows += batch.num_rows
                _refuse_beyond_memory(batches, rows, None if isinstance(file, gzip.GzipFile) else size, path)
                values = {"rows": thousands(rows), "path": path.name}
                progress(Text("Reading {path}: {rows} rows", values), None)
    except BROKEN as error:
        raise broken_file(path, error) from error
    except (pyarrow.ArrowInvalid, UnicodeError) as error:
        raise _unreadable(path, beginning, error) from error
    if ragged:
        raise _ragged(path, ragged)
    table = pyarrow.Table.from_batches(batches)
    columns = tuple(_cleaned(table.column(name), [*missing, ""]) for name in names)
    return ReadCells(names, columns, 1 + before)


def _cleaned(column: Any, missing: list[str]) -> Any:
    """The words of a column without spaces at their ends, null where they stand for nothing."""
    pyarrow = arrow()
    trimmed = pyarrow.compute.utf8_trim_whitespace(column.combine_chunks())
    nothing = pyarrow.compute.is_in(trimmed, value_set=pyarrow.array(missing))
    return pyarrow.compute.if_else(nothing, None, trimmed)


def _refuse_beyond_memory(batches: list[Any], rows: int, size: int | None, path: Path) -> None:
    """Raise as soon as it shows that the whole will not fit, so that no machine is brought to a halt."""
    bytes_read = sum(batch.nbytes for batch in batches)
    cells = rows * batches[0].num_columns
    needed = bytes_read + CELL * cells
    # in memory each word has a place of 4 bytes, in the file a sign of 1 behind it
    share = 1.0 if size is None else max(1.0, size / max(1, bytes_read - 3 * cells))
    free = storage.available_memory() + bytes_read
    if needed * share > storage.MEMORY_SHARE * free:
        about = round(rows * share)
        raise StudioError(
            "The table {path} does not fit in memory.",
            "Its {rows} rows need about {needed}, and {free} are free.",
            "Choose a part of its rows or columns, or close other programs.",
            path=path,
            rows=thousands(about) if share > 1 else "first " + thousands(about),
            needed=byte_size(round(needed * share)),
            free=byte_size(free),
            place="dataset.path",
        )


def _ragged(path: Path, rows: list[Any]) -> StudioError:
    first = rows[0]
    return StudioError(
        "Row {row} of {path} has {actual} values, the first row has {expected}.",
        "It begins with “{text}”." if first.text else "",
        "Mend this row, or set another delimiter or other quotes if those are wrong.",
        row=thousands(first.number) if first.number is not None else "?",
        path=path,
        actual=first.actual_columns,
        expected=first.expected_columns,
        text=printable(str(first.text)[:40]),
        place="dataset.path",
    )


def _unreadable(path: Path, beginning: FileBeginning, error: Exception) -> StudioError:
    return StudioError(
        "The table {path} cannot be read as {encoding}.",
        "{reason}.",
        "Set another encoding, or other quotes.",
        path=path,
        encoding=beginning.dialect.encoding,
        reason=str(error).splitlines()[0].rstrip(".")[:200],
        place="dataset.encoding",
    )
