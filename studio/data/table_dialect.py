"""How a text file of rows is written: encoding, delimiter, quotes, decimal sign and heading, guessed from its beginning.

What a person says is taken as it is; only the rest is guessed. Equal files are guessed equally.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from studio.core.bounded_read import UnreadableFile, open_regular
from studio.core.errors import StudioError, os_reason
from studio.core.format import byte_size, thousands
from studio.data.class_names import printable
from studio.data.table_findings import MOST_COLUMNS

Delimiter = Literal[",", ";", "\t", "|", " "]
QuoteSign = Literal['"', "'", "none"]
DecimalSign = Literal[".", ","]
TextEncoding = Literal["utf-8", "utf-16", "cp1252"]

#: Bytes of the beginning that are looked at, and what the first line may have.
SAMPLE, LONGEST_LINE = 1 << 18, 1 << 24
#: Letters of a column's name that are kept.
LONGEST_NAME = 100
#: Rows of the beginning that are compared with each other.
SAMPLE_ROWS = 200
#: What is raised where a disk gives no bytes, or a packed file is cut off or damaged.
BROKEN = (OSError, EOFError, zlib.error)
#: First bytes of kinds of files that are often taken for tables, and what they are.
_KINDS = (
    (b"PK\x03\x04", "an archive or a workbook of a spreadsheet"),
    (b"\xd0\xcf\x11\xe0", "a workbook of an older spreadsheet"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"PAR1", "a Parquet file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"SQLite format 3", "a database"),
)
_MARKS: tuple[tuple[bytes, TextEncoding], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS: tuple[Delimiter, ...] = (",", ";", "\t", "|", " ")
_NUMBERS = {
    sign: re.compile(rf"\s*[-+]?(\d+{re.escape(sign)}?\d*|{re.escape(sign)}\d+)([eE][-+]?\d+)?\s*") for sign in ".,"
}
#: Signs that text files have no use for.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class Dialect:
    """How a file is written.

    Attributes:
        has_header: whether its first row names the columns.
    """

    delimiter: Delimiter
    quote: QuoteSign
    decimal: DecimalSign
    encoding: TextEncoding
    has_header: bool


@dataclass(frozen=True)
class DialectWish:
    """What a person says of it; None is guessed."""

    delimiter: Delimiter | None = None
    quote: QuoteSign | None = None
    decimal: DecimalSign | None = None
    encoding: TextEncoding | None = None
    has_header: bool | None = None


@dataclass(frozen=True)
class FileBeginning:
    """The first rows of a file, and how it seems to be written.

    Attributes:
        rows: the cells of the first rows, the heading among them where there is one.
        skip: lines before them that are passed over.
        comment: what lines begin with that are passed over wherever they stand; nothing if empty.
    """

    dialect: Dialect
    rows: tuple[tuple[str, ...], ...]
    skip: int = 0
    comment: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What the columns are called: as the heading says, or by their number; no two alike."""
        first = self.rows[0] if self.rows else ()
        given = first if self.dialect.has_header else ("",) * len(first)
        names: list[str] = []
        for number, name in enumerate(given, start=1):
            wanted = printable(name.strip()[:LONGEST_NAME]) or f"column {number}"
            unique, copy = wanted, 1
            while unique in names:
                copy += 1
                unique = f"{wanted} ({copy})"
            names.append(unique)
        return tuple(names)


def open_rows(path: Path) -> BinaryIO | gzip.GzipFile:
    """The bytes of a file, unpacked where it is packed with gzip.

    Raises:
        StudioError: it is not there, or may not be read.
    """
    try:
        file = open_regular(path)
    except UnreadableFile as error:
        raise StudioError(
            "The table {path} cannot be read.",
            error.why,
            "Choose a file of rows, such as CSV.",
            path=path,
            place="dataset.path",
        ) from error
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    return gzip.open(file) if packed else file


def read_beginning(path: Path, wish: DialectWish) -> FileBeginning:
    """The first rows of a file, and how it is written: as ``wish`` says, guessed where it says nothing.

    Raises:
        StudioError: the file is empty, is no text, or its first row is longer than any table's.
    """
    data = _first_bytes(path)
    text, encoding = _decoded(data, wish.encoding, path)
    lines = text.split("\n")
    if len(data) >= SAMPLE and len(lines) > 1:
        lines = lines[:-1]  # the last may be cut off
    lines = [line.rstrip("\r") for line in lines if line.strip()][:SAMPLE_ROWS]
    if not lines:
        raise StudioError("The table {path} is empty.", "", "Choose a file with rows.", path=path, place="dataset.path")
    quote = wish.quote or _guess_quote(lines)
    delimiter = wish.delimiter or _guess_delimiter(lines, quote)
    rows = _split(lines, delimiter, quote)
    if len(rows[0]) > MOST_COLUMNS:
        raise StudioError(
            "The table {path} has {count} columns; at most {most} can be used.",
            "",
            "Choose a file with fewer columns, or set another delimiter if this one is wrong.",
            path=path,
            count=thousands(len(rows[0])),
            most=thousands(MOST_COLUMNS),
            place="dataset.path",
        )
    decimal = wish.decimal or _guess_decimal(rows, delimiter)
    header = _guess_header(rows, decimal) if wish.has_header is None else wish.has_header
    return FileBeginning(Dialect(delimiter, quote, decimal, encoding, header), tuple(map(tuple, rows)))


def _first_bytes(path: Path) -> bytes:
    """Enough of a file to guess from; more where its first line goes on."""
    try:
        with open_rows(path) as file:
            data = file.read(SAMPLE)
            while b"\n" not in data and len(data) < LONGEST_LINE and (more := file.read(SAMPLE)):
                data += more
    except BROKEN as error:
        raise broken_file(path, error) from error
    if b"\n" not in data and len(data) >= LONGEST_LINE:
        raise StudioError(
            "The table {path} has no end of its first row within {size}.",
            "It may be no table.",
            "Choose a file with a row a line, such as CSV.",
            path=path,
            size=byte_size(LONGEST_LINE),
            place="dataset.path",
        )
    return data


def broken_file(path: Path, error: Exception) -> StudioError:
    """The refusal of a file whose bytes cannot be had; ``error`` is one of :data:`BROKEN`."""
    return StudioError(
        "The table {path} cannot be read.",
        "{reason}.",
        "Fetch or unpack the file again.",
        path=path,
        reason=os_reason(error) if isinstance(error, OSError) and error.strerror else str(error).rstrip("."),
        place="dataset.path",
    )


def _decoded(data: bytes, wanted: TextEncoding | None, path: Path) -> tuple[str, TextEncoding]:
    for start, what in _KINDS:
        if data.startswith(start):
            raise _no_text(path, "It is {kind}.", what)
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if wanted is None and marked is None and b"\x00" in data:
        raise _no_text(path, "It holds bytes that no text has.")
    encoding = wanted or marked or ("utf-8" if _is_utf8(data) else "cp1252")
    text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding, "replace")
    if _CONTROL.search(text):
        raise _no_text(path, "It holds bytes that no text has.")
    return text, encoding


def _no_text(path: Path, why: str, kind: str = "") -> StudioError:
    return StudioError(
        "The file {path} is no text.",
        why,
        "Save the table as CSV and choose that file.",
        path=path,
        kind=kind,
        place="dataset.path",
    )


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=False)  # the last letter may be cut off
    except UnicodeDecodeError:
        return False
    return True


def _guess_quote(lines: list[str]) -> QuoteSign:
    """The sign that stands at the beginning and end of cells; the double quote unless only the other one does."""
    edges = Counter(sign for line in lines for sign in re.findall(r"(?:^|[,;\t| ])([\"'])", line))
    return "'" if edges["'"] > 2 and not edges['"'] and _in_pairs(lines, "'") else '"'


def _in_pairs(lines: list[str], sign: str) -> bool:
    return all(line.count(sign) % 2 == 0 for line in lines)


def _guess_delimiter(lines: list[str], quote: QuoteSign) -> Delimiter:
    """The sign that cuts most lines into as many cells as the first; a space only where no other sign cuts any.

    Of several that cut equally well it is the semicolon, since decimal commas cut as well, then the one that makes
    most cells.
    """
    best: Delimiter = ","
    most: tuple[float, ...] = (0.0,)
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in _split(lines, delimiter, quote)]
        if widths[0] > 1:
            agreeing = sum(width == widths[0] for width in widths) / len(widths)
            rank = (delimiter != " ", round(agreeing, 1), delimiter == ";", widths[0])
            if rank > most:
                best, most = delimiter, rank
    return best


def _split(lines: list[str], delimiter: str, quote: QuoteSign) -> list[list[str]]:
    reader = csv.reader(
        (line + "\n" for line in lines),
        delimiter=delimiter,
        quotechar=None if quote == "none" else quote,
        quoting=csv.QUOTE_NONE if quote == "none" else csv.QUOTE_MINIMAL,
        skipinitialspace=delimiter != " ",
    )
    csv.field_size_limit(LONGEST_LINE)
    return [row for row in reader if row] or [[]]


def _guess_decimal(rows: list[list[str]], delimiter: str) -> DecimalSign:
    """A comma where more cells are numbers with one than with a point."""
    if delimiter == ",":
        return "."
    cells = [cell for row in rows for cell in row]
    with_comma = sum(bool(_NUMBERS[","].fullmatch(cell)) and "," in cell for cell in cells)
    with_point = sum(bool(_NUMBERS["."].fullmatch(cell)) and "." in cell for cell in cells)
    return "," if with_comma > with_point else "."


def _guess_header(rows: list[list[str]], decimal: DecimalSign) -> bool:
    """Whether the first row names the columns: it has no number, and numbers or other names stand below it."""
    first, rest = rows[0], rows[1:]
    number = _NUMBERS[decimal]
    if any(number.fullmatch(cell) for cell in first):
        return False
    if any(number.fullmatch(cell) for row in rest for cell in row):
        return True
    if len(set(first)) < len(first):
        return False
    below = {(place, cell) for row in rest for place, cell in enumerate(row)}
    return not any((place, cell) in below for place, cell in enumerate(first) if cell.strip())
