"""A run is held through the operating system while it runs: the lock of a dead holder is free by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from studio.core.errors import StudioError, os_reason

#: Somebody else may be asking whether the run is held, which holds it for a moment.
PATIENCE = 1.0


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Hold a run for the length of a ``with`` block.

    Args:
        lock: the lock file of the run, in its folder.

    Raises:
        StudioError: another process or thread holds it, or its folder cannot be written to.
    """
    holder = FileLock(lock, thread_local=False)
    try:
        holder.acquire(timeout=PATIENCE, poll_interval=0.02)
    except Timeout as error:
        raise StudioError(
            "The run {run} is running now.",
            "Another window or terminal holds it.",
            "Wait until it ends, or stop it there.",
            run=lock.parent.name,
        ) from error
    except OSError as error:
        raise StudioError(
            "The run {run} can only be looked at: its folder cannot be written to.",
            "{reason}: {folder}.",
            "Make the folder writable, or bring its drive back.",
            run=lock.parent.name,
            folder=str(lock.parent),
            reason=os_reason(error),
        ) from error
    try:
        yield
    finally:
        holder.release()


def is_held(lock: Path) -> bool:
    """Whether somebody runs the run right now. A lock file nobody holds counts for nothing."""
    if not lock.exists():
        return False
    probe = FileLock(lock, thread_local=False)
    try:
        probe.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # a read-only place: nobody can run there
        return False
    probe.release()
    return False
