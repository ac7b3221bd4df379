"""``studio.sqlite``: what the run folders say, kept so that a long list is quick. The folders are the truth.

The index is checked against them at every listing, and a damaged one is set aside and made again.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from studio.core.files import move
from studio.runs.files.event_codec import decode, encode
from studio.runs.files.folder import DOCUMENTS, RunFolder
from studio.runs.run_info import RunInfo, read_info

#: Counted up whenever the rows change shape; an index of another version is made again.
VERSION = 3

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
        #: What this process has read before: run id to stamp and values, of settled runs alone.
        self._known: dict[str, tuple[str, RunInfo]] = {}

    @property
    def exists(self) -> bool:
        """Whether the file is there."""
        return self._file.exists()

    def read(self, folders: Sequence[RunFolder]) -> list[RunInfo]:
        """What is known of ``folders``, in their order; only what changed since the last call is read from disk."""
        stamps = {folder.id: _stamp(folder) for folder in folders}
        infos = {run: info for run, (stamp, info) in self._known.items() if stamps.get(run) == stamp}
        missing = [folder for folder in folders if folder.id not in infos]
        if missing or len(infos) < len(self._known):
            infos |= self._read_missing(missing, stamps)
        self._known = {run: (stamps[run], info) for run, info in infos.items() if _is_settled(info)}
        return [infos[folder.id] for folder in folders]

    def _read_missing(self, missing: Sequence[RunFolder], stamps: Mapping[str, str]) -> dict[str, RunInfo]:
        try:
            return self._refresh(missing, stamps)
        except sqlite3.OperationalError:  # locked, full or read-only: no damage, only no help
            return {folder.id: read_info(folder) for folder in missing}
        except sqlite3.DatabaseError:
            self._set_aside()
        try:
            return self._refresh(missing, stamps)
        except sqlite3.Error:
            return {folder.id: read_info(folder) for folder in missing}

    def _refresh(self, missing: Sequence[RunFolder], stamps: Mapping[str, str]) -> dict[str, RunInfo]:
        """The values of ``missing``, from their rows where these are not out of date.

        Args:
            stamps: of all runs there are; rows of others are removed.
        """
        with self._open() as index:
            gone = [(run,) for (run,) in index.execute("SELECT id FROM runs") if run not in stamps]
            index.executemany("DELETE FROM runs WHERE id = ?", gone)
            infos: dict[str, RunInfo] = {}
            for folder in missing:
                row = index.execute("SELECT stamp, info FROM runs WHERE id = ?", (folder.id,)).fetchone()
                info = _from_row(folder, row[1]) if row is not None and row[0] == stamps[folder.id] else None
                if info is None:
                    info = read_info(folder)
                    self._put(index, info, stamps[folder.id])
                infos[folder.id] = info
            return infos

    def _put(self, index: sqlite3.Connection, info: RunInfo, stamp: str) -> None:
        row = (
            info.id,
            stamp if _is_settled(info) else "",
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


def _is_settled(info: RunInfo) -> bool:
    """Whether its values hold as long as no document changes: not so of what runs, or may be gone on with elsewhere."""
    return info.state not in ("running", "interrupted")


def _stamp(folder: RunFolder) -> str:
    """Changes whenever a document of the run does.

    Asked of every run at every listing, hence without the paths of :class:`RunFolder`: they take four times as long.
    """
    marks: list[str] = []
    for name in DOCUMENTS:
        try:
            stat = os.stat(f"{folder.path}/{name}")  # noqa: PTH116
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
