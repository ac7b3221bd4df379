"""``[dataset]``, ``[teacher]``, ``[student]``, ``[method]``: what is picked from the catalogue, with its own settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from studio import catalog
from studio.core.ensemble_keys import ENSEMBLE, Mean
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.data.base import Augmentation, DataSource, SourceSettings
from studio.experiment.base import Table
from studio.methods.base import AnyMethod, Method, MethodSettings
from studio.methods.entry import AnyEntry, Cast
from studio.networks.cut import cut_key

#: What a teacher and a student may be.
LEARNING: tuple[catalog.Kind, ...] = ("network", "learner")


#: ``student.init`` of a network that begins as it is built.
RANDOM = "random"


def is_learner(key: str) -> bool:
    """Whether a known key is that of a learner without gradients."""
    return any(entry.matches(key) for entry in catalog.entries("learner"))


def _known(kind: catalog.Kind | tuple[catalog.Kind, ...], key: str) -> str:
    try:
        catalog.find(kind, key)
    except StudioError as error:
        raise ValueError(str(error)) from error
    return key


def _is_path(annotation: Any) -> bool:
    return annotation is Path or Path in get_args(annotation)


class DatasetChoice(BaseModel):
    """``[dataset]``: which data, how much of it, how varied. Keys of the source itself (``path``) stand beside these."""

    model_config = ConfigDict(extra="allow", frozen=True)

    key: str = Field(description="Which data to learn from")
    fraction: float = setting(
        1.0,
        gt=0,
        le=1,
        description="Share of the training pictures the student learns from, the same for every class",
        step=0.05,
        label="Share of the data",
    )
    per_class: int | None = setting(
        None,
        ge=1,
        description="Training pictures of each class, instead of a share",
        unit="pictures",
        label="Of each class",
        empty="all",
    )
    validation: float = setting(
        0.0,
        ge=0,
        le=0.5,
        description="Share of the training pictures kept back for choosing the best epoch",
        step=0.05,
        level="expert",
        label="Validation share",
    )
    test: float = setting(
        0.2,
        gt=0,
        lt=1,
        description="Share used for testing where the data have no test part of their own",
        step=0.05,
        level="expert",
        label="Test share",
    )
    test_seed: int = setting(
        0,
        ge=0,
        le=2**31 - 1,
        description="Decides which examples that share sets aside; the same for all runs that are compared",
        level="expert",
        label="Draw of the test share",
    )
    label_noise: float = setting(
        0.0,
        ge=0,
        le=0.9,
        description="Share of the labels to train on that are made wrong on purpose, the teacher's as well; tests stay right",
        step=0.05,
        level="expert",
        label="Wrong labels",
    )
    subset_seed: int | None = setting(
        None,
        ge=0,
        le=2**31 - 1,
        description="Decides which pictures a share keeps and which are kept back; the run's own seed if empty",
        level="expert",
        label="Seed of the share",
        empty="as run",
    )
    augmentation: Augmentation | None = Field(
        None, description="How training pictures are varied; the data's own way if empty"
    )

    @field_validator("key")
    @classmethod
    def _key_known(cls, key: str) -> str:
        return _known("dataset", key)

    @model_validator(mode="after")
    def _settings_valid(self) -> DatasetChoice:
        self.source.Settings(**self.settings)
        if self.per_class is not None and self.fraction != 1.0:
            raise ValueError("Give fraction or per_class, not both.")
        return self

    @property
    def source(self) -> DataSource:
        """The catalogue entry."""
        entry: DataSource = catalog.find("dataset", self.key)
        return entry

    @property
    def title(self) -> str:
        """What the data are called: as their source, or as a person's own folder or file."""
        return self.source.name(self.source_settings)

    @property
    def settings(self) -> dict[str, Any]:
        """The keys that belong to the source."""
        return dict(self.model_extra or {})

    @property
    def paths(self) -> dict[str, Path]:
        """Those settings of the source that name a file or folder, where they are set."""
        fields = self.source.Settings.model_fields
        return {
            name: Path(str(value))
            for name, value in self.settings.items()
            if value and name in fields and _is_path(fields[name].annotation)
        }

    @property
    def source_settings(self) -> SourceSettings:
        """The source's own settings, typed."""
        return self.source.Settings(**self.settings)

    @property
    def varied(self) -> Augmentation:
        """The augmentation in force."""
        return self.augmentation if self.augmentation is not None else self.source.augmentation


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
        return _known(LEARNING, key)


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
        return _known(LEARNING, key)

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
        return _known(cls.kinds, key)

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
