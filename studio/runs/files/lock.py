"""A run is held through the operating system while it runs: the lock of a dead holder is free by itself."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from studio.core.bounded_read import printable_name
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
    if lock.is_symlink():  # whoever made it wanted another file to be opened and emptied
        raise StudioError(
            "The run {run} cannot be run.",
            "Its lock is a link to another file.",
            "Delete {file}.",
            run=printable_name(lock.parent),
            file=str(lock),
        )
    holder = FileLock(lock, thread_local=False)
    try:
        holder.acquire(timeout=PATIENCE, poll_interval=0.02)
    except Timeout as error:
        raise _running(lock) from error
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


def check_free(lock: Path) -> None:
    """Pass a run that nobody runs.

    Raises:
        StudioError: another process or thread holds it.
    """
    if is_held(lock):
        raise _running(lock)


def _running(lock: Path) -> StudioError:
    return StudioError(
        "The run {run} is running now.",
        "Another window or terminal holds it.",
        "Wait until it ends, or stop it there.",
        run=printable_name(lock.parent),
    )


def is_held(lock: Path) -> bool:
    """Whether somebody runs the run right now. A lock file nobody holds counts for nothing, nor does what is no file."""
    try:
        if not stat.S_ISREG(lock.lstat().st_mode):
            return False
        return _is_shut(lock)
    except (OSError, ValueError):  # it is not there, or in a place nobody can write to: nobody can run there
        return False


if sys.platform == "win32":

    def _is_shut(lock: Path) -> bool:
        probe = FileLock(lock, thread_local=False)
        try:
            probe.acquire(timeout=0)
        except Timeout:
            return True
        probe.release()
        return False

else:
    import fcntl

    def _is_shut(lock: Path) -> bool:
        """Whether who holds it does not let it be shared: so two who ask at once do not take each other for a holder."""
        handle = os.open(lock, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False
