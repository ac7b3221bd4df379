"""One run on disk: what stands where in its folder, and how its documents are read and written."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from studio.core.bounded_read import UnreadableFile, read_json_text
from studio.core.files import write_whole
from studio.core.message import NOTHING, Text, text

#: Larger documents are not ours.
MAX_DOCUMENT = 4_000_000

M = TypeVar("M", bound=BaseModel)

#: What a run keeps of what it has learnt, and of what it has made as a procedure.
STUDENT_FILE, TEACHER_FILE, ARRAYS_FILE = "student.safetensors", "teacher.safetensors", "arrays.npz"

#: What a run tells of itself in a list: the names of its documents.
DOCUMENTS = ("experiment.toml", "environment.json", "labels.json", "summary.json")


@dataclass(frozen=True)
class RunFolder:
    """The places in ``runs/<id>/``. Which of the files are there depends on how far the run has come."""

    path: Path

    @property
    def id(self) -> str:
        """The run's id: the folder's name."""
        return self.path.name

    @property
    def experiment(self) -> Path:
        """Exactly what ran, every default written out; never changed."""
        return self.path / "experiment.toml"

    @property
    def environment(self) -> Path:
        """What it ran on: versions, device, threads, seed, precision."""
        return self.path / "environment.json"

    @property
    def labels(self) -> Path:
        """Name, notes, tags, favourite: the only file people change afterwards."""
        return self.path / "labels.json"

    @property
    def events(self) -> Path:
        """One JSON object a line, only ever appended to: the truth about the run."""
        return self.path / "events.jsonl"

    @property
    def snapshots(self) -> Path:
        """The folder of the arrays for the views."""
        return self.path / "snapshots"

    @property
    def predictions(self) -> Path:
        """Test logits of teacher and student, and the labels."""
        return self.path / "predictions.npz"

    @property
    def arrays(self) -> Path:
        """What a procedure made, for the steps and views that go on from it."""
        return self.path / ARRAYS_FILE

    @property
    def procedure_state(self) -> Path:
        """What a procedure goes on from; gone when it has ended."""
        return self.path / "procedure" / "state.npz"

    @property
    def checkpoints(self) -> Path:
        """The folder of what a resumed run goes on from."""
        return self.path / "checkpoints"

    @property
    def student(self) -> Path:
        """The student that was kept."""
        return self.path / STUDENT_FILE

    @property
    def teacher(self) -> Path:
        """The teacher it learnt from, wherever that came from."""
        return self.path / TEACHER_FILE

    @property
    def given_teacher(self) -> Path:
        """Without an ending: a copy of another program's file, until the teacher is made of it."""
        return self.path / "given_teacher"

    @property
    def start(self) -> Path:
        """The weights its student begins with, where they are not random; a copy of a file keeps that file's ending."""
        return self.path / "start.safetensors"

    @property
    def summary(self) -> Path:
        """How it ended and what was reached."""
        return self.path / "summary.json"

    @property
    def chain(self) -> Path:
        """The trainings of a run that takes several, and what they reached."""
        return self.path / "chain.json"

    @property
    def lock(self) -> Path:
        """Held through the operating system while the run runs."""
        return self.path / "lock"

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is something to go on from: of a training, or of a procedure."""
        return any(self.checkpoints.glob("step-*.pt")) or self.procedure_state.is_file()


def write_document(file: Path, document: BaseModel) -> None:
    """Write a document as strict JSON, whole or not at all; infinite numbers become null.

    Raises:
        NotWritten: there is no space, or no right to write; the old file is intact.
    """
    write_whole(file, document_bytes(document))


def document_bytes(document: BaseModel) -> bytes:
    """What stands in the file of a document."""
    return (document.model_dump_json(indent=2) + "\n").encode()


def read_document(file: Path, model: type[M]) -> M | None:
    """The document in ``file``, or None where it is missing, too large, garbled or of another shape."""
    return read_document_or_why(file, model)[0]


def read_document_or_why(file: Path, model: type[M]) -> tuple[M | None, Text]:
    """As :func:`read_document`, and why there is none; nothing where the file is simply missing."""
    try:
        return model.model_validate_json(read_json_text(file, MAX_DOCUMENT)), NOTHING
    except UnreadableFile as unreadable:
        return None, NOTHING if unreadable.missing else unreadable.why
    except (ValueError, RecursionError):  # pydantic's own errors are ValueErrors
        return None, text("{file} is damaged.", file=file.name)


def tree_size(path: Path) -> int:
    """Bytes of all files below ``path``; links are not followed, what vanishes meanwhile is not counted."""
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(folder, name).lstat().st_size
    return total
