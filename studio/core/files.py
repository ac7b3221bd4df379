"""Files that are at any moment whole: the old one or the new one, never a torn one."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from studio.core.errors import DiskFull, NotWritten
from studio.core.format import byte_size

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def write_whole(file: Path, data: bytes) -> None:
    """Write ``data`` to a temporary file, sync it and put it in the place of ``file``.

    Raises:
        NotWritten: it cannot be written, for want of space (:class:`DiskFull`) or of rights; the old file is intact.
    """
    write_together({file: data})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write several files as :func:`write_whole` does one: none takes its place before all are on the disk.

    They take their places in the order given.

    Raises:
        NotWritten: one cannot be written; the old files are intact.
    """
    temporary = {file: file.with_name(file.name + ".tmp") for file in files}
    try:
        for file, data in files.items():
            with writing(file, len(data)), temporary[file].open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        for file in files:
            with writing(file):
                temporary[file].replace(file)
    except BaseException:
        for beside in temporary.values():
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
        raise


@contextmanager
def writing(file: Path, size: int = 0) -> Iterator[None]:
    """Turns an ``OSError`` within into one that says what could not be written, why, and what to do.

    Args:
        file: what is written.
        size: of what is written, in bytes; 0 where it is nothing to speak of.

    Raises:
        NotWritten: writing was refused; :class:`DiskFull` where it was for want of space or quota.
    """
    try:
        yield
    except OSError as error:
        name, folder = file.name, str(file.parent)
        if error.errno in _NO_SPACE:
            raise DiskFull(
                "The disk is full: {name} cannot be written.",
                "{size} were needed in {folder}. What was saved before is intact."
                if size
                else "It was to stand in {folder}. What was saved before is intact.",
                "Free some space, then go on.",
                offers=("resume",),
                name=name,
                size=byte_size(size),
                folder=folder,
            ) from error
        raise NotWritten(
            "{name} cannot be written in {folder}.",
            "{reason}. What was saved before is intact.",
            "Make the folder writable, or bring its drive back, then go on.",
            offers=("resume",),
            name=name,
            folder=folder,
            reason=error.strerror or str(error),
        ) from error
