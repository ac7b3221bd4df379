"""A person's file in the folder of a run, so that the run stays whole when the file is moved, changed or deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.files import write_whole


def keep_copy(file: Path, kept: Path, gone: Callable[[OSError], StudioError]) -> Path:
    """A copy of ``file`` at ``kept``. It is no link: a person's file may be written into later.

    Args:
        kept: stays as it is where it is there already, whatever became of the file since.
        gone: what is raised where the file cannot be read and no copy was kept.

    Raises:
        StudioError: as ``gone`` says.
        NotWritten: there is no room.
    """
    if kept.is_file():
        return kept
    try:
        content = file.read_bytes()
    except OSError as error:
        raise gone(error) from error
    write_whole(kept, content)
    return kept
