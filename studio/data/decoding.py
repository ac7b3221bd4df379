"""Decodes many picture files at once, in order, and gathers what could not be read."""

from __future__ import annotations

import contextlib
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from studio.core.message import Text
from studio.data.deep_pictures import may_be_deep
from studio.data.picture_reader import NONE, Unreadable, read_levels, read_picture
from studio.data.value_range import Numbers, ValueCounts, numbers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from studio.core.picture_scan import ValueRange
    from studio.data.base import ProgressListener
    from studio.data.folder_scan import PictureFile

#: Pictures handed to a thread at once, and pictures in hand before they are written.
TASK, CHUNK = 16, 512
MOST_THREADS = 16
#: Bytes. Files that are smaller on average are decoded in less time than threads take to hand the interpreter over
#: (2 kB JPEG, two cores: 150 us a picture in one thread, 205 us in two).
SMALL = 16_000


A = TypeVar("A")


class Sink(Protocol):
    """Takes decoded pictures in order."""

    def append(self, rows: np.ndarray) -> None:
        """Add pictures, uint8 (n, side, side, C)."""


class Decoder:
    """Reads pictures of one size and kind. Its threads end with the ``with`` block.

    Args:
        side: pixels of the square pictures are brought to.
        grey: one channel instead of three.
        progress: told how far it is; may raise to cancel.
    """

    def __init__(self, side: int, *, grey: bool, progress: ProgressListener) -> None:
        self.side = side
        self.channels = 1 if grey else 3
        #: Name of each file that could not be read, and why.
        self.failures: list[tuple[str, Unreadable]] = []
        #: Of the values of pictures of more than 8 bits.
        self.ranges: Mapping[Numbers, ValueRange] = NONE
        self._progress = progress
        self._pool = ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1), thread_name_prefix="decoder")
        self._hushed = warnings.catch_warnings()

    def __enter__(self) -> Decoder:
        # Pillow warns of large pictures and of odd metadata; what matters of it becomes a reason
        self._hushed.__enter__()
        warnings.filterwarnings("ignore", module="PIL")
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._hushed.__exit__(None, None, None)

    def decode(self, files: Sequence[PictureFile], sink: Sink, words: str) -> np.ndarray:
        """Append what can be read to ``sink``; returns its labels, int64 (n,).

        Args:
            words: what is being done, a template with ``{done}`` and ``{count}``.
        """
        labels: list[int] = []
        for chunk, answers in self._in_chunks(self._read, files, words):
            pictures = []
            for file, answer in zip(chunk, answers, strict=True):
                if isinstance(answer, Unreadable):
                    self.failures.append((file.name, answer))
                else:
                    pictures.append(answer)
                    labels.append(file.label)
            if pictures:
                sink.append(np.stack(pictures))
        return np.array(labels, np.int64)

    def measure(self, files: Sequence[PictureFile], words: str) -> dict[Numbers, ValueCounts]:
        """The values of those pictures that have more than 8 bits, counted by kind of number.

        Args:
            words: as in :meth:`decode`.
        """
        counted: dict[Numbers, ValueCounts] = {}
        for _, answers in self._in_chunks(self._count, [file for file in files if may_be_deep(file.path)], words):
            for answer in answers:
                for numbers, counts in answer.items():
                    counted[numbers] = counted[numbers].join([counts]) if numbers in counted else counts
        return counted

    def _in_chunks(
        self, job: Callable[[Sequence[PictureFile]], list[A]], files: Sequence[PictureFile], words: str
    ) -> Iterator[tuple[Sequence[PictureFile], list[A]]]:
        """Some files at a time with what ``job`` answers to them, in order."""
        small = sum(file.state.size for file in files) < SMALL * len(files)
        each = map if small else self._pool.map
        for start in range(0, len(files), CHUNK):
            self._progress(Text(words, {"done": start, "count": len(files)}), start / len(files))
            chunk = files[start : start + CHUNK]
            tasks = [chunk[i : i + TASK] for i in range(0, len(chunk), TASK)]
            yield chunk, [answer for task in each(job, tasks) for answer in task]

    def _read(self, files: Sequence[PictureFile]) -> list[np.ndarray | Unreadable]:
        """Each picture, or why it cannot be read."""
        answers: list[np.ndarray | Unreadable] = []
        for file in files:
            try:
                answers.append(read_picture(Path(file.path), self.side, grey=self.channels == 1, ranges=self.ranges))
            except Unreadable as reason:
                answers.append(reason)
        return answers

    def _count(self, files: Sequence[PictureFile]) -> list[dict[Numbers, ValueCounts]]:
        """What the pictures of a task hold together; those that cannot be read are told when they are decoded."""
        counted: dict[Numbers, ValueCounts] = {}
        for file in files:
            with contextlib.suppress(Unreadable):
                levels = read_levels(Path(file.path))
                if levels is not None:
                    values = levels[..., :3] if levels.ndim == 3 else levels
                    counted.setdefault(numbers_of(levels), ValueCounts()).add(values)
        return [counted]
