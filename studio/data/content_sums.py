"""Sums over the content of files, remembered for as long as a file is known to be as it was when it was read.

Size and times alone prove nothing: a time can be put back. So a remembered sum counts only where device, inode, size,
both times and the time of the last change are the same, and that change was over two seconds older than the reading:
a change within the same tick of a file system's clock would not show. Where that time means something else
(:mod:`studio.data.change_times`), content is read every time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from studio.core.bounded_read import UnreadableFile, read_bounded
from studio.core.errors import NotWritten
from studio.core.files import write_whole
from studio.core.message import Text
from studio.data.change_times import has_true_change_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from studio.data.base import ProgressListener

#: Nanoseconds that must lie between the last change of a file and its reading.
SETTLED = 2_000_000_000
#: Bytes of a sum: the first of a SHA-256, which processors compute faster (1 GB/s) than BLAKE2 (0.5 GB/s).
SUM = 16
#: Bytes read at once; files handed to a thread at once.
CHUNK, TASK = 1 << 20, 64
#: Bytes. Below it a file is read in less time than threads take to hand the interpreter over.
SMALL = 16_000
MOST_THREADS = 8
#: Bytes a kept list may have: ten million files.
MOST_BYTES = 640_000_000

_ROW = np.dtype([(name, "<i8") for name in ("device", "inode", "size", "modified", "changed", "read_at")])
_MARK = b"studio sums 1\n"


class FileState(NamedTuple):
    """What tells, without reading it, that a file is as it was. Times in nanoseconds since 1970."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, about: os.stat_result) -> FileState:
        """Of the file itself, where ``about`` was asked through a link."""
        device, inode = about.st_dev, about.st_ino
        if inode >> 63 or device >> 63:  # as signed numbers: they are compared, never counted with
            device, inode = (number - (number >> 63 << 64) for number in (device, inode))
        return cls(device, inode, about.st_size, about.st_mtime_ns, about.st_ctime_ns)


#: A path and the state it was found in.
FoundFile = tuple[str, FileState]


class NotReadYet(Exception):
    """More would have to be read than was allowed."""


class ContentSums:
    """The sums of the files of one place.

    Args:
        cache: the folder for everything that may be deleted at any time; what is remembered stands there.
        place: what the files belong to, for the name of the list.
        clock: nanoseconds since 1970.
    """

    def __init__(self, cache: Path, place: Path, clock: Callable[[], int] = time.time_ns) -> None:
        name = hashlib.sha256(os.fsencode(place)).hexdigest()[:16]
        self._file = cache / "sums" / f"{name}.bin"
        self._clock = clock
        self._known = self._read_kept()

    def of(self, files: Sequence[FoundFile], progress: ProgressListener, most: int | None = None) -> list[bytes]:
        """The sum of each file, :data:`SUM` bytes; empty where a file cannot be read.

        Args:
            progress: told how far it is; may raise to cancel, what was read by then is remembered.
            most: bytes that may be read; None for as many as need be.

        Raises:
            NotReadYet: it would be more.
        """
        sums: list[bytes] = [b""] * len(files)
        unread = []
        now = self._clock() / 1e9
        trusted = {device: has_true_change_time(device, now) for device in {state.device for _, state in files}}
        for place, (_, state) in enumerate(files):
            found = self._known.get(state)
            if found is not None and trusted[state.device] and state.changed + SETTLED < found[0]:
                sums[place] = found[1]
            else:
                unread.append(place)
        size = sum(files[place][1].size for place in unread)
        if most is not None and size > most:
            raise NotReadYet
        kept: dict[tuple[int, ...], tuple[int, bytes]] = {
            state: self._known[state] for (_, state), known in zip(files, sums, strict=True) if known
        }
        try:
            for place, read in self._read([(place, files[place]) for place in unread], size, progress):
                if read is not None:
                    sums[place] = read[2]
                    if read[2]:
                        kept[read[0]] = read[1:]
        finally:
            if unread or len(kept) != len(self._known):
                self._known = kept
                self._keep(trusted)
        return sums

    def _read(
        self, places: Sequence[tuple[int, FoundFile]], size: int, progress: ProgressListener
    ) -> Iterable[tuple[int, tuple[FileState, int, bytes] | None]]:
        words = "Looking whether pictures have changed: {done} of {count}"
        tasks = [places[start : start + TASK] for start in range(0, len(places), TASK)]
        threads = 1 if size < SMALL * len(places) else min(MOST_THREADS, os.cpu_count() or 1)
        with ThreadPoolExecutor(threads, thread_name_prefix="sums") as pool:
            answers = map(self._sums, tasks) if threads == 1 else pool.map(self._sums, tasks)
            try:
                for i, (task, read) in enumerate(zip(tasks, answers, strict=True)):
                    progress(Text(words, {"done": i * TASK, "count": len(places)}), i / len(tasks))
                    yield from zip((place for place, _ in task), read, strict=True)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _sums(self, task: Sequence[tuple[int, FoundFile]]) -> list[tuple[FileState, int, bytes] | None]:
        return [self._sum(path) for _, (path, _) in task]

    def _sum(self, path: str) -> tuple[FileState, int, bytes] | None:
        """The state of a file when it was read, when that was, and its sum; None where it cannot be read."""
        try:
            read_at = self._clock()
            with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - a Path for each of many files takes time
                before = FileState.of(os.fstat(stream.fileno()))
                digest = hashlib.sha256()
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
                if FileState.of(os.fstat(stream.fileno())) != before:
                    read_at = 0  # it grew meanwhile: not to be trusted again
            return before, read_at, digest.digest()[:SUM]
        except OSError:
            return None

    # --- what is kept --------------------------------------------------------------------------------------------------

    def _keep(self, trusted: dict[int, bool]) -> None:
        rows = [(*state, read_at) for state, (read_at, _) in self._known.items() if trusted.get(state[0])]
        sums = b"".join(read for state, (_, read) in self._known.items() if trusted.get(state[0]))
        body = np.array(rows, _ROW).tobytes() + sums
        with contextlib.suppress(NotWritten, OSError):  # it only saves time
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, _MARK + hashlib.sha256(body).digest() + body)

    def _read_kept(self) -> dict[tuple[int, ...], tuple[int, bytes]]:
        """State to when it was read and its sum; nothing where the list is missing or damaged."""
        try:
            data = read_bounded(self._file, MOST_BYTES)
        except UnreadableFile:
            return {}
        head, body = data[: len(_MARK) + 32], data[len(_MARK) + 32 :]
        count, rest = divmod(len(body), _ROW.itemsize + SUM)
        if rest or head != _MARK + hashlib.sha256(body).digest():
            return {}
        rows = np.frombuffer(body, _ROW, count).tolist()
        sums = body[count * _ROW.itemsize :]
        # a plain tuple is equal to a FileState, and made in a third of the time
        return {row[:5]: (row[5], sums[SUM * i : SUM * (i + 1)]) for i, row in enumerate(rows)}


def files_content(
    files: Sequence[Path], cache: Path, progress: ProgressListener | None = None, most: int | None = None
) -> str:
    """32 hexadecimal digits for the content of a few files in one folder, in this order.

    Args:
        files: not empty.
        progress, most: as in :meth:`ContentSums.of`.

    Raises:
        NotReadYet: more than ``most`` bytes would have to be read.
        OSError: a file is not there.
    """
    found = [(str(file), FileState.of(file.stat())) for file in files]
    sums = ContentSums(cache, files[0].parent).of(found, progress or _silent, most)
    return hashlib.sha256(b"".join(bytes([len(one)]) + one for one in sums)).hexdigest()[:32]


def _silent(_words: Text, _fraction: float | None) -> None:
    """For those who do not listen."""
