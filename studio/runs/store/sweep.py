"""Removes what processes that are no more left half made in a workspace; never what a living one is making."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from studio.core.files import is_left_over
from studio.runs.files.lock import is_held

#: How version 0.1 called a file in the making. It does not say whose it is, so it must have lain for a day.
_OF_FORMER_VERSIONS = (".tmp", ".part")
_DAY = 86_400.0
#: Seconds a folder without an experiment must have lain: version 0.1 made the folder first.
_MINUTE = 60.0
#: Folders of a run in which files are made.
_IN_A_RUN = (".", "snapshots", "checkpoints")


def sweep(workspace: Path, open_runs: Iterable[Path]) -> list[Path]:
    """Remove unfinished files and folders of dead processes; returns what was removed.

    Args:
        workspace: its folder.
        open_runs: folders of runs that have not ended; the others are whole.
    """
    removed: list[Path] = []
    for place in (workspace, *(workspace / name for name in ("runs", "bin", "methods", "cache", "cache/downloads"))):
        removed += _remove(_left_over(place))
    for run in open_runs:
        if is_held(run / "lock"):
            continue
        if _is_ghost(run):
            removed += _remove([run])
        else:
            removed += _remove(left for name in _IN_A_RUN for left in _left_over(run / name))
    return removed


def _left_over(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        names = os.listdir(folder)  # noqa: PTH208 - names alone, of ten thousand
        for name in names:
            path = folder / name
            if is_left_over(path):
                if not is_held(path / "lock"):
                    yield path
            elif name.endswith(_OF_FORMER_VERSIONS) and _age(path) > _DAY and path.is_file() and not path.is_symlink():
                yield path


def _is_ghost(run: Path) -> bool:
    """Whether a folder is all that was made of a run: there is nothing in it but its lock, and what was left half made."""
    try:
        inside = os.listdir(run)  # noqa: PTH208 - names alone
    except OSError:
        return False
    made = [name for name in inside if name != "lock" and not name.endswith(".tmp") and not is_left_over(run / name)]
    return not made and not run.is_symlink() and _age(run) > _MINUTE


def _age(path: Path) -> float:
    """Seconds since it was written to; 0 where that is not known."""
    try:
        return time.time() - path.lstat().st_mtime
    except OSError:
        return 0.0


def _remove(paths: Iterable[Path]) -> list[Path]:
    removed = []
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()
        if not os.path.lexists(path):
            removed.append(path)
    return removed
