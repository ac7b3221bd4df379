"""Writes what a run says into its folder: a line an event, a file a snapshot; never a torn or half one."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable
from io import FileIO
from types import TracebackType

from studio.core.arrays import write_arrays
from studio.core.bounded_read import UnreadableFile, open_regular
from studio.core.files import writing
from studio.events import Event, Resumed, RunEnded, Snapshot
from studio.runs.files.event_codec import MAX_LINE, from_line, to_line
from studio.runs.files.folder import RunFolder
from studio.runs.files.snapshot_thinning import MOST, most_dispensable

#: The most bytes the snapshots of a run take.
MAX_BYTES = 150_000_000


class Recorder:
    """Appends the events of one run to its folder. Use it as a context; the caller holds the run's lock.

    Where writing is refused, :meth:`record` raises :class:`NotWritten` and the folder is as it was before that event: the
    caller may say it again when there is space.

    Args:
        folder: an existing run folder, new or to be gone on with; a torn last line is cut off.
        clock: seconds since 1970.

    Raises:
        NotWritten: the folder cannot be written to.
    """

    def __init__(
        self,
        folder: RunFolder,
        *,
        clock: Callable[[], float] = time.time,
        most: int = MOST,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._folder, self._clock = folder, clock
        self._most, self._max_bytes = most, max_bytes
        with writing(folder.events):
            self._seq = _mend(folder)
            self._stream: FileIO = folder.events.open("ab", buffering=0)
        #: Whether events of an earlier stretch stand before.
        self.continues = self._seq > 0
        self._size = self._stream.tell()
        self._snapshots = _stored_snapshots(folder)
        self.ended: RunEnded | None = None

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def record(self, event: Event) -> Event:
        """Write ``event`` if its kind is recorded; returns it as recorded, a snapshot with the name of its file.

        Raises:
            NotWritten: there is no space, or the folder is gone; nothing of the event was written.
        """
        if not event.recorded:
            return event
        if isinstance(event, Snapshot):
            event = dataclasses.replace(event, file=self._store(event))
        self._append(event)
        if isinstance(event, Resumed):
            self._forget_after(event.step)
        elif isinstance(event, RunEnded):
            self.ended = event
            with writing(self._folder.events):
                os.fsync(self._stream.fileno())
        return event

    def _append(self, event: Event) -> None:
        line = to_line(event, self._seq, self._clock()).encode() + b"\n"
        with writing(self._folder.events, len(line)):
            try:
                written = self._stream.write(line)
                if written != len(line):  # a raw stream stops short where the space ends; the next write says why
                    self._stream.write(line[written:])
            except OSError:
                os.ftruncate(self._stream.fileno(), self._size)
                raise
        self._seq += 1
        self._size += len(line)

    def _store(self, snapshot: Snapshot) -> str:
        name = f"{snapshot.step:09d}.npz"
        with writing(self._folder.snapshots):
            self._folder.snapshots.mkdir(exist_ok=True)
        self._snapshots[snapshot.step] = write_arrays(self._folder.snapshots / name, snapshot.arrays)
        while len(self._snapshots) > 2 and (
            len(self._snapshots) > self._most or sum(self._snapshots.values()) > self._max_bytes
        ):
            steps = sorted(self._snapshots)
            self._drop(steps[most_dispensable(steps)])
        return name

    def _forget_after(self, step: int) -> None:
        for later in [stored for stored in self._snapshots if stored > step]:
            self._drop(later)

    def _drop(self, step: int) -> None:
        (self._folder.snapshots / f"{step:09d}.npz").unlink(missing_ok=True)
        del self._snapshots[step]


def _mend(folder: RunFolder) -> int:
    """Cut off a torn last line; returns the next sequence number."""
    try:
        open_regular(folder.events).close()
    except UnreadableFile as unreadable:
        if unreadable.missing and not folder.events.is_symlink():
            return 0
        raise OSError(str(unreadable.why)) from unreadable
    with folder.events.open("r+b") as stream:
        size = whole = stream.seek(0, os.SEEK_END)
        tail = b""
        while whole and not tail:  # back to the last line that was ended
            start = max(0, whole - MAX_LINE)
            stream.seek(start)
            block = stream.read(whole - start)
            tail = block[: block.rfind(b"\n") + 1]
            whole = start + len(tail)
        if whole < size:
            stream.truncate(whole)
        stream.seek(max(0, whole - MAX_LINE))
        lines = stream.read(MAX_LINE).splitlines()
    seqs = (line.seq for line in map(from_line, reversed(lines)) if line is not None)
    return next(seqs, -1) + 1


def _stored_snapshots(folder: RunFolder) -> dict[int, int]:
    """Step to size of the snapshots already there."""
    return {
        int(file.stem): file.stat().st_size
        for file in folder.snapshots.glob("*.npz")
        if file.stem.isascii() and file.stem.isdigit()
    }
