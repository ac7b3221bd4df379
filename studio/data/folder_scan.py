"""What is in a folder of class folders: which pictures, of which class, in which part; and what is odd about it.

Names and times are read here, and the first bytes of files whose names say nothing; the pictures are opened later.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from studio.core.errors import StudioError
from studio.core.picture_scan import NameRemark
from studio.data.class_names import name_remarks, printable, same_class, shown_names
from studio.data.content_sums import ContentSums, FileState
from studio.data.folder_findings import FolderFindings
from studio.data.folder_layout import PART_NAMES, FolderLayout, is_folder, is_ignored, layout_of, subfolders
from studio.data.picture_kinds import READ, PictureKind, kind_by_content, kind_by_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from studio.core.picture_scan import LeftOutReason
    from studio.data.base import ProgressListener

#: Classes named in a sentence.
_NAMED = 5


class PictureFile(NamedTuple):
    """One file that should be a picture. ``name``: relative to the root, printable; ``state``: of what a link leads to."""

    path: str
    name: str
    label: int
    state: FileState


@dataclass(frozen=True)
class Tree:
    """The pictures of a folder. ``test`` is None where it has no test part; labels count ``classes``."""

    root: Path
    classes: tuple[str, ...]
    train: tuple[PictureFile, ...]
    test: tuple[PictureFile, ...] | None
    names: tuple[NameRemark, ...]
    findings: FolderFindings

    @property
    def files(self) -> tuple[PictureFile, ...]:
        """Those to learn from, then those to test with."""
        return self.train + (self.test or ())

    def sums(self, cache: Path, progress: ProgressListener, most: int | None = None) -> list[bytes]:
        """The sum over the content of each of :attr:`files`; see :class:`studio.data.content_sums.ContentSums`.

        Raises:
            NotReadYet: more than ``most`` bytes would have to be read.
        """
        return ContentSums(cache, self.root).of([(file.path, file.state) for file in self.files], progress, most)

    def has_changed(self) -> bool:
        """Whether a file was written to, exchanged or removed since it was listed."""
        try:
            return any(FileState.of(os.stat(file.path)) != file.state for file in self.files)  # noqa: PTH116 - many files
        except OSError:
            return True

    def content(self, sums: Sequence[bytes]) -> str:
        """32 hexadecimal digits: changes when a picture is added, removed, renamed, or has other bytes in it.

        Args:
            sums: as :meth:`sums` gives them.
        """
        digest = hashlib.sha256(repr((self.classes, len(self.train), self.test is None)).encode())
        lines = [f"{file.label} {file.name}\0{one.hex()}\n" for file, one in zip(self.files, sums, strict=True)]
        digest.update("".join(lines).encode())
        return digest.hexdigest()[:32]


def is_tree(folder: Path) -> bool:
    """Whether ``folder`` looks like class folders of pictures, with or without parts. Cheap."""
    try:
        inner = subfolders(layout_of(folder).train[0])
        return len(inner) > 1 and any(kind_by_name(entry.name) == READ for entry in os.scandir(inner[0]))
    except OSError:
        return False


def scan(root: Path) -> Tree:
    """List the pictures below ``root``.

    Raises:
        StudioError: the folder is missing, unreadable, or has no class folders.
    """
    root = root.absolute()
    _refuse_unusable(root)
    return _Scan(root).tree()


class _Scan:
    """One walk through a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.findings = FolderFindings()

    def tree(self) -> Tree:
        layout = layout_of(self._root)
        train, test = self._classes_of(layout.train), self._classes_of(layout.test)
        if not train:
            raise StudioError(
                "There are no class folders in {path}.",
                "Each class is a folder of pictures, named after the class.",
                "Choose the folder that holds the class folders.",
                path=self._root,
                place="dataset.path",
            )
        shown = shown_names(train)
        labels = {name: label for label, name in enumerate(sorted(train, key=lambda name: shown[name]))}
        learnt = [file for name, label in labels.items() for file in self._listed(train[name], label)]
        matched = _matched(sorted(train), sorted(test))
        tested = [
            file for name, own in matched.items() if own is not None for file in self._listed(test[name], labels[own])
        ]
        self._tell_unknown([name for name, own in matched.items() if own is None], test)
        self._tell_outside(layout)
        spellings = {name: [folder.name for folder in train[name]] for name in train}
        for name, own in matched.items():
            if own is not None and same_class(name) == same_class(own):  # capitals are no accents
                spellings[own] += [folder.name for folder in test[name]]
        remarks = name_remarks(shown, spellings, PART_NAMES)
        ordered = tuple(shown[name] for name in labels)
        return Tree(
            self._root,
            ordered,
            tuple(learnt),
            tuple(tested) if layout.test else None,
            tuple(remarks),
            self.findings,
        )

    def _classes_of(self, parts: Sequence[Path]) -> dict[str, list[Path]]:
        """Class, as :func:`same_class` has it, to its folders in all folders of a part."""
        folders: dict[str, list[Path]] = defaultdict(list)
        for part in parts:
            for folder in subfolders(part, self._unopened):
                folders[same_class(folder.name)].append(folder)
        return dict(folders)

    def _listed(self, folders: Iterable[Path], label: int) -> Iterator[PictureFile]:
        """The pictures below folders of one class; what is none is told."""
        for folder in folders:
            for entry in self._files_below(folder):
                found = self._picture(entry)
                if found is not None:
                    yield PictureFile(entry.path, self._relative(entry.path), label, found)

    def _picture(self, entry: os.DirEntry[str]) -> FileState | None:
        """The state of a file that is a picture, or claims it; None, and told, for another."""
        kind, state = self._kind(entry)
        if kind is READ:
            return state
        if kind is not None:
            reason: LeftOutReason = "kind" if kind.verdict == "unread" else "other"
            self.findings.add(reason, self._relative(entry.path), kind.name)
        return None

    def _kind(self, entry: os.DirEntry[str]) -> tuple[PictureKind | None, FileState | None]:
        """What an entry that is no folder is, None where it is nothing to speak of, or told already."""
        if entry.name.startswith("."):
            return None, None
        try:
            about = entry.stat()
            if stat.S_ISREG(about.st_mode):  # a pipe would be waited for without end
                return kind_by_name(entry.name) or kind_by_content(entry.path), FileState.of(about)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ELOOP):
                self.findings.add("link", self._relative(entry.path))
                return None, None
            self.findings.add("unreadable", self._relative(entry.path), f"{error.strerror or error}")
            return None, None
        self.findings.add("link", self._relative(entry.path))
        return None, None

    def _files_below(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        """All files below ``folder`` in order of their names. A link back to a folder already visited ends there."""
        visited = {_identity(place) for place in (self._root, folder.parent)}
        waiting = [folder]
        while waiting:
            place = waiting.pop()
            try:
                identity = _identity(place)
                if identity in visited:
                    continue
                visited.add(identity)
                ordered = _entries(place)
            except OSError as error:
                self._unopened(place, error)
                continue
            folders = []
            for entry in ordered:
                if is_folder(entry):
                    folders.append(entry)
                else:
                    yield entry
            waiting += [Path(entry.path) for entry in reversed(folders) if not is_ignored(entry.name)]

    # --- what lies elsewhere -------------------------------------------------------------------------------------------

    def _tell_unknown(self, names: Sequence[str], test: Mapping[str, list[Path]]) -> None:
        """Pictures of classes that stand in the test part alone."""
        words = _first(sorted(shown_names(names).values()))
        for name in names:
            for file in self._listed(test[name], -1):
                self.findings.add("unknown_class", file.name, words)

    def _tell_outside(self, layout: FolderLayout) -> None:
        """Pictures that lie in no class folder."""
        for place in {self._root, *(layout.train if layout.has_parts else ()), *layout.test}:
            self._tell_loose(place, "no_class")
        for folder in layout.flat:
            self._tell_loose(folder, "flat_part", self._relative(str(folder)))
        words = _first([self._relative(str(folder)) for folder in layout.beside])
        for folder in layout.beside:
            for entry in self._files_below(folder):
                self._tell_picture(entry, "beside", words)

    def _tell_loose(self, folder: Path, reason: LeftOutReason, why: str = "") -> None:
        try:
            entries = _entries(folder)
        except OSError:  # told when its folders were looked for
            return
        for entry in entries:
            if not is_folder(entry):
                self._tell_picture(entry, reason, why)

    def _tell_picture(self, entry: os.DirEntry[str], reason: LeftOutReason, why: str) -> None:
        kind, _ = self._kind(entry)
        if kind is not None and kind.verdict != "other":
            self.findings.add(reason, self._relative(entry.path), why)

    def _unopened(self, folder: Path, error: OSError) -> None:
        self.findings.add("folder", self._relative(str(folder)), error.strerror or str(error))

    def _relative(self, path: str) -> str:
        """``path`` from the root on, below which it lies. (os.path.relpath takes longer than reading the folder.)"""
        return printable(path[len(str(self._root)) :].lstrip(os.sep)).replace(os.sep, "/") or "."


def _matched(names: Sequence[str], test_names: Sequence[str]) -> dict[str, str | None]:
    """Name in the test part to class, None where there is none; capitals may differ where that is not ambiguous."""
    matched: dict[str, str | None] = {name: name if name in names else None for name in test_names}
    free = [name for name in names if name not in matched]
    for test_name in [name for name, own in matched.items() if own is None]:
        near = [name for name in free if name.casefold() == test_name.casefold()]
        if len(near) == 1:
            matched[test_name] = near[0]
    return matched


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _identity(folder: Path) -> tuple[int, int]:
    about = folder.stat()
    return about.st_dev, about.st_ino


def _refuse_unusable(root: Path) -> None:
    try:
        with os.scandir(root):
            return
    except FileNotFoundError as error:
        raise StudioError(
            "The folder {path} is not there.", "", "Check the name.", path=root, place="dataset.path"
        ) from error
    except NotADirectoryError as error:
        raise StudioError(
            "{path} is a file.", "", "Choose the folder that holds the class folders.", path=root, place="dataset.path"
        ) from error
    except OSError as error:
        raise StudioError(
            "The folder {path} cannot be read.",
            "{reason}.",
            "Change its permissions, or choose another folder.",
            path=root,
            reason=error.strerror or error,
            place="dataset.path",
        ) from error
