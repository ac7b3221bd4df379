"""A folder of class folders before it is used: what a look at its names, and at some or all of its pictures, tells."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from studio.core.errors import StudioError
from studio.core.format import ratio, thousands
from studio.core.message import Text, text
from studio.core.picture_preview import ClassPreview, PicturePreview, ValueSpread
from studio.core.scan_text import scan_lines
from studio.data.base import Glance, silent
from studio.data.class_names import printable
from studio.data.decoding import Decoder
from studio.data.folder_loader import measured_ranges, outcome_of, refuse_too_few
from studio.data.folder_scan import scan
from studio.data.scan_report import DecodingOutcome, scan_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from studio.data.base import ProgressListener
    from studio.data.folder_loader import TreeReading
    from studio.data.folder_scan import PictureFile, Tree

#: All pictures are opened where there are no more than these, in number and in bytes: it takes about a second.
MOST_OPENED, MOST_BYTES = 4000, 64_000_000
#: Pixels of a sample, how many are shown of a class, and in how many classes.
SIDE, SAMPLES, SAMPLED = 32, 8, 60
#: Bars of the values from black to white.
STRETCHES = 64
#: Times a class may be larger than another before it is said.
UNEVEN = 5
#: Samples of a glance, as many as a card shows.
GLANCED = 9


def glance_at_tree(root: Path, reading: TreeReading, cache: Path) -> Glance:
    """How many pictures of which classes there are, and a few of them; as exact as :func:`preview_tree`.

    Raises:
        StudioError: the folder cannot be used.
    """
    classes = _seen(root, reading, cache, silent).classes
    first = [
        (one.samples[turn], label) for turn in range(SAMPLES) for label, one in enumerate(classes) if _has(one, turn)
    ]
    return Glance(
        (1 if reading.grey else 3, reading.side, reading.side),
        tuple(one.name for one in classes),
        sum(one.train for one in classes),
        None if classes[0].test is None else sum(one.test or 0 for one in classes),
        max(one.train for one in classes),
        np.stack([picture for picture, _ in first[:GLANCED]]) if first else None,
        np.array([label for _, label in first[:GLANCED]], np.int64),
    )


def _has(one: ClassPreview, turn: int) -> bool:
    return turn < len(one.samples)


def preview_tree(root: Path, reading: TreeReading, cache: Path, progress: ProgressListener) -> PicturePreview:
    """What a person should see of a folder; what is wrong with it stands in the preview.

    Where there are many pictures, only some are opened; what cannot be read of the others is not known then.
    """
    name = root.absolute().name or str(root)
    try:
        shown = _seen(root, reading, cache, progress)
    except StudioError as error:
        return PicturePreview((text("Folder “{name}”.", name=name),), problem=error.paragraph())
    said = Text("Folder “{name}”: {used}", {"name": name, "used": shown.words[0]})
    side = Text(
        "The middle square of each picture is cut out and made {side} × {side} pixels.", {"side": str(reading.side)}
    )
    return dataclasses.replace(shown, words=(said, *shown.words[1:], side))


#: What was seen last, by folder, way of reading and state of the files: the card and the chooser ask one after the other.
_kept: dict[object, PicturePreview] = {}
_MOST_KEPT = 4


def _seen(root: Path, reading: TreeReading, cache: Path, progress: ProgressListener) -> PicturePreview:
    tree = scan(root)
    key = (root, reading, tree.files, tree.findings.lines())
    found = _kept.pop(key, None)
    if found is None:
        whole = len(tree.files) <= MOST_OPENED and sum(file.state.size for file in tree.files) <= MOST_BYTES
        found = _opened(tree, reading, cache, progress) if whole else _listed(tree, reading, progress)
    _kept[key] = found
    while len(_kept) > _MOST_KEPT:
        del _kept[next(iter(_kept))]
    return found


class _Forgetful:
    """A sink for pictures that are only to be read."""

    def append(self, rows: np.ndarray) -> None:
        """Nothing is kept."""


class _FirstOfEachClass:
    """A sink that keeps :data:`SAMPLES` pictures of each class; which class a picture is of is told afterwards."""

    def __init__(self) -> None:
        self.chunks: list[np.ndarray] = []

    def append(self, rows: np.ndarray) -> None:
        self.chunks.append(rows)

    def by_class(self, labels: np.ndarray, classes: int) -> list[np.ndarray]:
        """The first pictures of each class."""
        whole = self._whole()
        return [whole[np.flatnonzero(labels == label)[:SAMPLES]] for label in range(classes)]

    def values(self) -> ValueSpread | None:
        """How bright all of them are."""
        counts = np.bincount(self._whole().ravel(), minlength=256)
        n = int(counts.sum())
        if not n:
            return None
        mean = float(counts @ np.arange(256)) / n
        return ValueSpread(counts.reshape(STRETCHES, -1).sum(1), mean, counts[0] / n, counts[-1] / n)

    def _whole(self) -> np.ndarray:
        return np.concatenate(self.chunks) if self.chunks else np.empty((0, SIDE, SIDE, 3), np.uint8)


def _opened(tree: Tree, reading: TreeReading, cache: Path, progress: ProgressListener) -> PicturePreview:
    """All pictures are read: what is left out, and what is there twice, is known."""
    sums = tree.sums(cache, progress)
    sink = _FirstOfEachClass()
    with Decoder(SIDE, grey=reading.grey, progress=progress) as decoder:
        decoder.ranges = measured_ranges(decoder, tree, reading)
        labels = decoder.decode(tree.train, sink, "Reading pictures: {done} of {count}")
        tested = decoder.decode(tree.test or (), _Forgetful(), "Reading test pictures: {done} of {count}")
        learnt = _of_classes(tree, np.bincount(labels, minlength=len(tree.classes)).tolist())
        counts = {"train": {name: count for name, count in learnt.items() if count}}
        refuse_too_few(tree, list(counts["train"]), decoder.failures)
        if tree.test is not None:
            kept = _of_classes(tree, np.bincount(tested, minlength=len(tree.classes)).tolist())
            counts["test"] = {name: kept[name] for name in counts["train"]}
        outcome = outcome_of(tree, sums, decoder, counts)
    samples = dict(zip(tree.classes, sink.by_class(labels, len(tree.classes)), strict=True))
    return dataclasses.replace(_shown(tree, outcome, samples), values=sink.values())


def _listed(tree: Tree, reading: TreeReading, progress: ProgressListener) -> PicturePreview:
    """Only names are read, and a few pictures of the first classes."""
    learnt = _of_classes(tree, _counts(tree, tree.train))
    counts = {"train": {name: count for name, count in learnt.items() if count}}
    refuse_too_few(tree, list(counts["train"]))
    if tree.test is not None:
        tested = _of_classes(tree, _counts(tree, tree.test))
        counts["test"] = {name: tested[name] for name in counts["train"]}
    sink = _FirstOfEachClass()
    with Decoder(SIDE, grey=reading.grey, progress=progress) as decoder:
        first = [file for file in _first(tree.train, SAMPLES) if file.label < SAMPLED]
        labels = decoder.decode(first, sink, "Reading pictures: {done} of {count}")
    empty = tuple(name for name in tree.classes if name not in counts["train"])
    samples = dict(zip(tree.classes, sink.by_class(labels, len(tree.classes)), strict=True))
    later = Text(
        "These are too many to be opened now. Those that cannot be read are left out when training begins, and named."
    )
    return dataclasses.replace(_shown(tree, DecodingOutcome(counts, empty), samples, later), values=sink.values())


def _shown(tree: Tree, outcome: DecodingOutcome, samples: dict[str, np.ndarray], *more: Text) -> PicturePreview:
    report = scan_report(tree, outcome)
    found = report.scan
    used, *lines = scan_lines(found)
    learnt, tested = outcome.counts["train"], outcome.counts.get("test")
    classes = tuple(
        ClassPreview(name, count, tested[name] if tested is not None else None, samples[name])
        for name, count in learnt.items()
    )
    left_out, rest = lines[: len(found.left_out)], lines[len(found.left_out) :]
    return PicturePreview(
        (used.words, *more),
        classes,
        tuple(line.words for line in left_out),
        tuple((printable(name), why) for name, why in report.unreadable.items()),
        remarks=(*(line.words for line in rest if not line.of_copies), *_uneven(classes)),
        copies=tuple(line.words for line in rest if line.of_copies),
    )


def _uneven(classes: Sequence[ClassPreview]) -> Iterable[Text]:
    """That one class has many more pictures than another."""
    most = max(classes, key=lambda one: one.train)
    least = min(classes, key=lambda one: one.train)
    if most.train >= UNEVEN * least.train:
        yield Text(
            "“{most}” has {times} times the pictures of “{least}” ({count}), which may hardly be learnt.",
            {
                "most": most.name,
                "least": least.name,
                "times": ratio(most.train / least.train),
                "count": thousands(least.train),
            },
        )


def _counts(tree: Tree, files: Iterable[PictureFile]) -> list[int]:
    counted = Counter(file.label for file in files)
    return [counted[label] for label in range(len(tree.classes))]


def _of_classes(tree: Tree, counts: Iterable[int]) -> dict[str, int]:
    return dict(zip(tree.classes, counts, strict=True))


def _first(files: Iterable[PictureFile], each: int) -> list[PictureFile]:
    """The first files of each class."""
    taken: Counter[int] = Counter()
    first = []
    for file in files:
        if taken[file.label] < each:
            taken[file.label] += 1
            first.append(file)
    return first
