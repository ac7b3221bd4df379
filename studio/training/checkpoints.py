"""Checkpoints that survive a kill, a full disk and a flipped bit.

A checkpoint is serialised in memory and written whole; its sha256 stands beside it. The newest two and the best are
kept. What does not match its sum is passed over for the one before.
"""

from __future__ import annotations

import hashlib
import io
import pickle  # for the error weights_only raises; nothing is unpickled
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from studio.core.errors import StudioError
from studio.core.files import write_together, writing

FORMAT = 1
KEEP = 2
BEST = "best.pt"


class Checkpoints:
    """The checkpoints of one run.

    Args:
        folder: made when the first is saved.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, payload: Mapping[str, Any], step: int) -> str:
        """Write a checkpoint; returns its file name. Older ones beyond the newest two go.

        Raises:
            NotWritten: there is no space, or no right to write; the checkpoints before are intact.
        """
        name = f"step-{step:09d}.pt"
        self._write(name, payload)
        for old in self._newest_first()[KEEP:]:
            old.unlink(missing_ok=True)
            _sum_file(old).unlink(missing_ok=True)
        for torn in self.folder.glob("*.tmp"):  # left by a process of version 0.1 that was killed while it wrote
            torn.unlink(missing_ok=True)
        return name

    def save_best(self, payload: Mapping[str, Any]) -> str:
        """Write the best weights so far."""
        self._write(BEST, payload)
        return BEST

    def latest(self) -> dict[str, Any] | None:
        """The newest checkpoint that is whole; None where there is none at all.

        Raises:
            StudioError: there are checkpoints, but none of them is whole.
        """
        files = self._newest_first()
        for file in files:
            payload = _read(file)
            if payload is not None:
                return payload
        if files:
            raise StudioError(
                "The run cannot go on: all its checkpoints are damaged.",
                "Their contents do not match the sums stored beside them in {folder}.",
                "Start the experiment again.",
                folder=self.folder,
            )
        return None

    def best(self) -> dict[str, Any] | None:
        """The best weights so far, None where there are none or they are damaged."""
        file = self.folder / BEST
        return _read(file) if file.exists() else None

    def _newest_first(self) -> list[Path]:
        return sorted(self.folder.glob("step-*.pt"), reverse=True)

    def _write(self, name: str, payload: Mapping[str, Any]) -> None:
        buffer = io.BytesIO()
        torch.save({"format": FORMAT, **payload}, buffer)
        data = buffer.getvalue()
        file = self.folder / name
        with writing(file, len(data)):
            self.folder.mkdir(parents=True, exist_ok=True)
        # the sum takes its place first: a kill between the two must not leave the only checkpoint without one
        write_together({_sum_file(file): hashlib.sha256(data).hexdigest().encode(), file: data})


def _sum_file(file: Path) -> Path:
    return file.with_name(file.name + ".sha256")


def _read(file: Path) -> dict[str, Any] | None:
    """The payload of ``file`` if it matches its sum; nothing in it can execute (weights_only)."""
    try:
        data = file.read_bytes()
        expected = _sum_file(file).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    if hashlib.sha256(data).hexdigest() != expected:
        return None
    try:
        payload = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError):
        return None
    return payload if isinstance(payload, dict) and payload.get("format") == FORMAT else None
