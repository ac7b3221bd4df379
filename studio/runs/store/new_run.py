"""Makes the folder of a new run in a workspace, and says why none can be made there."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from studio.core.errors import DiskFull, NotWritten, StudioError, os_reason
from studio.core.files import AtomicFolder, writing
from studio.runs.files.folder import RunFolder
from studio.runs.files.lock import held
from studio.runs.files.workspace_path import VARIABLE

#: What to do where a workspace cannot be used; ``variable`` is its environment variable.
ELSEWHERE = "Choose another place with --workspace or {variable}."


@contextmanager
def new_run(workspace: Path, words: str, documents: Mapping[str, bytes]) -> Iterator[RunFolder]:
    """A new run folder, there with all its documents or not at all, and held as long as the context lasts.

    Args:
        workspace: the folder of the workspace.
        words: become the readable part of its id.
        documents: what it holds from the first moment, by the names of its files.

    Raises:
        StudioError: the workspace cannot be written to.
        NotWritten: a document cannot be.
    """
    _check_name(workspace)
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:32].rstrip("-") or "run"
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    folder = RunFolder(workspace / "runs" / f"{now}-{slug}-{secrets.token_hex(2)}")
    with ExitStack() as stack:
        try:
            made = stack.enter_context(AtomicFolder(folder.path))
        except DiskFull:
            raise
        except NotWritten as error:
            reason = os_reason(error.__cause__) if isinstance(error.__cause__, OSError) else ""
            raise _unusable(workspace, reason) from error
        for name, content in documents.items():
            with writing(folder.path / name, len(content)):
                (made.path / name).write_bytes(content)
        if os.name == "nt":  # a folder with an open file cannot be renamed there
            made.commit()
            stack.enter_context(held(folder.lock))
        else:  # nobody may take it up between its appearance and its beginning
            stack.enter_context(held(RunFolder(made.path).lock))
            made.commit()
        yield folder


def check_writable(workspace: Path) -> None:
    """Try to write in a workspace, or, where it is not there yet, in the folder it would be made in. Leaves no trace.

    Raises:
        StudioError: it cannot be written to; says why and how to choose another place.
    """
    _check_name(workspace)
    there = next(path for path in (workspace, *workspace.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise _unusable(workspace, os_reason(error)) from error


def _check_name(workspace: Path) -> None:
    """Refuse a place that cannot be written down: experiments, events and reports are UTF-8."""
    try:
        str(workspace).encode()
    except UnicodeEncodeError as error:
        raise StudioError(
            "Nothing can be kept in the workspace {path}.",
            "The name of its folder is not UTF-8 text, and what a run writes down is.",
            ELSEWHERE,
            path=os.fsencode(workspace).decode("utf-8", "replace"),
            variable=VARIABLE,
        ) from error


def _unusable(workspace: Path, reason: str) -> StudioError:
    return StudioError(
        "The workspace {path} cannot be written to.",
        "{reason}.",
        ELSEWHERE,
        path=str(workspace),
        reason=reason,
        variable=VARIABLE,
    )
