"""How a run ended and what was reached: ``summary.json``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidatorFunctionWrapHandler, WrapValidator

from studio.core.message import NOTHING, Text
from studio.core.picture_scan import PictureScan
from studio.core.score import Score
from studio.core.score_scale import ACCURACY, ScoreScale
from studio.events import GroupAgreement, KeyMoment
from studio.runs.files.event_codec import decode_text
from studio.runs.files.history import Reference
from studio.runs.statistics.gap import Gap
from studio.runs.statistics.intervals import wilson

#: While a run runs its summary says "interrupted": that is what it is if nobody comes back to write more.
FinalState = Literal["finished", "stopped", "early_stop", "failed", "interrupted"]
AccuracyRole = Literal["teacher", "student", "alone"]
ACCURACY_ROLES: tuple[AccuracyRole, ...] = ("teacher", "student", "alone")


#: Numbers of ours: not infinite, and small enough to be told and compared everywhere. Rounding may pass the ends of a
#: fraction.
Fraction = Annotated[float, Field(ge=-0.01, le=1.01, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2**63)]
Duration = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
#: Names and sums of ours, and roles of one run.
Word = Annotated[str, Field(max_length=400)]
MANY = 2000


def none_if_odd(value: object, read: ValidatorFunctionWrapHandler) -> PictureScan | None:
    """A scan, or None where what stands there is none: a run is known without it."""
    try:
        scan: PictureScan | None = read(value)
    except ValueError:
        return None
    return scan


class Accuracy(BaseModel):
    """A fraction of ``n`` test pictures with its 95 % interval."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    value: Fraction
    low: Fraction | None = None
    high: Fraction | None = None
    n: Count = 0

    @classmethod
    def measured(cls, value: float, n: int) -> Accuracy:
        """With Wilson's interval where the number of pictures is known."""
        low, high = wilson(value, n) if n else (None, None)
        return cls(value=value, low=low, high=high, n=n)

    def score(self) -> Score:
        """The same as a score among others."""
        return Score(value=self.value, low=self.low, high=self.high, n=self.n)

    def reference(self) -> Reference:
        """As a line to compare with: one run."""
        return Reference(self.value, self.low, self.high)


class GapClosed(BaseModel):
    """The share of the gap with its 95 % interval."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    value: Share
    low: Share
    high: Share


class Summary(BaseModel):
    """``summary.json``.

    Attributes:
        reason: why it ended so, in English.
        sentence: what was reached, in one English sentence.
        agreement: of student and teacher, by key moment and group; a moment is missing where it was not measured.
        references: role to the id of the run it came from.
        scores: by role and name, of what was measured; ``headline`` is the name of the one that counts.
        files: name to sha256 of what is kept.
        scan: what was found in the folder of pictures it learnt from; None for other data.
        role: what its model is in the whole: "student", "teacher", "alone", "generation 2", ...
        parent: the run this one was trained for; empty where a person asked for it.
        named: whether its experiment had a name, given by a person; else one was made from what was picked.
        planned: of a chain of trainings the roles of its expected steps, in order; empty for one training.
        networks: by role the key of what was measured, which is another than what was picked where a method makes it.
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
    headline: str = ACCURACY
    scores: dict[str, dict[str, Score]] = Field(default_factory=dict)
    parameters: dict[str, Count] = Field(default_factory=dict, max_length=MANY)
    macs: dict[str, Count] = Field(default_factory=dict, max_length=MANY)
    latency_ms: dict[str, Duration | None] = Field(default_factory=dict, max_length=MANY)
    seconds: Duration | None = None
    steps: Count = 0
    epochs: Count = 0
    agreement: dict[KeyMoment, tuple[GroupAgreement, ...]] = Field(default_factory=dict)
    references: dict[str, Word] = Field(default_factory=dict, max_length=MANY)
    files: dict[str, Word] = Field(default_factory=dict, max_length=MANY)
    scan: Annotated[PictureScan | None, WrapValidator(none_if_odd)] = None
    role: Word = "student"
    parent: Word = Field(default="", validation_alias=AliasChoices("parent", "asked_by"))
    named: bool = True
    planned: tuple[Word, ...] = Field(default=(), max_length=MANY)
    networks: dict[str, Word] = Field(default_factory=dict, max_length=MANY)
    titles: dict[str, str] = Field(default_factory=dict)
    words: dict[str, Any] = Field(default_factory=dict)

    @property
    def scale(self) -> ScoreScale:
        """What the headline score means: as one of the roles has it, else that of the accuracy under its name."""
        found = (scores[self.headline] for scores in self.scores.values() if self.headline in scores)
        score = next(found, None)
        return score.scale(self.headline) if score is not None else ScoreScale(self.headline)

    def reached(self, role: AccuracyRole) -> Reference | None:
        """The headline score of a role as a line to compare with; None where it is not known."""
        if self.headline == ACCURACY:
            accuracy = self.accuracy.get(role)
            return accuracy.reference() if accuracy is not None else None
        score = self.scores.get(role, {}).get(self.headline)
        return Reference(score.value, score.low, score.high) if score is not None else None

    def gap(self) -> Gap | None:
        """The share of the gap, None where none is given."""
        closed = self.gap_closed
        return Gap(closed.value, closed.low, closed.high) if closed is not None else None

    def told(self, name: Literal["reason", "gap", "sentence"]) -> Text:
        """One of :attr:`words`; empty where there is none or it is garbled."""
        try:
            return decode_text(self.words[name])
        except (KeyError, TypeError, ValueError, AttributeError):
            return NOTHING
