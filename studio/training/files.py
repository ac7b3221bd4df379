"""Files that are at any moment whole: the old one or the new one, never a torn one."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path

from studio.errors import DiskFull

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def write_whole(file: Path, data: bytes) -> None:
    """Write ``data`` to a temporary file, sync it and put it in the place of ``file``.

    Raises:
        DiskFull: there is no space; the old file is intact.
        OSError: it cannot be written for another reason; the old file is intact.
    """
    write_together({file: data})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write several files as :func:`write_whole` does one: none takes its place before all are on the disk.

    They take their places in the order given.

    Raises:
        DiskFull: there is no space; the old files are intact.
        OSError: one cannot be written for another reason; the old files are intact.
    """
    temporary = {file: file.with_name(file.name + ".tmp") for file in files}
    try:
        for file, data in files.items():
            with temporary[file].open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        for file in files:
            temporary[file].replace(file)
    except OSError as error:
        for beside in temporary.values():
            beside.unlink(missing_ok=True)
        if is_full(error):
            raise disk_full(file, len(files[file])) from error
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
