"""A folder of class folders as decoded data: scanned, read once, kept; with a report of what was found."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from studio.core.errors import DiskFull, StudioError
from studio.core.format import byte_size
from studio.core.message import Text
from studio.core.scan_text import left_out_text
from studio.data.base import Decoded, Examples, ProgressListener
from studio.data.cache import CacheEntry, CacheWriter, fingerprint
from studio.data.decoded import facts_of, load_decoded, save_decoded, to_tensor
from studio.data.decoding import Decoder, Sink
from studio.data.folder_findings import FolderFindings
from studio.data.folder_scan import Tree, scan
from studio.data.scan_report import DecodingOutcome, duplicates_of, scan_report
from studio.data.storage import choose_storage
from studio.data.value_range import Numbers, choose_range

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from studio.core.picture_scan import ValueRange

#: Of the way pictures are read; another number reads them anew.
DECODING = 2


@dataclass(frozen=True)
class TreeReading:
    """How the pictures of a tree are read.

    Attributes:
        side: pixels of the square pictures are brought to.
        grey: one channel instead of three.
        black, white: values of pictures of more than 8 bits that are shown so; None to measure them.
    """

    side: int
    grey: bool = False
    black: float | None = None
    white: float | None = None


def tree_content(root: Path, reading: TreeReading, cache: Path, progress: ProgressListener, most: int | None) -> str:
    """See :meth:`studio.data.base.DataSource.content`."""
    tree = scan(root)
    return _recipe(tree.content(tree.sums(cache, progress, most)), reading)


def load_tree(key: str, root: Path, reading: TreeReading, cache: Path, progress: ProgressListener) -> Decoded:
    """The pictures below ``root``, from ``cache`` where no content has changed.

    Raises:
        StudioError: the folder cannot be used, or fewer than two classes have pictures that can be read.
        DiskFull: the pictures do not fit in memory, nor on the disk.
    """
    progress(Text("Looking for pictures"), None)
    tree = scan(root)
    sums = tree.sums(cache, progress)
    about = fingerprint(root=str(tree.root), side=reading.side, grey=reading.grey)
    entry = CacheEntry(cache, f"{key}-{about}", _recipe(tree.content(sums), reading))
    kept = load_decoded(entry)
    if kept is not None:
        return _reported(kept, tree)
    with Decoder(reading.side, grey=reading.grey, progress=progress) as decoder:
        reader = _Reader(tree, sums, decoder, reading)
        if choose_storage(reader.size).kind == "memory":
            decoded = reader.into_memory()
            _refuse_changed(tree)
            return _reported(save_decoded(entry, decoded), tree)
        reader.into(entry)
    kept = load_decoded(entry)
    if kept is None:
        raise StudioError("The decoded pictures cannot be read back from {path}.", path=entry.folder)
    return _reported(kept, tree)


def _refuse_changed(tree: Tree) -> None:
    """What was decoded must be what its sums were taken of."""
    if tree.has_changed():
        raise StudioError(
            "The pictures in {path} changed while they were read.",
            "",
            "Start again when nothing writes to them.",
            path=tree.root,
            place="dataset.path",
        )


def _recipe(content: str, reading: TreeReading) -> str:
    return fingerprint(decoding=DECODING, content=content, black=reading.black, white=reading.white)


def _reported(decoded: Decoded, tree: Tree) -> Decoded:
    """With what was found now: files that are no pictures come and go without a picture changing."""
    return replace(decoded, scan=scan_report(tree, DecodingOutcome.from_json(decoded.kept)))


class _Reader:
    """Decodes a tree into memory or into an entry of the cache, and says what came of it."""

    def __init__(self, tree: Tree, sums: Sequence[bytes], decoder: Decoder, reading: TreeReading) -> None:
        self._tree = tree
        self._sums = sums
        self._decoder = decoder
        self._reading = reading
        self._row = (decoder.side, decoder.side, decoder.channels)
        self._classes: tuple[str, ...] = ()
        self._counts: dict[str, dict[str, int]] = {}

    @property
    def size(self) -> int:
        """Bytes of all pictures once decoded."""
        return len(self._tree.files) * int(np.prod(self._row))

    def into_memory(self) -> Decoded:
        """Everything as tensors."""
        arrays: dict[str, _Array] = {}

        def sink(part: str, count: int) -> Sink:
            arrays[part] = _Array(np.empty((count, *self._row), np.uint8))
            return arrays[part]

        labels = self._decode(sink)
        parts = {part: Examples(to_tensor(arrays[part].filled), to_tensor(labels[part])) for part in labels}
        return Decoded("pictures", self._classes, parts["train"], parts.get("test"), kept=self._outcome().as_json())

    def into(self, entry: CacheEntry) -> None:
        """Everything into files, a few hundred pictures at a time."""
        _refuse_small_disk(entry, self.size)
        with CacheWriter(entry) as writer:
            labels = self._decode(lambda part, _count: writer.array(f"{part}_inputs", self._row, np.uint8))
            for part, values in labels.items():
                writer.array(f"{part}_labels", (), np.int64).append(values)
            _refuse_changed(self._tree)
            writer.commit(facts_of("pictures", self._classes, (), self._outcome().as_json()))

    def _decode(self, sink: Callable[[str, int], Sink]) -> dict[str, np.ndarray]:
        """The pictures into sinks; returns the labels of each part. Classes without a training picture are left out."""
        tree, labels = self._tree, {}
        self._decoder.ranges = measured_ranges(self._decoder, tree, self._reading)
        train = self._decoder.decode(tree.train, sink("train", len(tree.train)), "Reading pictures: {done} of {count}")
        present = np.unique(train)
        self._classes = tuple(tree.classes[label] for label in present)
        refuse_too_few(tree, self._classes, self._decoder.failures)
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
                    reason=": ".join(map(str, self._decoder.failures[-1])),
                    place="dataset.path",
                )
        self._counts = {
            part: dict(zip(self._classes, np.bincount(values, minlength=len(present)).tolist(), strict=True))
            for part, values in labels.items()
        }
        return labels

    def _outcome(self) -> DecodingOutcome:
        return outcome_of(self._tree, self._sums, self._decoder, self._counts)


def measured_ranges(decoder: Decoder, tree: Tree, reading: TreeReading) -> dict[Numbers, ValueRange]:
    """Of the values of pictures of more than 8 bits, measured over all parts."""
    counted = decoder.measure(tree.files, "Measuring the range of values: {done} of {count}")
    return {numbers: choose_range(numbers, counts, reading.black, reading.white) for numbers, counts in counted.items()}


def refuse_too_few(tree: Tree, classes: Sequence[str], failures: Sequence[tuple[str, object]] = ()) -> None:
    """Two classes with pictures are the least that can be told apart.

    Args:
        classes: those with pictures that can be read.
        failures: names of files that cannot, and why.

    Raises:
        StudioError: there are fewer.
    """
    if len(classes) > 1:
        return
    left_out = tree.findings.example("kind", "no_class", "flat_part")
    raise StudioError(
        "Only {found} of the class folders in {path} holds pictures that can be read; at least two are needed."
        if classes
        else "None of the class folders in {path} holds pictures that can be read; at least two are needed.",
        "{count} files could not be read, for example {file}: {reason}."
        if failures
        else "{left_out}"
        if left_out is not None
        else "",
        "Each class is a folder of pictures, named after the class.",
        found=len(classes),
        path=tree.root,
        count=len(failures),
        file=failures[0][0] if failures else "",
        reason=failures[0][1] if failures else "",
        left_out=left_out_text(left_out, left_out.count) if left_out is not None else "",
        place="dataset.path",
    )


def outcome_of(
    tree: Tree, sums: Sequence[bytes], decoder: Decoder, counts: Mapping[str, Mapping[str, int]]
) -> DecodingOutcome:
    """What came of decoding all files of a tree.

    Args:
        sums: of its files.
        decoder: that decoded them.
        counts: pictures that are used, by part and class.
    """
    failures = FolderFindings()
    for name, why in decoder.failures:
        failures.add("kind" if why.kind else "unreadable", name, why.kind or str(why))
    return DecodingOutcome(
        counts,
        tuple(name for name in tree.classes if name not in counts["train"]),
        failures.lines(),
        tuple(failures.listed),
        tuple(decoder.ranges.values()),
        duplicates_of(tree, sums, {name for name, _ in decoder.failures}),
    )


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
