"""A drawing or its values written to a file a person chose."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPixmap

from studio.core.errors import NotWritten, os_reason
from studio.core.files import write_export

Value = str | int | float | None
#: What begins a formula in the usual spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class CsvTable:
    """The values behind a drawing: a row of names, and rows of as many values; None is left empty."""

    header: Sequence[str]
    rows: Sequence[Sequence[Value]]


def save_picture(picture: QPixmap, path: Path) -> None:
    """Write a picture as PNG, whatever the name ends with.

    Raises:
        NotWritten: the file cannot be written; what was there before is intact.
    """
    save_bytes(png(picture), path)


def save_bytes(content: bytes, path: Path) -> None:
    """Write a file that was made in memory.

    Raises:
        NotWritten: the file cannot be written; what was there before is intact.
    """
    write_export(path, content, _refused)


def save_csv(table: CsvTable, path: Path) -> None:
    """Write values as comma separated text, UTF-8, with a row of names.

    A text that a spreadsheet would take for a formula gets an apostrophe before it: names of runs and classes may come
    from anybody.

    Raises:
        NotWritten: the file cannot be written; what was there before is intact.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([[_cell(value) for value in row] for row in (table.header, *table.rows)])
    write_export(path, text.getvalue().encode(), _refused)


def _cell(value: Value) -> str | int | float:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) and not _is_number(value) else value


def _is_number(words: str) -> bool:
    try:
        float(words)
    except ValueError:
        return False
    return True


def png(picture: QPixmap) -> bytes:
    """The bytes of a PNG file of a picture."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(buffer.data().data())


def _refused(path: Path, _size: int, error: OSError) -> NotWritten:
    return NotWritten(
        "The file {path} could not be written.",
        "The system says: {reason}.",
        "Choose another folder, or make room on the disk, and save again.",
        path=path,
        reason=os_reason(error),
    )
