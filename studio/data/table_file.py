"""A text file of rows in a given reading: how it is written, what its columns hold, and a preview of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import model_validator

from studio.core.errors import StudioError
from studio.core.message import Text, text, translatable
from studio.core.setting_field import setting
from studio.core.table_preview import ColumnPreview, TablePreview
from studio.data.base import Glance, ProgressListener, SourceSettings, silent
from studio.data.table_columns import ColumnKind
from studio.data.table_dialect import Delimiter, Dialect, DialectWish, FileBeginning, QuoteSign, read_beginning
from studio.data.table_encoding import encoded_width
from studio.data.table_examples import decoded_table
from studio.data.table_findings import copies_told, refuse_unusable, remarks
from studio.data.table_reader import arrow, read_cells
from studio.data.table_summary import SHOWN, class_preview, column_previews, size_words
from studio.data.table_typing import TypedTable, typed_table

#: What names of such files end in, and what a dialog asks for.
ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".data", ".csv.gz", ".tsv.gz", ".txt.gz")
FILES = translatable("Tables (*.csv *.tsv *.tab *.txt *.data *.gz);;All files (*)")
#: Bytes of files that are read for a glance: it takes about half a second. Rows of one, as many as a card draws.
GLANCED, SKETCHED = 4_000_000, 6
CHOOSE = "Choose a file with a row for each case, such as CSV."
_DELIMITERS: dict[str, Delimiter] = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "space": " "}
_QUOTES: dict[str, QuoteSign] = {"double": '"', "single": "'", "none": "none"}


class TableSettings(SourceSettings):
    """Which file, and how it is read."""

    path: Path | None = setting(
        None,
        description="File with a row for each case, such as CSV; it may be packed with gzip",
        label="File",
        files=FILES,
    )
    test_path: Path | None = setting(
        None,
        description="File with the rows to test on, written in the same way; some of the others if empty",
        label="File to test on",
        files=FILES,
    )
    class_column: str = setting(
        "",
        description="Name of the column that says the class; the last one if empty",
        label="Class column",
        empty="the last",
    )
    delimiter: Literal["guess", "comma", "semicolon", "tab", "bar", "space"] = setting(
        "guess",
        description="What stands between two values",
        label="Between values",
        words={"comma": "a comma", "semicolon": "a semicolon", "tab": "a tab", "bar": "a bar |", "space": "a space"},
    )
    decimal: Literal["guess", "point", "comma"] = setting(
        "guess",
        description="What stands before the decimals of a number",
        label="Before decimals",
        words={"point": "a point", "comma": "a comma"},
    )
    header: Literal["guess", "yes", "no"] = setting(
        "guess",
        description="Whether the first row names the columns",
        label="Row of names",
    )
    quotes: Literal["guess", "double", "single", "none"] = setting(
        "guess",
        description="What stands around texts that hold the sign between values",
        label="Quotes",
        level="expert",
        words={"double": 'double "', "single": "single '"},
    )
    encoding: Literal["guess", "utf-8", "utf-16", "cp1252"] = setting(
        "guess",
        description="How letters are written as bytes",
        label="Encoding",
        level="expert",
        words={"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows 1252"},
    )
    missing: str = setting(
        "? NA N/A NaN null",
        description="Words that stand for a missing value, with spaces between; an empty cell always does",
        label="Missing values",
        level="expert",
        max_length=500,
    )
    numeric: tuple[str, ...] = setting(
        (), description="Columns taken for numbers, whatever is guessed", level="composer"
    )
    nominal: tuple[str, ...] = setting((), description="Columns taken for names, whatever is guessed", level="composer")
    leave_out: tuple[str, ...] = setting((), description="Columns that are not used", level="composer")

    @model_validator(mode="after")
    def _one_kind_a_column(self) -> TableSettings:
        twice = set(self.numeric) & set(self.nominal)
        if twice:
            raise ValueError(f"The column “{min(twice)}” cannot be both numbers and names.")
        return self

    @property
    def wish(self) -> DialectWish:
        """What is said of how the file is written."""
        return DialectWish(
            _DELIMITERS.get(self.delimiter),
            _QUOTES.get(self.quotes),
            {"point": ".", "comma": ","}.get(self.decimal),  # type: ignore[arg-type]
            None if self.encoding == "guess" else self.encoding,
            {"yes": True, "no": False}.get(self.header),
        )

    @property
    def kinds(self) -> dict[str, ColumnKind]:
        """What is said of the kinds of columns."""
        return {**dict.fromkeys(self.numeric, "numeric"), **dict.fromkeys(self.nominal, "nominal")}


@dataclass(frozen=True)
class TableFile:
    """A file in a given reading: its columns typed, refused where nothing can be learnt from them."""

    settings: TableSettings

    @property
    def files(self) -> tuple[Path, ...]:
        """The file to learn from, and that to test on where there is one.

        Raises:
            StudioError: none is chosen.
        """
        if self.settings.path is None:
            raise StudioError("No file is chosen for the table.", "", CHOOSE, place="dataset.path")
        return tuple(path.expanduser() for path in (self.settings.path, self.settings.test_path) if path is not None)

    def beginning(self) -> FileBeginning:
        """How the file to learn from is written, and its first rows."""
        return read_beginning(self.files[0], self.settings.wish)

    def read(self, progress: ProgressListener = silent) -> TypedTable:
        """All rows, with kinds, before it is asked whether anything can be learnt from them.

        Raises:
            StudioError: they cannot be read so.
        """
        arrow()  # before anything else is asked of a person
        beginning, missing = self.beginning(), tuple(self.settings.missing.split())
        parts = [read_cells(self.files[0], beginning, missing, progress)]
        for path in self.files[1:]:
            tested = read_beginning(path, self.settings.wish)
            if tested.names != beginning.names:
                raise _other_columns(path, tested.names, beginning.names)
            parts.append(read_cells(path, tested, missing, progress))
        settings = self.settings
        return typed_table(parts, beginning.dialect.decimal, settings.class_column, settings.kinds, settings.leave_out)


def glance_at_file(table: TableFile) -> Glance | None:
    """What a file holds, in brief; None of one that is too large to be read for that.

    Raises:
        StudioError: it cannot be read, or nothing can be learnt from it.
    """
    if sum(path.stat().st_size for path in table.files) > GLANCED:
        return None
    read = table.read()
    train = read.parts[0]
    refuse_unusable(train, read.class_column, read.numbers)
    examples = decoded_table(train).train
    first = np.unique(train.labels, return_index=True)[1][:SKETCHED]  # one of each class, then the next rows
    rows = np.array(list(dict.fromkeys([*first.tolist(), *range(len(train))]))[:SKETCHED])
    return Glance(
        (encoded_width(train.columns),),
        train.classes,
        len(train),
        len(read.parts[1]) if len(read.parts) > 1 else None,
        int(np.bincount(train.labels).max()),
        examples.inputs[rows].numpy(),
        train.labels[rows],
        train.columns,
    )


def preview_file(table: TableFile, progress: ProgressListener = silent) -> TablePreview:
    """What a person should see of a file before it is used; what is wrong with it stands in the preview."""
    try:
        beginning = table.beginning()
    except StudioError as error:
        return TablePreview((), (), (), (), error.paragraph(), is_own=True)
    names = beginning.names
    rows = beginning.rows[int(beginning.dialect.has_header) :][:SHOWN]
    written = _dialect_words(beginning.dialect)
    bare = tuple(ColumnPreview(name, "unused" if name in table.settings.leave_out else None) for name in names)
    shown = TablePreview((written,), names, rows, bare, is_own=True)
    try:
        read = table.read(progress)
    except StudioError as error:
        return replace(shown, problem=error.paragraph())
    train = read.parts[0]
    found = {each.name: each for each in (*column_previews(train), class_preview(read.class_column, train))}
    shown = replace(
        shown,
        words=(size_words(train, read.parts[1] if len(read.parts) > 1 else None), written),
        columns=tuple(found.get(name, ColumnPreview(name, "unused")) for name in names),
    )
    try:
        refuse_unusable(train, read.class_column, read.numbers)
    except StudioError as error:
        return replace(shown, problem=error.paragraph())
    copies = copies_told(train, read.parts[1] if len(read.parts) > 1 else None)
    return replace(shown, remarks=(*read.notes, *remarks(train)), copies=copies)


_BETWEEN = {
    ",": Text("commas between values"),
    ";": Text("semicolons between values"),
    "\t": Text("tabs between values"),
    "|": Text("bars between values"),
    " ": Text("spaces between values"),
}
_QUOTED: dict[QuoteSign, Text] = {
    '"': Text("double quotes around texts"),
    "'": Text("single quotes around texts"),
    "none": Text("no quotes around texts"),
}
_ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows 1252"}


def _dialect_words(dialect: Dialect) -> Text:
    return text(
        "Read with {between}, {quotes}, {decimals}, {header}, as {encoding}.",
        between=_BETWEEN[dialect.delimiter],
        quotes=_QUOTED[dialect.quote],
        decimals=Text("a comma before decimals") if dialect.decimal == "," else Text("a point before decimals"),
        header=Text("names in the first row") if dialect.has_header else Text("no row of names"),
        encoding=_ENCODINGS[dialect.encoding],
    )


def _other_columns(path: Path, found: tuple[str, ...], wanted: tuple[str, ...]) -> StudioError:
    strange = next((name for name in found if name not in wanted), "")
    lacking = next((name for name in wanted if name not in found), "")
    return StudioError(
        "The file to test on has other columns than the one to learn from.",
        "The column “{lacking}” is not in {path}."
        if lacking
        else "{path} also has the column “{strange}”."
        if strange
        else "They stand in another order in {path}.",
        "Choose a file with the same columns in the same order.",
        lacking=lacking,
        strange=strange,
        path=path,
        place="dataset.test_path",
    )
