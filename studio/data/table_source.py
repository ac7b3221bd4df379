"""A table of one's own: a text file of rows, such as CSV, one column of which says the class."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.data.base import DataSource, Decoded, ProgressListener, SourceSettings, silent
from studio.data.cache import CacheEntry, fingerprint
from studio.data.content_sums import files_content
from studio.data.decoded import load_decoded, save_decoded
from studio.data.table_dialect import Delimiter, DialectWish, FileBeginning, QuoteSign, read_beginning
from studio.data.table_examples import decoded_table
from studio.data.table_findings import refuse_unusable, remarks
from studio.data.table_reader import arrow, read_cells
from studio.data.table_typing import TypedTable, typed_table

if TYPE_CHECKING:
    from studio.data.table_columns import ColumnKind

#: Of the way tables are read; another number reads them anew.
READING = 1
_CHOOSE = "Choose a file with a row for each case, such as CSV."

Guess = Literal["guess"]
_DELIMITERS: dict[str, Delimiter] = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "space": " "}
_QUOTES: dict[str, QuoteSign] = {"double": '"', "single": "'", "none": "none"}


class TableSettings(SourceSettings):
    """Which file, and how it is read."""

    path: Path | None = setting(
        None,
        description="File with a row for each case, such as CSV; it may be packed with gzip",
        label="File",
    )
    test_path: Path | None = setting(
        None,
        description="File with the rows to test on, written in the same way; some of the others if empty",
        label="File to test on",
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
            raise StudioError("No file is chosen for the table.", "", _CHOOSE, place="dataset.path")
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


class OwnTable(DataSource):
    """A file of rows."""

    key = "table"
    title = "Table"
    words = "Your own rows, from a CSV file or one like it; one of its columns says the class."
    kind = "table"
    origin = "Yours."
    Settings = TableSettings

    def missing(self, settings: SourceSettings, cache: Path) -> Text | None:
        """The file, as long as it is not chosen or not there."""
        del cache
        assert isinstance(settings, TableSettings)
        if settings.path is None:
            return Text(_CHOOSE)
        gone = next((path for path in TableFile(settings).files if not path.is_file()), None)
        return Text("The file {path} is not there.", {"path": str(gone)}) if gone is not None else None

    def content(
        self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent, most: int | None = None
    ) -> str:
        """Of the bytes of the files, and of the way they are read."""
        assert isinstance(settings, TableSettings)
        return _recipe(TableFile(settings), cache, progress, most)

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """All rows, with what is worth knowing of their columns."""
        assert isinstance(settings, TableSettings)
        table = TableFile(settings)
        place = fingerprint(files=[str(path.absolute()) for path in table.files])
        entry = CacheEntry(cache, f"{self.key}-{place}", _recipe(table, cache, progress))
        if (kept := load_decoded(entry)) is not None:
            return kept
        read = table.read(progress)
        train = read.parts[0]
        refuse_unusable(train, read.class_column, read.numbers)
        test = read.parts[1] if len(read.parts) > 1 else None
        if test is not None and not len(test):
            raise StudioError(
                "The file to test on has no rows.", "", "Choose another, or none.", place="dataset.test_path"
            )
        return save_decoded(entry, decoded_table(train, test, (*read.notes, *remarks(train))))


def _recipe(table: TableFile, cache: Path, progress: ProgressListener, most: int | None = None) -> str:
    try:
        sums = [files_content([path], cache, progress, most) for path in table.files]
    except OSError as error:
        raise StudioError(
            "The file {path} is not there.", "", _CHOOSE, path=error.filename, place="dataset.path"
        ) from error
    said = table.settings.model_dump(mode="json", exclude={"path", "test_path"})
    return fingerprint(reading=READING, sums=sums, said=said)


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


catalog.register("dataset", OwnTable())
