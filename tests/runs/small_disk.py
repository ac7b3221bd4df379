"""A disk with little space left."""

from __future__ import annotations

import errno
import io
from typing import Any, ClassVar


class SmallDisk(io.FileIO):
    """A file on a disk with so many bytes left; a write stops short where they end, as the system's does."""

    left: ClassVar[int] = 10_000

    def write(self, data: Any) -> int:
        if SmallDisk.left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = super().write(bytes(data)[: SmallDisk.left])
        SmallDisk.left -= written
        return written
