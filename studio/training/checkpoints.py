"""The checkpoints of a run: the newest two and the best. They survive a kill, a full disk and a flipped bit.

A checkpoint is serialised in memory and written whole; its sha256 stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio.core.files import writing
from studio.training import checkpoint_file
from studio.training.checkpoint_content import BestContent, CheckpointContent, DamagedCheckpoint

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
        """Write a checkpoint; returns its file name.

        Those beyond the newest two go, and those of later steps: a run that went on from an older one will write them
        again.

        Raises:
            NotWritten: there is no space, or no right to write; the checkpoints before are intact.
        """
        name = _name(step)
        self._write(name, payload)
        files = self.newest_first()
        here = next((i for i, file in enumerate(files) if file.name == name), 0)
        for old in (*files[:here], *files[here + KEEP :]):
            old.unlink(missing_ok=True)
            checkpoint_file.sum_file(old).unlink(missing_ok=True)
        for torn in self.folder.glob("*.tmp"):  # left by a process of version 0.1 that was killed while it wrote
            torn.unlink(missing_ok=True)
        return name

    def save_best(self, payload: Mapping[str, Any]) -> str:
        """Write the best weights so far."""
        self._write(BEST, payload)
        return BEST

    def newest_first(self) -> list[Path]:
        """The files of checkpoints, whole or not."""
        return sorted(self.folder.glob("step-*.pt"), reverse=True)

    def read(self, file: Path) -> CheckpointContent:
        """What a checkpoint holds.

        Raises:
            DamagedCheckpoint: it cannot be gone on from.
        """
        content = checkpoint_file.read(file, CheckpointContent)
        if file.name != _name(content.step):
            raise DamagedCheckpoint("It is of another step than its name says.")
        return content

    def best(self) -> BestContent | None:
        """The best weights so far, None where there are none.

        Raises:
            DamagedCheckpoint: they cannot be used.
        """
        file = self.folder / BEST
        return checkpoint_file.read(file, BestContent) if file.exists() else None

    def _write(self, name: str, payload: Mapping[str, Any]) -> None:
        data = checkpoint_file.pack(payload)
        file = self.folder / name
        with writing(file, len(data)):
            self.folder.mkdir(parents=True, exist_ok=True)
        checkpoint_file.write(file, data)


def _name(step: int) -> str:
    return f"step-{step:09d}.pt"
