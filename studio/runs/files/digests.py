"""Sums of what a run keeps, so that damage is noticed before a file is used again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from studio.runs.files.folder import RunFolder


def digests(folder: RunFolder) -> dict[str, str]:
    """File name to sha256, for what is there of the kept files: weights, answers, and what a procedure made."""
    kept = (folder.student, folder.teacher, folder.predictions, folder.arrays)
    sums = {file.name: sha256_of(file) for file in kept}
    return {name: found for name, found in sums.items() if found is not None}


def is_intact(file: Path, recorded: Mapping[str, str]) -> bool:
    """Whether a kept file is what was recorded of it; one that was kept before sums were recorded only has to be there.

    Args:
        recorded: as :func:`digests` gave it when the run ended.
    """
    expected = recorded.get(file.name)
    return file.is_file() if expected is None else sha256_of(file) == expected


def sha256_of(file: Path) -> str | None:
    """The sha256 of a regular file as hexadecimal digits; None where it cannot be read."""
    try:
        if not file.is_file():
            return None
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
