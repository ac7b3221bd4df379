"""A drawing or its values written to a file a person chose."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QIODevice, QSaveFile
from PySide6.QtGui import QPixmap

from studio.core.errors import StudioError

Value = str | int | float | None


@dataclass(frozen=True)
class CsvTable:
    """The values behind a drawing: a row of names, and rows of as many values; None is left empty."""

    header: Sequence[str]
    rows: Sequence[Sequence[Value]]


def save_picture(picture: QPixmap, path: Path) -> None:
    """Write a picture as PNG, whatever the name ends with.

    Raises:
        StudioError: the file cannot be written; what was there before is intact.
    """
    file = _open(path)
    if not picture.save(file, "PNG"):
        file.cancelWriting()
    _commit(file, path)


def save_csv(table: CsvTable, path: Path) -> None:
    """Write values as comma separated text, UTF-8, with a row of names.

    Raises:
        StudioError: the file cannot be written; what was there before is intact.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.header)
    writer.writerows([["" if value is None else value for value in row] for row in table.rows])
    file = _open(path)
    file.write(text.getvalue().encode())
    _commit(file, path)


def _open(path: Path) -> QSaveFile:
    """A file that takes its name only when it is complete."""
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise _refused(file, path)
    return file


def _commit(file: QSaveFile, path: Path) -> None:
    if not file.commit():
        raise _refused(file, path)


def _refused(file: QSaveFile, path: Path) -> StudioError:
    return StudioError(
        "The file {path} could not be written.",
        "The system says: {reason}.",
        "Choose another folder, or make room on the disk, and save again.",
        path=path,
        reason=file.errorString().rstrip("."),
    )
