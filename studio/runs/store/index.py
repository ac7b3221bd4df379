"""``studio.sqlite``: what the run folders say, kept so that a long list is quick. The folders are the truth.

The index is checked against them at every listing. It is a cache: damaged, of another version or gone it is made again,
and two processes may write it at once.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import struct
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from studio.core.files import move
from studio.runs.files.folder import DOCUMENTS, RunFolder
from studio.runs.files.lock import is_held
from studio.runs.run_info import RunInfo, read_info
from studio.runs.store.index_row import NO_ROW, SHAPE, from_row, parsed, to_row

#: An index of another version is made again.
VERSION = SHAPE

#: A file that was written to so many nanoseconds before it was read may be written to again within the same tick of its
#: clock: what is known of it is not trusted.
FRESH = 2_000_000_000

#: From so many rows on all are read at once.
MANY = 50

#: States of runs that are not over, and how many of them are looked at between two listings.
UNSETTLED = ("running", "interrupted")
LOOKED_AT = 300

IndexTable = Literal["runs", "deleted"]

_TABLE = """
CREATE TABLE IF NOT EXISTS {table} (
    id BLOB PRIMARY KEY,        -- name of the run's folder, as the system has it
    stamp BLOB NOT NULL,        -- of the documents the row was read from
    live BLOB NOT NULL,         -- of what else may change in a run that has not ended; empty once it has
    info BLOB NOT NULL          -- of a RunInfo, see index_row.py
) WITHOUT ROWID
"""

_SELECT: dict[IndexTable, str] = {
    "runs": "SELECT id, stamp, live, info FROM runs",
    "deleted": "SELECT id, stamp, live, info FROM deleted",
}
_DELETE: dict[IndexTable, str] = {
    "runs": "DELETE FROM runs WHERE id = ?",
    "deleted": "DELETE FROM deleted WHERE id = ?",
}
_INSERT: dict[IndexTable, str] = {
    "runs": "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)",
    "deleted": "INSERT OR REPLACE INTO deleted VALUES (?, ?, ?, ?)",
}
#: What sqlite says where the index cannot be used now, but is not damaged: locked, full, read-only, out of reach.
_OF_NO_HELP = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
)
_STAMP = struct.Struct("=qqQq")
_MISSING = _STAMP.pack(-1, 0, 0, 0)


@dataclass(frozen=True)
class _Known:
    """What was read of a run, and what its files looked like then."""

    stamp: bytes
    live: bytes
    info: RunInfo

    def holds(self, folder: RunFolder, stamp: bytes) -> bool:
        return self.stamp == stamp and (not self.live or self.live == _live_stamp(folder))


class RunIndex:
    """The index of one workspace. Every call opens the file anew, so any thread or process may use it.

    Args:
        file: ``studio.sqlite``; made when first needed. Where it cannot be written, the folders are read each time.
        table: of the runs, or of the deleted ones.
    """

    def __init__(self, file: Path, table: IndexTable = "runs") -> None:
        self._file, self._table = file, table
        #: What this process has read before, by run id.
        self._known: dict[str, _Known] = {}
        #: Those of the last listing that may change: not ended, or written to a moment before; the newest first.
        self._unsettled: dict[str, tuple[RunFolder, bool, bytes]] = {}

    @property
    def exists(self) -> bool:
        """Whether the file is there."""
        return self._file.exists()

    def read(self, folders: Sequence[RunFolder]) -> list[RunInfo]:
        """What is known of ``folders``, in their order; only what changed since the last call is read from disk.

        A run that has not changed is the same object as before.
        """
        known: dict[str, _Known] = {}
        seen = {folder.id: (folder, *_stamp(folder)) for folder in folders}
        others: dict[str, RunFolder] = {}
        lives: dict[str, bytes] = {}
        for run, (folder, stamp, _) in seen.items():
            before = self._known.get(run)
            if before is not None and before.holds(folder, stamp):
                known[run] = before
            else:
                others[run] = folder
        gone = self._known.keys() - seen.keys()
        infos = {run: found.info for run, found in known.items()}
        if others or gone or (not folders and not self._known):
            rows, strangers = self._rows(others, known.keys())
            made: list[_Known] = []
            for run in others:
                folder, stamp, fresh = seen[run]
                found = rows.get(run)
                if found is None or not found.holds(folder, stamp):
                    found = _read(folder, stamp)
                    if not fresh:
                        made.append(found)
                if not fresh:
                    known[run] = found
                infos[run], lives[run] = found.info, found.live
            self._write(made, [*gone, *strangers])
        self._known = known
        self._unsettled = {}
        for run, (folder, stamp, _) in reversed(seen.items()):
            live = infos[run].state in UNSETTLED
            if run not in known or live:
                self._unsettled[run] = (folder, live, stamp + (known[run].live if run in known else lives[run]))
        return [infos[run] for run in seen]

    @property
    def when_read(self) -> dict[str, bytes]:
        """What :meth:`pulse` would have said just before the last call of :meth:`read`."""
        return {run: was for run, (_, _, was) in self._unsettled.items()}

    def pulse(self, besides: Collection[str] = ()) -> dict[str, bytes]:
        """Run id to a value that changes when it goes on, moves on or ends: of those that may, as far as they were listed.

        Args:
            besides: runs that are not looked at.
        """
        looked_at = [each for run, each in self._unsettled.items() if run not in besides][:LOOKED_AT]
        return {folder.id: _stamp(folder)[0] + (_live_stamp(folder) if live else b"") for folder, live, _ in looked_at}

    def _rows(self, by_id: Mapping[str, RunFolder], known: Iterable[str]) -> tuple[dict[str, _Known], set[str]]:
        """The rows of these runs as far as there are any, and the ids of rows whose run is not there."""
        ask = _SELECT[self._table]
        found: dict[str, _Known] = {}
        strangers: set[str] = set()

        def look(index: sqlite3.Connection) -> None:
            if index.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                return
            if index.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (self._table,)).fetchone() is None:
                return
            if 0 < len(by_id) < MANY:
                rows = [row for run in by_id for row in index.execute(f"{ask} WHERE id = ?", (os.fsencode(run),))]
            else:
                rows = index.execute(ask).fetchall()
                there = by_id.keys() | set(known)
                strangers.update(run for row in rows if (run := os.fsdecode(row[0])) not in there)
            wanted = [
                (run, stamp, live, info) for name, stamp, live, info in rows if (run := os.fsdecode(name)) in by_id
            ]
            for (run, stamp, live, _), values in zip(wanted, parsed([info for *_, info in wanted]), strict=True):
                with contextlib.suppress(*NO_ROW):  # the folder is read instead
                    found[run] = _Known(stamp, live, from_row(by_id[run], values))

        if self.exists:
            self._use(look)
        return found, strangers

    def _write(self, made: Sequence[_Known], gone: Sequence[str]) -> None:
        """Put what was read into the index, and take out what is no longer there."""

        def put(index: sqlite3.Connection) -> None:
            index.execute("PRAGMA journal_mode = WAL")
            index.execute("PRAGMA synchronous = NORMAL")
            index.execute("BEGIN IMMEDIATE")
            if index.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                for table in ("runs", "deleted"):
                    index.execute(f"DROP TABLE IF EXISTS {table}")
                index.execute(f"PRAGMA user_version = {VERSION}")
            index.execute(_TABLE.format(table=self._table))
            index.executemany(_DELETE[self._table], [(os.fsencode(run),) for run in gone])
            index.executemany(_INSERT[self._table], rows)
            index.execute("COMMIT")

        rows = [(os.fsencode(each.info.id), each.stamp, each.live, to_row(each.info)) for each in made]
        if rows or gone:
            self._use(put)

    def _use(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do something with the file. A damaged one is set aside and the work done with a new one; more is not tried."""
        for _ in range(2):
            try:
                with self._open() as index:
                    work(index)
                return
            except sqlite3.Error as error:
                if (getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF) in _OF_NO_HELP:
                    return
            except (OSError, ValueError, TypeError):  # it is no file, or holds what is none of ours
                pass
            self._set_aside()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISREG(self._file.stat().st_mode):  # a pipe would be waited for
                raise OSError
        with contextlib.closing(sqlite3.connect(self._file, timeout=5.0, isolation_level=None)) as index:
            yield index

    def _set_aside(self) -> None:
        """Move a damaged index out of the way, for who wants to look at it."""
        when = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        for suffix in ("", "-wal", "-shm"):
            part = self._file.with_name(self._file.name + suffix)
            with contextlib.suppress(OSError):
                move(part, part.with_name(f"{self._file.name}.damaged-{when}{suffix}"))


def _read(folder: RunFolder, stamp: bytes) -> _Known:
    """A run from its folder. What may change while it is read is looked at before."""
    live = _live_stamp(folder)
    info = read_info(folder)
    return _Known(stamp, live if info.state in UNSETTLED else b"", info)


def _stamp(folder: RunFolder) -> tuple[bytes, bool]:
    """Size, times and inode of every document of a run, and whether one of them was written to a moment ago.

    Where a platform knows no time of the last change (Windows), ours are told by their inode: each is written anew.
    Asked of every run at every listing, hence without the paths of :class:`RunFolder`: they take four times as long.
    """
    base, stamp, newest = str(folder.path), b"", 0
    for name in DOCUMENTS:
        try:
            found = os.stat(f"{base}/{name}")  # noqa: PTH116
        except (OSError, ValueError):
            stamp += _MISSING
            continue
        changed = found.st_ctime_ns
        stamp += _STAMP.pack(found.st_size, found.st_mtime_ns, found.st_ino, changed)
        newest = max(newest, changed)
    return stamp, abs(time.time_ns() - newest) < FRESH


def _live_stamp(folder: RunFolder) -> bytes:
    """How far a run that has not ended has come, and whether somebody runs it."""
    try:
        found = folder.events.stat()
        events = _STAMP.pack(found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns)
    except (OSError, ValueError):
        events = _MISSING
    return events + (b"\1" if is_held(folder.lock) else b"\0")
