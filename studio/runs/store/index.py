"""``studio.sqlite``: what the run folders say, kept so that a long list is quick. The folders are the truth.

The index is checked against them at every listing, and a damaged one is set aside and made again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from studio.core.files import move
from studio.runs.files.event_codec import decode, encode
from studio.runs.files.folder import RunFolder
from studio.runs.run_info import RunInfo, read_info

#: Counted up whenever the rows change shape; an index of another version is made again.
VERSION = 2

_TABLE = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY,        -- name of the run's folder
    stamp TEXT NOT NULL,        -- of the documents the row was read from; empty: read again
    created TEXT NOT NULL,      -- ISO 8601
    state TEXT NOT NULL,
    fingerprint TEXT NOT NULL,  -- of runs without a teacher; else empty
    info TEXT NOT NULL          -- JSON of RunInfo
) WITHOUT ROWID
"""


class RunIndex:
    """The index of one workspace. Every call opens the file anew, so any thread or process may use it.

    Args:
        file: ``studio.sqlite``; made when first needed. Where it cannot be written, the folders are read each time.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def exists(self) -> bool:
        """Whether the file is there."""
        return self._file.exists()

    def read(self, folders: Sequence[RunFolder]) -> list[RunInfo]:
        """What is known of ``folders``, in their order; only what changed since the last call is read from disk."""
        try:
            return self._refresh(folders)
        except sqlite3.OperationalError:  # locked, full or read-only: no damage, only no help
            return [read_info(folder) for folder in folders]
        except sqlite3.DatabaseError:
            self._set_aside()
        try:
            return self._refresh(folders)
        except sqlite3.Error:
            return [read_info(folder) for folder in folders]

    def _refresh(self, folders: Sequence[RunFolder]) -> list[RunInfo]:
        with self._open() as index:
            rows = {name: (stamp, info) for name, stamp, info in index.execute("SELECT id, stamp, info FROM runs")}
            infos: list[RunInfo] = []
            for folder in folders:
                stamp = _stamp(folder)
                known, row = rows.pop(folder.id, ("", ""))
                info = _from_row(folder, row) if stamp == known else None
                if info is None:
                    info = read_info(folder)
                    self._put(index, info, stamp)
                infos.append(info)
            index.executemany("DELETE FROM runs WHERE id = ?", [(gone,) for gone in rows])
            return infos

    def _put(self, index: sqlite3.Connection, info: RunInfo, stamp: str) -> None:
        settled = info.state not in ("running", "interrupted")  # those change without a document changing
        row = (
            info.id,
            stamp if settled else "",
            info.created.isoformat(),
            info.state,
            info.fingerprint,
            json.dumps(encode(info), allow_nan=False),
        )
        index.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?)", row)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection within one transaction."""
        with contextlib.closing(sqlite3.connect(self._file, timeout=5.0)) as index:
            index.execute("PRAGMA journal_mode = WAL")
            index.execute("PRAGMA synchronous = NORMAL")
            with index:
                if index.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                    index.execute("DROP TABLE IF EXISTS runs")
                    index.execute(f"PRAGMA user_version = {VERSION}")
                index.execute(_TABLE)  # whatever its version says: the table itself may be gone
                yield index

    def _set_aside(self) -> None:
        """Move a damaged index out of the way, for who wants to look at it."""
        when = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        for suffix in ("", "-wal", "-shm"):
            part = self._file.with_name(self._file.name + suffix)
            with contextlib.suppress(OSError):
                move(part, part.with_name(f"{self._file.name}.damaged-{when}{suffix}"))


def _stamp(folder: RunFolder) -> str:
    """Changes whenever a document of the run does."""
    marks: list[str] = []
    for file in (folder.experiment, folder.environment, folder.labels, folder.summary):
        try:
            stat = file.stat()
            marks.append(f"{stat.st_mtime_ns}:{stat.st_size}")
        except OSError:
            marks.append("-")
    return " ".join(marks)


def _from_row(folder: RunFolder, row: str) -> RunInfo | None:
    try:
        info = decode(RunInfo, json.loads(row))
    except (ValueError, TypeError, KeyError):
        return None
    return info if info.folder == folder.path else None
