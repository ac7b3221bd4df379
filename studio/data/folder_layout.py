"""How a folder of pictures is laid out: class folders in it, or parts with class folders in each.

Recognised are ``ROOT/CLASS/...`` and ``ROOT/train/CLASS/...`` beside ``ROOT/test/CLASS/...`` or ``ROOT/val/CLASS/...``.
A class may be called like a part. So folders are parts only where nothing speaks against it: where folders of pictures
stand beside ``train`` that are no parts, there must be a test part with classes of the same names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from studio.data.class_names import same_class
from studio.data.picture_kinds import kind_by_name

TRAIN_NAMES = ("train", "training")
TEST_NAMES = ("test", "testing")
#: For testing where there is no folder for that, else more pictures to train on.
VALIDATION_NAMES = ("val", "valid", "validation")
PART_NAMES = (*TRAIN_NAMES, *TEST_NAMES, *VALIDATION_NAMES)
#: Folders that programs leave behind.
IGNORED = frozenset({"__MACOSX", "__pycache__", "$RECYCLE.BIN"})
#: Files looked at to see whether a folder holds pictures.
_LOOK = 1000

#: Told a folder that cannot be opened, and why.
Unopened = Callable[[Path, OSError], object]


@dataclass(frozen=True)
class FolderLayout:
    """Which folders are what.

    Attributes:
        train: hold class folders to learn from.
        test: hold class folders to test with; empty where the data have no test part.
        flat: named like a part, beside one with class folders, and without class folders themselves.
        beside: other folders beside the parts.
        has_parts: whether the class folders lie in parts, not in the root.
    """

    train: tuple[Path, ...]
    test: tuple[Path, ...] = ()
    flat: tuple[Path, ...] = ()
    beside: tuple[Path, ...] = ()
    has_parts: bool = False


def layout_of(root: Path) -> FolderLayout:
    """The layout of a folder, by the names in it. What cannot be opened counts as empty."""
    plain = FolderLayout((root,))
    folders = subfolders(root)
    named = {
        names: [folder for folder in folders if folder.name.casefold() in names]
        for names in (TRAIN_NAMES, TEST_NAMES, VALIDATION_NAMES)
    }
    inner = {folder: subfolders(folder) for part in named.values() for folder in part}
    train, test, validation = ([folder for folder in part if inner[folder]] for part in named.values())
    if not train:
        return plain
    beside = [folder for folder in folders if folder.name.casefold() not in PART_NAMES]
    known = _names(inner[folder] for folder in train)
    if any(map(_holds_pictures, beside)) and not known & _names(inner[folder] for folder in (*test, *validation)):
        return plain
    flat = tuple(folder for folder, classes in inner.items() if not classes)
    train, test = (train + validation, test) if test else (train, validation)
    return FolderLayout(tuple(train), tuple(test), flat, tuple(beside), has_parts=True)


def _ignore(_folder: Path, _error: OSError) -> None:
    """For those who are told elsewhere."""


def subfolders(folder: Path, unopened: Unopened = _ignore) -> list[Path]:
    """The folders in a folder, links to folders among them, in order of their names."""
    try:
        with os.scandir(folder) as entries:
            inner = [Path(entry.path) for entry in entries if is_folder(entry) and not is_ignored(entry.name)]
    except OSError as error:
        unopened(folder, error)
        return []
    return sorted(inner, key=lambda path: path.name)


def folder_times(root: Path) -> tuple[tuple[str, int], ...]:
    """Each folder from ``root`` down, links followed, and when something in it came, went or was renamed, in nanoseconds."""
    times: dict[tuple[int, int], tuple[str, int]] = {}
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            about = folder.stat()
        except OSError:
            continue
        identity = (about.st_dev, about.st_ino)
        if identity not in times:
            times[identity] = (str(folder), about.st_mtime_ns)
            waiting += subfolders(folder)
    return tuple(sorted(times.values()))


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder or a link to one."""
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def is_ignored(name: str) -> bool:
    """Whether a folder is none of a person's."""
    return name.startswith(".") or name in IGNORED


def _names(folders: Iterable[list[Path]]) -> set[str]:
    return {same_class(path.name).casefold() for inner in folders for path in inner}


def _holds_pictures(folder: Path) -> bool:
    """Whether pictures lie in a folder or the folders in it, as far as names tell."""
    for place in [folder, *subfolders(folder)]:
        try:
            with os.scandir(place) as entries:
                if any(kind_by_name(entry.name) is not None for entry in islice(entries, _LOOK)):
                    return True
        except OSError:
            continue
    return False
