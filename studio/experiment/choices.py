"""``[teacher]``, ``[student]``, ``[method]``: what is picked from the catalogue, with its own settings."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from studio import catalog
from studio.core.ensemble_keys import ENSEMBLE, Mean
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.experiment.base import Table
from studio.experiment.known_keys import known_key
from studio.methods.base import AnyMethod, Method, MethodSettings
from studio.methods.entry import AnyEntry
from studio.methods.needs import Cast
from studio.networks.cut import cut_key

#: What a teacher and a student may be.
LEARNING: tuple[catalog.Kind, ...] = ("network", "learner")


#: ``student.init`` of a network that begins as it is built.
RANDOM = "random"


def is_learner(key: str) -> bool:
    """Whether a known key is that of a learner without gradients."""
    return any(entry.matches(key) for entry in catalog.entries("learner"))


class TeacherChoice(Table):
    """``[teacher]``: the network that knows, and where it comes from. Of an ensemble the key follows from its members."""

    key: str = Field(description="The network or other learner that knows")
    source: str = setting(
        "train",
        pattern=r"^(train|ensemble|pretrained|pretrained:.+|run:.+|file:.+)$",
        description="Where it comes from: trained first, an earlier run, a file, its publisher, or several runs as an ensemble",
        label="Comes from",
    )
    members: tuple[str, ...] = setting(
        (), description="Of an ensemble: the runs whose mean answer teaches, run:<id> each", level="composer"
    )
    classes: str = setting(
        "",
        description="Of a file that names none: its classes in the order of its answers, with commas between them",
        level="expert",
        label="Class names",
    )
    mean: Mean = setting("probabilities", description="What of an ensemble's answers is averaged", level="composer")
    epochs: int | None = setting(
        None,
        ge=1,
        le=100_000,
        description="How long the teacher trains; as long as the student if empty",
        unit="epochs",
        label="Teacher's epochs",
        empty="as student",
    )
    fraction: float = setting(
        1.0,
        gt=0,
        le=1,
        description="Share of the training pictures the teacher learns from",
        step=0.05,
        level="expert",
        label="Teacher's share of the data",
    )
    data: dict[str, Any] = setting(
        {}, description="Settings of the data it learns from where they are not the student's", level="composer"
    )
    seed: int = setting(
        0,
        ge=0,
        le=2**31 - 1,
        description="Its own seed, so that the students of several seeds share one teacher",
        level="expert",
        label="Teacher's seed",
    )
    batch_statistics: Literal["off", "copying stages", "all"] = setting(
        "off",
        description="When its batch normalisation goes by each batch, not by what it learnt: while it is copied without "
        "labels (AB's code), or whenever it teaches (OFD's)",
        level="expert",
        label="Teacher's batch statistics",
        words={"off": "never", "copying stages": "in copying stages", "all": "in all stages"},
    )

    @field_validator("batch_statistics", mode="before")
    @classmethod
    def _once_a_switch(cls, value: Any) -> Any:
        """Version 0.1.0 knew true, in all stages, and false."""
        return ("all" if value else "off") if isinstance(value, bool) else value

    @model_validator(mode="before")
    @classmethod
    def _ensemble_needs_no_key(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("source") == ENSEMBLE:
            return {"key": ENSEMBLE, **values}
        return values

    @model_validator(mode="after")
    def _members_of_an_ensemble(self) -> TeacherChoice:
        if self.source == ENSEMBLE and len(self.members) < 2:
            raise ValueError("An ensemble needs two members or more: name the runs that teach together.")
        if self.source != ENSEMBLE and self.members:
            raise ValueError("Only an ensemble has members: set source to ensemble, or leave them out.")
        return self

    @field_validator("key")
    @classmethod
    def _key_known(cls, key: str) -> str:
        return known_key(LEARNING, key)


class StudentChoice(Table):
    """``[student]``: the network that learns; or, with members, the finished ones whose mean answer is measured."""

    key: str = Field(description="The network or other learner that learns")
    members: tuple[str, ...] = setting(
        (), description="Runs whose mean answer is measured instead of training, run:<id> each", level="composer"
    )
    init: str = setting(
        RANDOM,
        pattern=r"^(random|pretrained|pretrained:.+|run:.+|file:.+)$",
        description="The weights it begins with: random ones, those of an earlier run or of a file, or published ones",
        label="Begins with",
    )
    cut: int | None = setting(
        None,
        ge=1,
        le=999,
        description="How many of its blocks are kept, counted from below; those above are left out, and the head is made anew",
        unit="blocks",
        label="Cut to",
        empty="all",
    )

    @field_validator("key")
    @classmethod
    def _key_known(cls, key: str) -> str:
        return known_key(LEARNING, key)

    @model_validator(mode="after")
    def _a_network_begins_and_is_cut(self) -> StudentChoice:
        if self.init == RANDOM and self.cut is None:
            return self
        if self.members:
            raise ValueError("The mean answer of runs is measured, not trained: leave init and cut out.")
        if self.is_made_from_teacher:
            raise ValueError("It is made from the teacher and begins as a copy of it: leave init and cut out.")
        if is_learner(self.key):
            raise ValueError(f"“{self.key}” is no network: leave init and cut out.")
        return self

    @property
    def network(self) -> str:
        """The key of the network that is built: what is left of ``key`` where it is cut."""
        return self.key if self.cut is None else cut_key(self.cut, self.key)

    def replaced(self, key: str) -> StudentChoice:
        """Another network in its place, whole and with random weights."""
        return self.model_copy(update={"key": key, "init": RANDOM, "cut": None})

    @property
    def is_made_from_teacher(self) -> bool:
        """Whether it begins as a copy of the teacher, and the method makes something else of it."""
        return bool(catalog.find(LEARNING, self.key).made_from_teacher)


class _EntryChoice(Table):
    """An entry of the catalogue by its key, with its own settings."""

    kinds: ClassVar[tuple[catalog.Kind, ...]] = catalog.TEACHING

    key: str = Field(description="How the student learns from the teacher")
    settings: dict[str, Any] = Field(default_factory=dict, description="The method's own settings")

    @field_validator("key")
    @classmethod
    def _key_known(cls, key: str) -> str:
        return known_key(cls.kinds, key)

    @model_validator(mode="after")
    def _settings_valid(self) -> _EntryChoice:
        self.entry.Settings(**self.settings)
        return self

    @property
    def entry(self) -> AnyEntry:
        """The catalogue entry."""
        entry: AnyEntry = catalog.find(self.kinds, self.key)
        return entry

    @property
    def method(self) -> AnyMethod:
        """The same as a way of one training; TypeError for a system, whose steps are experiments of their own, and a procedure."""
        if not isinstance(self.entry, Method):
            raise TypeError(f"{self.key} is a system or a procedure: it is not one training")
        return self.entry

    @property
    def typed(self) -> MethodSettings:
        """The settings, with defaults filled in."""
        return self.entry.Settings(**self.settings)


class AlsoChoice(_EntryChoice):
    """``[[method.also]]``: further terms of every stage that trains on the task."""

    kinds: ClassVar[tuple[catalog.Kind, ...]] = ("method",)


class MethodChoice(_EntryChoice):
    """``[method]``: how the student learns from the teacher."""

    also: tuple[AlsoChoice, ...] = setting((), description="Further methods whose terms join the task")
    task_weight: float | None = setting(
        None,
        ge=0,
        le=100,
        description="How much the labels count; empty: as much as the method says; 0: the student learns without them",
        step=0.1,
        label="Weight of the labels",
    )

    @property
    def all(self) -> tuple[MethodChoice | AlsoChoice, ...]:
        """Itself and the methods beside it."""
        return (self, *self.also)

    def refused(self, cast: Cast) -> tuple[str, Text] | None:
        """The title of the first of them that cannot work with these networks and data, and why; None where all can."""
        for choice in self.all:
            reason = choice.entry.refusal(choice.typed, cast)
            if reason is not None:
                return choice.entry.title, reason
        return None

    @property
    def label_weight(self) -> float:
        """The weight of the label term in force."""
        return self.entry.task_weight if self.task_weight is None else self.task_weight

    @property
    def title(self) -> str:
        """In words: ``Attention transfer + soft targets``."""
        names = [also.entry.name(also.typed) for also in self.also]
        others = [name[0].lower() + name[1:] for name in names]
        return " + ".join([self.entry.name(self.typed), *others])
