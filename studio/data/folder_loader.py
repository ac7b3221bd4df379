"""A folder of class folders as decoded data: scanned, read once, kept; with a report of what was found."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np

from studio.core.errors import DiskFull, StudioError
from studio.core.format import byte_size
from studio.core.message import Text
from studio.data.base import Decoded, Examples, ProgressListener
from studio.data.cache import CacheEntry, CacheWriter, fingerprint
from studio.data.decoded import facts_of, load_decoded, save_decoded, to_tensor
from studio.data.decoding import Decoder, Sink
from studio.data.folder_scan import Tree, scan, shown
from studio.data.storage import choose_storage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Of the way pictures are read; another number reads them anew.
DECODING = 1
#: Unreadable files named in the report.
NAMED = 1000


def load_tree(key: str, root: Path, side: int, *, grey: bool, cache: Path, progress: ProgressListener) -> Decoded:
    """The pictures below ``root`` at ``side`` x ``side`` pixels, from ``cache`` where nothing has changed.

    Raises:
        StudioError: the folder cannot be used, or fewer than two classes have pictures that can be read.
        DiskFull: the pictures do not fit in memory, nor on the disk.
    """
    progress(Text("Looking for pictures"), None)
    tree = scan(root)
    about = fingerprint(root=str(tree.root), side=side, grey=grey)
    entry = CacheEntry(cache, f"{key}-{about}", fingerprint(decoding=DECODING, listing=tree.digest))
    kept = load_decoded(entry)
    if kept is not None:
        return kept
    with Decoder(side, grey=grey, progress=progress) as decoder:
        reader = _Reader(tree, decoder)
        if choose_storage(reader.size).kind == "memory":
            return save_decoded(entry, reader.into_memory())
        reader.into(entry)
    kept = load_decoded(entry)
    if kept is None:
        raise StudioError("The decoded pictures cannot be read back from {path}.", path=entry.folder)
    return kept


class _Reader:
    """Decodes a tree into memory or into an entry of the cache, and writes the report."""

    def __init__(self, tree: Tree, decoder: Decoder) -> None:
        self._tree = tree
        self._decoder = decoder
        self._row = (decoder.side, decoder.side, decoder.channels)
        self._classes: tuple[str, ...] = ()
        self._counts: dict[str, dict[str, int]] = {}

    @property
    def size(self) -> int:
        """Bytes of all pictures once decoded."""
        return (len(self._tree.train) + len(self._tree.test or ())) * int(np.prod(self._row))

    def into_memory(self) -> Decoded:
        """Everything as tensors."""
        arrays: dict[str, _Array] = {}

        def sink(part: str, count: int) -> Sink:
            arrays[part] = _Array(np.empty((count, *self._row), np.uint8))
            return arrays[part]

        labels = self._decode(sink)
        parts = {part: Examples(to_tensor(arrays[part].filled), to_tensor(labels[part])) for part in labels}
        return Decoded(
            "pictures", self._classes, parts["train"], parts.get("test"), notes=self._notes(), scan=self._report()
        )

    def into(self, entry: CacheEntry) -> None:
        """Everything into files, a few hundred pictures at a time."""
        _refuse_small_disk(entry, self.size)
        with CacheWriter(entry) as writer:
            labels = self._decode(lambda part, _count: writer.array(f"{part}_inputs", self._row, np.uint8))
            for part, values in labels.items():
                writer.array(f"{part}_labels", (), np.int64).append(values)
            writer.commit(facts_of("pictures", self._classes, self._notes(), self._report()))

    def _decode(self, sink: Callable[[str, int], Sink]) -> dict[str, np.ndarray]:
        """The pictures into sinks; returns the labels of each part. Classes without a training picture are left out."""
        tree, labels = self._tree, {}
        train = self._decoder.decode(tree.train, sink("train", len(tree.train)), "Reading pictures: {done} of {count}")
        present = np.unique(train)
        self._classes = tuple(tree.classes[label] for label in present)
        self._refuse_too_few()
        renumbered = np.full(len(tree.classes), -1)
        renumbered[present] = np.arange(len(present))
        labels["train"] = renumbered[train]
        files = [file for file in tree.test or () if renumbered[file.label] >= 0]
        if files:
            words = "Reading test pictures: {done} of {count}"
            labels["test"] = renumbered[self._decoder.decode(files, sink("test", len(files)), words)]
            if not len(labels["test"]):
                raise StudioError(
                    "None of the test pictures in {path} can be read.",
                    "{reason}.",
                    "Remove the folder of test pictures to set some of the others aside.",
                    path=tree.root,
                    reason=": ".join(self._decoder.failures[-1]),
                    place="dataset.path",
                )
        self._counts = {
            part: dict(zip(self._classes, np.bincount(values, minlength=len(present)).tolist(), strict=True))
            for part, values in labels.items()
        }
        return labels

    def _refuse_too_few(self) -> None:
        if len(self._classes) > 1:
            return
        failures = self._decoder.failures
        raise StudioError(
            "Only {found} of the class folders in {path} holds pictures that can be read; at least two are needed."
            if self._classes
            else "None of the class folders in {path} holds pictures that can be read; at least two are needed.",
            "{count} files could not be read, for example {file}: {reason}." if failures else "",
            "Each class is a folder of pictures, named after the class.",
            found=len(self._classes),
            path=self._tree.root,
            count=len(failures),
            file=failures[0][0] if failures else "",
            reason=failures[0][1] if failures else "",
            place="dataset.path",
        )

    def _left_out(self) -> list[str]:
        return [name for name in self._tree.classes if name not in self._classes]

    def _notes(self) -> tuple[Text, ...]:
        findings, failures = self._tree.findings, self._decoder.failures
        notes = list(findings.notes)
        if failures:
            total = len(self._tree.train) + len(self._tree.test or ())
            values = {"count": len(failures), "total": total, "file": failures[0][0], "why": failures[0][1]}
            words = "{count} of {total} pictures could not be read and are left out, for example {file}: {why}."
            notes.append(Text(words, values))
        if left_out := self._left_out():
            notes.append(
                Text("Left out, because they have no pictures to learn from: {names}.", {"names": ", ".join(left_out)})
            )
        if findings.unreadable_folders:
            folder, why = findings.unreadable_folders[0]
            values = {"count": len(findings.unreadable_folders), "folder": folder, "why": why}
            notes.append(Text("{count} folders could not be opened, for example {folder}: {why}.", values))
        return tuple(notes)

    def _report(self) -> dict[str, object]:
        """For scan.json: what was found, and every file and folder that could not be used."""
        findings, failures = self._tree.findings, self._decoder.failures
        return {
            "folder": shown(str(self._tree.root)),
            "classes": self._counts,
            "classes_without_pictures": self._left_out(),
            "unreadable": len(failures),
            "unreadable_files": [{"file": name, "why": why} for name, why in failures[:NAMED]],
            "unreadable_folders": [{"folder": name, "why": why} for name, why in findings.unreadable_folders[:NAMED]],
            "other_files": findings.other_files,
        }


class _Array:
    """A sink in memory, as large as it may become."""

    def __init__(self, room: np.ndarray) -> None:
        self._room = room
        self._count = 0

    def append(self, rows: np.ndarray) -> None:
        self._room[self._count : self._count + len(rows)] = rows
        self._count += len(rows)

    @property
    def filled(self) -> np.ndarray:
        return self._room[: self._count]


def _refuse_small_disk(entry: CacheEntry, size: int) -> None:
    """Say so before hours of decoding, not after."""
    existing = next(folder for folder in entry.folder.parents if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < size:
        raise DiskFull(
            "The decoded pictures take {size} and fit neither in memory nor on the disk.",
            "{path} has {free} left.",
            "Make room, choose a workspace on a larger disk, or choose smaller pictures.",
            size=byte_size(size),
            free=byte_size(free),
            path=existing,
            place=str(existing),
            offers=("resume",),
        )
