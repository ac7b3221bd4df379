"""Whether a folder of class folders can be used, found by opening as few of its pictures as that takes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from studio.data.decoding import CHUNK, Decoder
from studio.data.folder_scan import scan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np

    from studio.data.base import ProgressListener
    from studio.data.folder_loader import TreeReading
    from studio.data.folder_scan import PictureFile

#: Pictures opened at first to find one that can be read, and how many times as many the next time.
_FIRST, _MORE = 2, 4


def can_be_learnt_from(root: Path, reading: TreeReading, progress: ProgressListener) -> bool:
    """Whether two classes have a picture to learn from that can be read, and one of them a picture to test with.

    Where nothing is wrong a few pictures are opened; all of them only where none can be read.

    Args:
        progress: told that pictures are looked at; may raise to cancel.

    Raises:
        StudioError: the folder is missing, unreadable, or has no class folders.
    """
    tree = scan(root)
    train, test = _by_class(tree.train), _by_class(tree.test or ())
    with Decoder(reading.side, grey=reading.grey, progress=progress) as decoder:
        look = _Look(decoder)
        present = [label for label, files in train.items() if look.reads(files, 1)]
        tested = [test[label] for label in present if label in test]
        if len(present) < 2:
            return False
        if tested:
            return any(look.reads(files, 1) for files in tested)
        return any(look.reads(train[label], 2) for label in present)  # one of them is set aside to test with


class _Look:
    """Opens pictures until enough of them could be read."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder

    def append(self, rows: np.ndarray) -> None:
        """Nothing is kept."""

    def reads(self, files: Sequence[PictureFile], wanted: int) -> bool:
        """Whether so many of these can be read."""
        read, start, size = 0, 0, _FIRST
        while read < wanted and start < len(files):
            part = files[start : start + size]
            read += len(self._decoder.decode(part, self, "Looking at the pictures"))
            start, size = start + size, min(CHUNK, size * _MORE)
        return read >= wanted


def _by_class(files: Sequence[PictureFile]) -> dict[int, list[PictureFile]]:
    found: dict[int, list[PictureFile]] = defaultdict(list)
    for file in files:
        found[file.label].append(file)
    return dict(found)
