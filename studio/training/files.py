"""Files that are at any moment whole: the old one or the new one, never a torn one."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from studio.errors import DiskFull

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def write_whole(file: Path, data: bytes) -> None:
    """Write ``data`` to a temporary file, sync it and put it in the place of ``file``.

    Raises:
        DiskFull: there is no space; the old file is intact.
        OSError: it cannot be written for another reason; the old file is intact.
    """
    temporary = file.with_name(file.name + ".tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        if is_full(error):
            raise disk_full(file, len(data)) from error
        raise


def is_full(error: OSError) -> bool:
    """Whether writing was refused for want of space or quota."""
    return error.errno in _NO_SPACE


def disk_full(file: Path, size: int) -> DiskFull:
    """The error for a full disk, with what was needed (``size`` in bytes) and what to do."""
    return DiskFull(
        "The disk is full: {name} cannot be written.",
        "{size:.1f} MB were needed in {folder}. What was saved before is intact.",
        "Free some space, then go on.",
        offers=("resume",),
        name=file.name,
        size=size / 1e6,
        folder=str(file.parent),
    )
