"""What a checkpoint was made for. To go on from it with anything else would mix two experiments: that is refused by name."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.core import paths
from studio.core.errors import StudioError
from studio.core.message import Text, text
from studio.data.base import Dataset
from studio.experiment import Experiment
from studio.experiment.earlier_settings import with_earlier_settings
from studio.training.checkpoint_content import DamagedCheckpoint, StoredOrigin

#: What changes no number, is another machine's business, or is known by content: a teacher's file, folders of pictures.
_FREE = ("name", "references", "schema_version", "training.device", "training.evaluations", "teacher.source")
#: The most differences that are told.
_TOLD = 3
_ABSENT = "not set"
#: Characters of a value that are told.
_WORD = 80
_ANEW = "or begin anew: “studio train” runs its experiment.toml again."


@dataclass(frozen=True)
class ResumeGuard:
    """What decides the numbers of a run.

    Attributes:
        settings: of the experiment, by dotted key; those of a teacher only where there is one.
        teacher: sha256 of its file; empty where there is none.
        data: the fingerprint of the examples; empty while they are not loaded.
    """

    settings: Mapping[str, Any]
    teacher: str = ""
    data: str = ""

    @classmethod
    def of(cls, experiment: Experiment, teacher: Path | None) -> ResumeGuard:
        """The origin of a run that has not loaded its data yet.

        Raises:
            StudioError: the file of the teacher cannot be read.
        """
        values = experiment.resolved().model_dump(mode="json")
        free = [*_FREE, *(f"dataset.{name}" for name in experiment.dataset.paths)]
        if teacher is None:
            free.append("teacher")
        settings = {key: value for key, value in paths.flatten(values) if not paths.is_below(key, free)}
        return cls(settings, _sum_of(teacher) if teacher is not None else "")

    def with_data(self, dataset: Dataset) -> ResumeGuard:
        """The same, now that the data are known."""
        return dataclasses.replace(self, data=dataset.fingerprint)

    def state_dict(self) -> dict[str, Any]:
        """Plain values for a checkpoint."""
        return {"settings": dict(self.settings), "teacher": self.teacher, "data": self.data}

    def check(self, saved: StoredOrigin) -> None:
        """Refuse to go on from a checkpoint of another origin, as far as both are known.

        Args:
            saved: what :meth:`state_dict` gave when it was written.

        Raises:
            StudioError: says what has changed since.
            DamagedCheckpoint: its settings are no settings.
        """
        changed = self._changed(saved.settings)
        if changed:
            raise _refused(
                text("Its experiment was changed since: {changed}.", changed="; ".join(changed[:_TOLD])),
                "Put back what was there before, " + _ANEW,
            )
        if self.teacher != saved.teacher:
            raise _refused(
                Text("Its teacher's file is not the one the student has learnt from so far."),
                "Put the old file back, " + _ANEW,
            )
        if self.data and self.data != saved.data:
            raise _refused(
                Text("Its data are not the ones the student has learnt from so far."), "Put the old data back, " + _ANEW
            )

    def _changed(self, before: Mapping[str, Any]) -> list[str]:
        """What differs in the settings, each in words."""
        tables: dict[str, Any] = {}
        try:
            for key, value in before.items():
                paths.put(tables, key, value)
        except StudioError as error:
            raise DamagedCheckpoint("Its settings contradict each other.") from error
        completed = paths.flatten(with_earlier_settings(tables, defaults=True))
        before = {key: value for key, value in completed if key in before or key in self.settings}
        keys = [key for key in {**self.settings, **before} if self.settings.get(key) != before.get(key)]
        return [f"{key} is {_word(self.settings.get(key))} and was {_word(before.get(key))}" for key in keys]


def _refused(why: Text, remedy: str) -> StudioError:
    return StudioError("The run cannot go on from its checkpoint.", why, remedy)


def _word(value: Any) -> str:
    return _ABSENT if value is None else str(value)[:_WORD]


def _sum_of(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise StudioError(
            "The teacher's file {path} cannot be read.",
            "{reason}.",
            "Put it back, or choose another teacher.",
            place="teacher.source",
            path=file,
            reason=error.strerror or error,
        ) from error
