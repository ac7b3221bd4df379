"""A disk with little space left."""

from __future__ import annotations

import errno
import io
from pathlib import Path
from typing import Any, ClassVar

import pytest


class SmallDisk(io.FileIO):
    """A file on a disk with so many bytes left; a write stops short where they end, as the system's does."""

    left: ClassVar[int] = 10_000

    def write(self, data: Any) -> int:
        if SmallDisk.left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = super().write(bytes(data)[: SmallDisk.left])
        SmallDisk.left -= written
        return written


def use_small_disk(monkeypatch: pytest.MonkeyPatch) -> type[SmallDisk]:
    """From now on what is appended to a file goes to a disk with 10,000 bytes left."""
    opened = Path.open

    def open_small(path: Path, mode: str = "r", *args: Any, **named: Any) -> Any:
        return SmallDisk(path, "ab") if mode == "ab" else opened(path, mode, *args, **named)

    monkeypatch.setattr(Path, "open", open_small)
    monkeypatch.setattr(SmallDisk, "left", 10_000)
    return SmallDisk
