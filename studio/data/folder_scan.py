"""What is in a folder of class folders: which pictures, of which class, in which part; and what is odd about it.

Recognised are ``ROOT/CLASS/...`` and ``ROOT/train/CLASS/...`` beside ``ROOT/test/CLASS/...`` or ``ROOT/val/CLASS/...``.
Only names, sizes and times are read here; the pictures themselves are opened later.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from studio.core.errors import StudioError
from studio.core.message import Text
from studio.data.cache import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator

TRAIN_NAMES = ("train", "training")
TEST_NAMES = ("test", "testing")
#: For testing where there is no folder for that, else more pictures to train on.
VALIDATION_NAMES = ("val", "valid", "validation")
ENDINGS = frozenset(
    [
        *("jpg", "jpeg", "jpe", "jfif", "png", "apng", "bmp", "dib", "gif", "tif", "tiff"),
        *("webp", "ppm", "pgm", "pbm", "pnm", "tga", "ico", "jp2", "avif"),
    ]
)
#: Folders that programs leave behind.
IGNORED = frozenset({"__MACOSX", "__pycache__", "$RECYCLE.BIN"})


class PictureFile(NamedTuple):
    """One file that should be a picture. ``name``: relative to the root, for people and for the cache."""

    path: str
    name: str
    label: int
    size: int
    modified: int


@dataclass
class Findings:
    """What a person should know about the folder, gathered on the way."""

    other_files: int = 0
    #: Name and reason of each.
    unreadable_folders: list[tuple[str, str]] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class Tree:
    """The pictures of a folder. ``test`` is None where it has no test part; labels count ``classes``."""

    root: Path
    classes: tuple[str, ...]
    train: tuple[PictureFile, ...]
    test: tuple[PictureFile, ...] | None
    findings: Findings

    @property
    def digest(self) -> str:
        """Changes when a picture is added, removed, renamed or written to."""
        parts = {"train": self.train, "test": self.test or ()}
        listing = {part: [(p.name, p.label, p.size, p.modified) for p in listed] for part, listed in parts.items()}
        return fingerprint(classes=self.classes, **listing)


def is_tree(folder: Path) -> bool:
    """Whether ``folder`` looks like class folders of pictures, with or without parts. Cheap."""
    try:
        parts = _parts(folder)
        inner = _subfolders(parts[0][0] if parts is not None else folder, Findings())
        return len(inner) > 1 and any(_is_picture(entry.name) for entry in os.scandir(inner[0]))
    except OSError:
        return False


def scan(root: Path) -> Tree:
    """List the pictures below ``root``.

    Raises:
        StudioError: the folder is missing, unreadable, or has no class folders.
    """
    root = root.absolute()
    _refuse_unusable(root)
    findings = Findings()
    train_folders, test_folders = _parts(root) or ([root], [])
    found = {"train": _classes_of(train_folders, root, findings), "test": _classes_of(test_folders, root, findings)}
    names = sorted(found["train"])
    if not names:
        raise StudioError(
            "There are no class folders in {path}.",
            "Each class is a folder of pictures, named after the class.",
            "Choose the folder that holds the class folders.",
            path=root,
            place="dataset.path",
        )
    by_test_name = _matched(names, sorted(found["test"]), findings)
    labels = {name: label for label, name in enumerate(names)}
    train = [listed for name in names for listed in _listed(found["train"][name], labels[name], root, findings)]
    test = [
        listed
        for test_name, name in by_test_name.items()
        for listed in _listed(found["test"][test_name], labels[name], root, findings)
    ]
    return Tree(root, tuple(names), tuple(train), tuple(test) if test_folders else None, findings)


def shown(name: str) -> str:
    """A file name that can be written anywhere, whatever bytes the file system allows in it."""
    return os.fsencode(name).decode("utf-8", "replace")


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


def _parts(root: Path) -> tuple[list[Path], list[Path]] | None:
    """The folders of the training and of the test part, or None where the classes stand in the root."""
    by_name = {path.name.casefold(): path for path in _subfolders(root, Findings()) if _subfolders(path, Findings())}
    train, test, validation = (
        [by_name[name] for name in names if name in by_name] for names in (TRAIN_NAMES, TEST_NAMES, VALIDATION_NAMES)
    )
    if not train:
        return None
    return (train + validation, test) if test else (train, validation)


def _classes_of(parts: list[Path], root: Path, findings: Findings) -> dict[str, list[Path]]:
    """Class name to its folders, over all folders of a part."""
    folders: dict[str, list[Path]] = {}
    for part in parts:
        for folder in _subfolders(part, findings, root):
            folders.setdefault(shown(folder.name), []).append(folder)
    twice = [name for name, count in Counter(name.casefold() for name in folders).items() if count > 1]
    for folded in twice:
        names = ", ".join(sorted(name for name in folders if name.casefold() == folded))
        findings.notes.append(
            Text("The classes {names} differ only in capital letters; they are kept apart.", {"names": names})
        )
    return folders


def _matched(names: list[str], test_names: list[str], findings: Findings) -> dict[str, str]:
    """Name in the test part to class; capitals may differ where that is not ambiguous."""
    matched = {name: name for name in test_names if name in names}
    free = [name for name in names if name not in matched]
    unknown = []
    for test_name in test_names:
        near = [name for name in free if name.casefold() == test_name.casefold()]
        if test_name not in matched and len(near) == 1:
            matched[test_name] = near[0]
        elif test_name not in matched:
            unknown.append(test_name)
    if unknown:
        findings.notes.append(
            Text(
                "Left out of the test part, because there is nothing to learn them from: {names}.",
                {"names": ", ".join(unknown)},
            )
        )
    return matched


def _listed(folders: list[Path], label: int, root: Path, findings: Findings) -> Iterator[PictureFile]:
    for folder in folders:
        for entry in _files_below(folder, root, findings):
            if not _is_picture(entry.name):
                findings.other_files += not entry.name.startswith(".")
                continue
            try:
                about = entry.stat()
            except OSError:  # a link to nowhere
                findings.other_files += 1
                continue
            yield PictureFile(entry.path, _relative(entry.path, root), label, about.st_size, about.st_mtime_ns)


def _files_below(folder: Path, root: Path, findings: Findings) -> Iterator[os.DirEntry[str]]:
    """All files below ``folder`` in order of their names. A link back to a folder already visited ends there."""
    visited = {_identity(place) for place in (root, folder.parent)}
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            identity = _identity(place)
            if identity in visited:
                continue
            visited.add(identity)
            with os.scandir(place) as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            findings.unreadable_folders.append((_relative(str(place), root), error.strerror or str(error)))
            continue
        for entry in ordered:
            if not _is_folder(entry):
                yield entry
        waiting += [Path(entry.path) for entry in reversed(ordered) if _is_folder(entry) and not _ignored(entry.name)]


def _subfolders(folder: Path, findings: Findings, root: Path | None = None) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            inner = [Path(entry.path) for entry in entries if _is_folder(entry) and not _ignored(entry.name)]
    except OSError as error:
        findings.unreadable_folders.append((_relative(str(folder), root or folder), error.strerror or str(error)))
        return []
    return sorted(inner, key=lambda path: path.name)


def _relative(path: str, root: Path) -> str:
    """``path`` from ``root`` on, below which it lies. (os.path.relpath takes longer than reading the folder.)"""
    return shown(path[len(str(root)) :].lstrip(os.sep)).replace(os.sep, "/") or "."


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _identity(folder: Path) -> tuple[int, int]:
    about = folder.stat()
    return about.st_dev, about.st_ino


def _ignored(name: str) -> bool:
    return name.startswith(".") or name in IGNORED


def _is_picture(name: str) -> bool:
    return name.rpartition(".")[2].lower() in ENDINGS and not name.startswith("._")
