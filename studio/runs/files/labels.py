"""What people write on a run afterwards: name, notes, tags, favourite."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from studio.core.errors import StudioError
from studio.runs.files.folder import RunFolder, read_document, write_document


class Labels(BaseModel):
    """``labels.json``: the only file of a run that people change."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    schema_version: int = 1
    name: str = Field("", max_length=200)
    notes: str = Field("", max_length=100_000)
    tags: tuple[str, ...] = ()
    favourite: bool = False

    @field_validator("tags")
    @classmethod
    def _tidy(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        """Without blanks around them, without empty ones, each once, in the order given."""
        return tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))


def read_labels(folder: RunFolder) -> Labels:
    """The labels of a run; empty ones where the file is missing or garbled."""
    return read_document(folder.labels, Labels) or Labels()


def change_labels(folder: RunFolder, **changes: object) -> Labels:
    """Write changed labels, e.g. ``change_labels(folder, favourite=True)``; returns them as they now are.

    Raises:
        NotWritten: there is no space, or no right to write; the old labels are intact.
        StudioError: a value cannot be kept, such as a name of more than 200 letters.
    """
    try:
        labels = Labels.model_validate(read_labels(folder).model_dump() | changes)
    except ValidationError as error:
        first = error.errors()[0]
        place = str(first["loc"][0])
        raise StudioError(
            "The {label} cannot be kept.", "{reason}.", place=place, label=place, reason=first["msg"]
        ) from error
    write_document(folder.labels, labels)
    return labels
