"""Published tables: from a folder that holds them, or from where they are published, checked by what is in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import torch

from studio.core.errors import StudioError
from studio.data.base import Decoded, Examples, ProgressListener
from studio.data.cache import fingerprint
from studio.data.decoded import content_of
from studio.data.download import NOT_IN, downloads, fetch
from studio.data.published_files import PublishedFiles
from studio.data.table_dialect import Dialect, DialectWish, FileBeginning, open_rows, read_beginning
from studio.data.table_examples import decoded_table
from studio.data.table_findings import remarks
from studio.data.table_reader import ReadCells, arrow, read_cells
from studio.data.table_typing import natural_order, typed_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from studio.data.table_columns import TableRows

#: Bytes of the beginning in which an ARFF file says where its data begin.
_HEAD = 1 << 16
_MISSING = ("?",)
_CLASS = "class"


@dataclass(frozen=True)
class PublishedFile:
    """A file of a published table.

    Attributes:
        addresses: tried in turn.
        names: what it may be called in a person's folder; the last is what it is called once it was downloaded.
        digest: of the file itself, where its publisher says one.
    """

    addresses: tuple[str, ...]
    names: tuple[str, ...]
    digest: str = ""

    def find(self, folder: Path) -> Path | None:
        """The file in ``folder``, packed or not."""
        candidates = [folder / f"{name}{packed}" for name in self.names for packed in ("", ".gz")]
        return next((path for path in candidates if path.is_file()), None)


class PublishedTable(PublishedFiles):
    """A table whose file has no heading, or the names of its columns in the first row and the class in the last column."""

    kind = "table"
    #: The file to learn from, and that to test on where it is published apart.
    files: ClassVar[tuple[PublishedFile, ...]]
    #: Of all columns but the class.
    names: ClassVar[tuple[str, ...]]
    #: Whether the class stands before the other columns in the file as published.
    class_first: ClassVar[bool] = False
    #: What classes are called here, by what the file says.
    class_words: ClassVar[Mapping[str, str]] = {}
    #: sha256 over the decoded rows as published.
    checksum: ClassVar[str] = ""
    megabytes = 0.1
    #: Another number reads the files anew.
    reading: ClassVar[Mapping[str, int]] = {"reading": 1}

    def check_reader(self) -> None:
        """Raise StudioError if pyarrow is not installed."""
        arrow()

    def parts(self, rows: tuple[TableRows, ...]) -> tuple[TableRows, TableRows | None]:
        """The rows to learn from and those to test on, where the published table says which."""
        return rows[0], rows[1] if len(rows) > 1 else None

    # --- files --------------------------------------------------------------------------------------------------------

    def _fetched(self, cache: Path) -> Path:
        return downloads(cache) / self.key

    def _find(self, folder: Path) -> tuple[Path, ...] | None:
        """All files in ``folder`` or a folder below it named as the table, None if one is missing."""
        folder = folder.expanduser()
        for place in (folder, folder / self.key):
            found = tuple(path for file in self.files if (path := file.find(place)) is not None)
            if len(found) == len(self.files):
                return found
        return None

    def _fetch(self, folder: Path, progress: ProgressListener) -> tuple[Path, ...]:
        return tuple(
            fetch(file.addresses, folder / file.names[-1], file.digest, self.title, progress) for file in self.files
        )

    def _not_in(self, folder: Path) -> StudioError:
        return StudioError(
            NOT_IN,
            "{names} is looked for, packed with gzip or not.",
            "Choose the folder that holds it, or leave it empty to download it.",
            title=self.title,
            path=folder,
            names=" and ".join(file.names[0] for file in self.files),
            place="dataset.path",
        )

    def _check_published(self, decoded: Decoded, files: tuple[Path, ...]) -> None:
        if not self.checksum or content_of(decoded) == self.checksum:
            return
        for file in files:
            file.unlink(missing_ok=True)  # so that it is fetched again
        raise StudioError(
            "What was downloaded for {title} is not what was published.",
            "",
            "Try again later, or fetch it elsewhere and choose its folder.",
            title=self.title,
            place="dataset.download",
        )

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _decoded(self, files: tuple[Path, ...], progress: ProgressListener) -> Decoded:
        cells = [self._cells(path, progress) for path in files]
        typed = typed_table(cells, ".", _CLASS, {}, ())
        words = [self.class_words.get(name, name) for name in typed.parts[0].classes]
        rows = tuple(_with_classes(part, words) for part in typed.parts)
        train, test = self.parts(rows)
        return decoded_table(train, test, remarks(train))

    def _cells(self, path: Path, progress: ProgressListener) -> ReadCells:
        """The rows of a file, the class last and columns called as here."""
        beginning = _beginning(path)
        cells = read_cells(path, beginning, _MISSING, progress)
        columns = cells.columns
        own = beginning.dialect.has_header
        if self.class_first and not own:
            columns = (*columns[1:], columns[0])
        if len(columns) == len(self.names) + 2 and not own:
            columns = columns[1:]  # a number of the rows stands before them
        if len(columns) != len(self.names) + 1:
            raise StudioError(
                "The file {path} does not belong to {title}.",
                "It has {found} columns where {wanted} and the class are expected.",
                "Fetch the file again.",
                path=path,
                title=self.title,
                found=len(cells.columns),
                wanted=len(self.names),
                place=str(path),
            )
        return replace(cells, names=(*self.names, _CLASS), columns=columns)


def _beginning(path: Path) -> FileBeginning:
    """How a published file is written: ARFF, or comma-separated with or without a heading."""
    with open_rows(path) as file:
        lines = file.read(_HEAD).decode("utf-8", "replace").splitlines()
    data = next((place for place, line in enumerate(lines) if line.strip().lower() == "@data"), None)
    if data is not None:
        first = next(line for line in lines[data + 1 :] if line.strip())
        dialect = Dialect(",", "'", ".", "utf-8", has_header=False)
        return FileBeginning(dialect, (tuple(first.split(",")),), data + 1, "%")
    beginning = read_beginning(path, DialectWish(delimiter=","))
    if lines and lines[0].startswith("|"):  # a line of words before the rows of Adult's test file
        rows = beginning.rows[1:]
        return FileBeginning(replace(beginning.dialect, has_header=False), rows, 1, "|")
    return beginning


def _with_classes(rows: TableRows, words: list[str]) -> TableRows:
    """Rows whose classes are called otherwise, in the order of the new names; equal names become one class."""
    names = sorted(set(words), key=natural_order)
    places = [names.index(word) for word in words]
    labels = rows.labels.copy()
    for old, new in enumerate(places):
        labels[rows.labels == old] = new
    return replace(rows, labels=labels, classes=tuple(names))


def renamed_classes(decoded: Decoded, words: tuple[str, ...]) -> Decoded:
    """The same rows with classes called otherwise, several of one name as one class."""
    names = tuple(dict.fromkeys(words))
    places = torch.tensor([names.index(word) for word in words])
    parts = [
        Examples(part.inputs, places[part.labels], part.on_disk) if part is not None else None
        for part in (decoded.train, decoded.test)
    ]
    assert parts[0] is not None
    content = fingerprint(content=content_of(decoded), classes=words)
    return replace(decoded, classes=names, train=parts[0], test=parts[1], content=content)
