"""How a run ended and what was reached: ``summary.json``."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from studio.core.message import NOTHING, Text
from studio.events import GroupAgreement, KeyMoment
from studio.runs.files.event_codec import decode_text
from studio.runs.files.history import Reference
from studio.runs.statistics.gap import Gap
from studio.runs.statistics.intervals import wilson

#: While a run runs its summary says "interrupted": that is what it is if nobody comes back to write more.
FinalState = Literal["finished", "stopped", "early_stop", "failed", "interrupted"]
AccuracyRole = Literal["teacher", "student", "alone"]


class Accuracy(BaseModel):
    """A fraction of ``n`` test pictures with its 95 % interval."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    value: float
    low: float | None = None
    high: float | None = None
    n: int = 0

    @classmethod
    def measured(cls, value: float, n: int) -> Accuracy:
        """With Wilson's interval where the number of pictures is known."""
        low, high = wilson(value, n) if n else (None, None)
        return cls(value=value, low=low, high=high, n=n)

    def reference(self) -> Reference:
        """As a line to compare with: one run."""
        return Reference(self.value, self.low, self.high)


class GapClosed(BaseModel):
    """The share of the gap with its 95 % interval."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    value: float
    low: float
    high: float


class Summary(BaseModel):
    """``summary.json``.

    Attributes:
        reason: why it ended so, in English.
        sentence: what was reached, in one English sentence.
        agreement: of student and teacher, by key moment and group; a moment is missing where it was not measured.
        references: role to the id of the run it came from.
        files: name to sha256 of what is kept.
        role: what its model is in the whole: "student", "teacher", "alone", "generation 2", ...
        parent: the run this one was trained for; empty where a person asked for it.
        titles: written names of method, dataset, teacher and student, so that lists need no catalogue.
        words: ``reason``, ``gap`` (why there is none) and ``sentence`` as templates with values, for translation.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    schema_version: int = 1
    state: FinalState = "interrupted"
    reason: str = ""
    sentence: str = ""
    kept: Literal["last", "best"] | None = None
    accuracy: dict[AccuracyRole, Accuracy | None] = {"teacher": None, "student": None, "alone": None}
    gap_closed: GapClosed | None = None
    parameters: dict[str, int] = Field(default_factory=dict)
    macs: dict[str, int] = Field(default_factory=dict)
    latency_ms: dict[str, float | None] = Field(default_factory=dict)
    seconds: float | None = None
    steps: int = 0
    epochs: int = 0
    agreement: dict[KeyMoment, tuple[GroupAgreement, ...]] = Field(default_factory=dict)
    references: dict[str, str] = Field(default_factory=dict)
    files: dict[str, str] = Field(default_factory=dict)
    role: str = "student"
    parent: str = Field(default="", validation_alias=AliasChoices("parent", "asked_by"))
    titles: dict[str, str] = Field(default_factory=dict)
    words: dict[str, Any] = Field(default_factory=dict)

    def gap(self) -> Gap | None:
        """The share of the gap, None where none is given."""
        closed = self.gap_closed
        return Gap(closed.value, closed.low, closed.high) if closed is not None else None

    def told(self, name: Literal["reason", "gap", "sentence"]) -> Text:
        """One of :attr:`words`; empty where there is none or it is garbled."""
        try:
            return decode_text(self.words[name])
        except (KeyError, TypeError, AttributeError):
            return NOTHING
