"""The workspace: where runs, deleted runs and decoded data are, and how a run is found, labelled and deleted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

from studio.core.bounded_read import printable_name
from studio.core.errors import StudioError, os_reason
from studio.core.files import is_unfinished, move
from studio.runs.files.folder import RunFolder, tree_size
from studio.runs.files.labels import Labels, change_labels
from studio.runs.files.lock import check_free
from studio.runs.files.workspace_path import VARIABLE, workspace_path
from studio.runs.run_info import RunInfo, read_info
from studio.runs.store.index import RunIndex
from studio.runs.store.new_run import ELSEWHERE, check_writable, new_run
from studio.runs.store.sweep import sweep

LAST = "last"


@dataclass(frozen=True)
class WorkspaceSize:
    """Bytes of what a workspace holds."""

    runs: int
    bin: int
    cache: int

    @property
    def total(self) -> int:
        """All together."""
        return self.runs + self.bin + self.cache


@dataclass(frozen=True)
class WorkspacePulse:
    """How the runs of a workspace stand, as far as a quick look tells.

    Attributes:
        folder: another value whenever a run comes or goes.
        runs: run id to a value that changes when it begins, moves on or ends; of those that have not ended.
    """

    folder: int
    runs: Mapping[str, bytes]

    def differs_from(self, before: WorkspacePulse) -> bool:
        """Whether something has changed; a run that was not looked at before has not."""
        return self.folder != before.folder or any(before.runs.get(run, now) != now for run, now in self.runs.items())


class Workspace:
    """A folder of runs. Nothing is made on disk before something is to be written.

    Args:
        path: None takes the environment variable ``STUDIO_WORKSPACE``, else the platform's application data folder.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = workspace_path(path)
        self._index = RunIndex(self.path / "studio.sqlite")
        self._index_of_bin = RunIndex(self.path / "studio.sqlite", "deleted")
        #: What :meth:`pulse` would have said just before the last call of :meth:`runs`.
        self.pulse_when_listed = WorkspacePulse(0, {})

    @property
    def run_folder(self) -> Path:
        """Where the run folders are."""
        return self.path / "runs"

    @property
    def bin(self) -> Path:
        """Where deleted runs are until it is emptied."""
        return self.path / "bin"

    @property
    def cache(self) -> Path:
        """Decoded data; may be deleted at any time."""
        return self.path / "cache"

    def runs(self) -> list[RunInfo]:
        """All runs: those a person asked for, then those that were trained for them, each the newest first.

        Broken folders are among them with their problem. A run that has not changed is the same object as before.

        Raises:
            StudioError: the workspace is there and cannot be read.
        """
        changed = self._changed()
        infos = _sorted(self._index, _folders(self.run_folder))
        self.pulse_when_listed = WorkspacePulse(changed, self._index.when_read)
        return infos

    def pulse(self, besides: Sequence[str] = ()) -> WorkspacePulse:
        """A quick look at the runs as they were listed last, to see whether another process has changed them.

        Args:
            besides: runs that are not looked at.
        """
        return WorkspacePulse(self._changed(), self._index.pulse(besides))

    def _changed(self) -> int:
        try:
            return self.run_folder.stat().st_mtime_ns
        except OSError:
            return 0

    def next_sequence(self) -> int:
        """The number of the next run: no run in the workspace has a larger one.

        Two that begin at the same moment may get the same; then the clock tells them apart.
        """
        return 1 + max((info.sequence for info in self.runs()), default=0)

    def run(self, name: str) -> RunInfo:
        """The run called ``name``: an id, a unique beginning of one, or "last".

        "last" is the newest that a person asked for; runs made as references of others do not count.

        Raises:
            StudioError: there is none, or there are several.
        """
        if name == LAST:
            infos = self.runs()
            if not infos:
                raise StudioError(
                    "There are no runs yet in {path}.", "", "“studio demo” makes the first one.", path=self.path
                )
            return next((info for info in infos if not info.parent), infos[0])
        found = _found(name, [folder.id for folder in _folders(self.run_folder)])
        if not found:
            raise StudioError("There is no run “{name}”.", "", "“studio runs” lists what there is.", name=name)
        return read_info(RunFolder(self.run_folder / found))

    def folder(self, run_id: str) -> RunFolder:
        """The folder of a run by its whole id, whether it is there or not."""
        return RunFolder(self.run_folder / Path(run_id).name)

    def new_run(self, words: str, documents: Mapping[str, bytes]) -> AbstractContextManager[RunFolder]:
        """A new run folder, there with all its documents or not at all, and held as long as the context lasts.

        Args:
            words: become the readable part of its id.
            documents: what it holds from the first moment, by the names of its files.

        Raises:
            StudioError: the workspace cannot be written to.
            NotWritten: a document cannot be.
        """
        return new_run(self.path, words, documents)

    def check_writable(self) -> None:
        """Try to write in the workspace, or, where it is not there yet, in the folder it would be made in. Leaves no trace.

        Raises:
            StudioError: it cannot be written to; says why and how to choose another place.
        """
        check_writable(self.path)

    def label(self, run: str, /, **changes: object) -> Labels:
        """Change name, notes, tags or favourite of a run, e.g. ``label("last", favourite=True)``.

        Raises:
            StudioError: there is no such run, or a value cannot be kept.
        """
        return change_labels(self.run(run).places, **changes)

    def delete(self, name: str) -> Path:
        """Move a run into the bin; returns where it now is.

        Raises:
            StudioError: there is no such run, or it is running.
        """
        info = self.run(name)
        check_free(info.places.lock)
        return _move(info.folder, self.bin)

    def restore(self, name: str) -> RunInfo:
        """Bring a deleted run back: by its id, a unique beginning of it, or "last" for the newest.

        Raises:
            StudioError: it is not in the bin, there are several, or it cannot be moved.
        """
        names = [folder.id for folder in _folders(self.bin)]
        deleted = self.deleted() if name == LAST else []
        found = deleted[0].id if deleted else _found(name, names)
        if not found:
            raise StudioError("There is no deleted run “{name}”.", "The bin may have been emptied.", name=name)
        return read_info(RunFolder(_move(self.bin / found, self.run_folder)))

    def deleted(self) -> list[RunInfo]:
        """The runs in the bin, the newest first."""
        return _sorted(self._index_of_bin, _folders(self.bin))

    def sweep(self) -> list[Path]:
        """Remove what processes that are no more left half made, never what a living one is making; returns what it was.

        Raises:
            StudioError: the workspace is there and cannot be read.
        """
        return sweep(self.path, [info.folder for info in self.runs() if info.problem or info.state == "interrupted"])

    def empty_bin(self) -> None:
        """Remove the deleted runs for good."""
        shutil.rmtree(self.bin, ignore_errors=True)

    def size(self) -> WorkspaceSize:
        """What the workspace takes on disk."""
        return WorkspaceSize(tree_size(self.run_folder), tree_size(self.bin), tree_size(self.cache))


def _sorted(index: RunIndex, folders: Sequence[RunFolder]) -> list[RunInfo]:
    """The runs in ``folders``: a person's own first, then those trained for them, each the newest first."""
    infos = index.read(folders) if folders or index.exists else []
    return sorted(infos, key=lambda info: (not info.parent, info.sequence, info.created, info.id), reverse=True)


def _folders(path: Path) -> list[RunFolder]:
    """The run folders below ``path`` in the order of their names; none where it is not there."""
    names: list[str] = []
    try:
        with os.scandir(path) as found:  # tells folders from files without a call for each
            for entry in found:
                with suppress(OSError):  # a link in a circle is no run
                    if entry.is_dir() and not entry.name.startswith(".") and not is_unfinished(entry.name):
                        names.append(entry.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StudioError(
            "The workspace {path} cannot be read.",
            "{reason}.",
            ELSEWHERE,
            path=str(path.parent),
            reason=os_reason(error),
            variable=VARIABLE,
        ) from error
    return [RunFolder(path / name) for name in sorted(names)]


def _found(name: str, names: Sequence[str]) -> str:
    """The one of ``names`` that is or begins with ``name``; empty where there is none.

    Raises:
        StudioError: there are several.
    """
    found = [name] if name in names else [each for each in names if name and each.startswith(name)]
    if len(found) > 1:
        raise StudioError(
            "“{name}” is not clear.",
            "{n} runs begin so: {some}.",
            "Give more of the name.",
            name=name,
            n=len(found),
            some=", ".join(sorted(found)[:4]) + (", ..." if len(found) > 4 else ""),
        )
    return found[0] if found else ""


def _move(path: Path, into: Path) -> Path:
    """Move a folder; where its name is taken, a number is added."""
    target, n = into / path.name, 1
    while target.exists():
        n += 1
        target = into / f"{path.name}-{n}"
    try:
        into.mkdir(parents=True, exist_ok=True)
        move(path, target)
    except OSError as error:
        raise StudioError(
            "{name} cannot be moved to {into}.",
            "{reason}.",
            "Close what uses its files and try again.",
            name=printable_name(path),
            into=str(into),
            reason=os_reason(error),
        ) from error
    return target


__all__ = ["RunInfo", "Workspace", "WorkspacePulse", "WorkspaceSize"]
