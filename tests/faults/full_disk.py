"""A disk that is full from some moment on."""

from __future__ import annotations

import errno
import os

import pytest


def fill_after(writes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be full once so many files have been brought to it."""
    sync, left = os.fsync, iter(range(writes))

    def small(descriptor: int) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", small)
