"""The tables of an experiment file as typed, frozen models. Help, units, ranges and levels of every form stand here."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from studio import catalog
from studio.data.base import Augmentation, Source, SourceSettings
from studio.errors import StudioError
from studio.methods.base import Method, MethodSettings


def _extra(**values: Any) -> dict[str, Any]:
    return values


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _known(kind: catalog.Kind, key: str) -> str:
    try:
        catalog.find(kind, key)
    except StudioError as error:
        raise ValueError(str(error)) from error
    return key


class DatasetChoice(BaseModel):
    """``[dataset]``: which data, how much of it, how varied. Keys of the source itself (``path``) stand beside these."""

    model_config = ConfigDict(extra="allow", frozen=True)

    key: str = Field(description="Which data to learn from")
    fraction: float = Field(
        1.0,
        gt=0,
        le=1,
        description="Share of the training pictures the student learns from, the same for every class",
        json_schema_extra=_extra(step=0.05, label="Share of the data"),
    )
    per_class: int | None = Field(
        None,
        ge=1,
        description="Training pictures of each class, instead of a share",
        json_schema_extra=_extra(unit="pictures", label="Of each class", empty="all"),
    )
    validation: float = Field(
        0.0,
        ge=0,
        le=0.5,
        description="Share of the training pictures kept back for choosing the best epoch",
        json_schema_extra=_extra(step=0.05, level="expert", label="Kept for choosing"),
    )
    test: float = Field(
        0.2,
        gt=0,
        lt=1,
        description="Share used for testing where the data have no test part of their own",
        json_schema_extra=_extra(step=0.05, level="expert", label="Test share"),
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
    def source(self) -> Source:
        """The catalogue entry."""
        entry: Source = catalog.find("dataset", self.key)
        return entry

    @property
    def settings(self) -> dict[str, Any]:
        """The keys that belong to the source."""
        return dict(self.model_extra or {})

    @property
    def source_settings(self) -> SourceSettings:
        """The source's own settings, typed."""
        return self.source.Settings(**self.settings)

    @property
    def varied(self) -> Augmentation:
        """The augmentation in force."""
        return self.augmentation if self.augmentation is not None else self.source.augmentation


class TeacherChoice(_Table):
    """``[teacher]``: the network that knows, and where it comes from."""

    key: str = Field(description="The network that knows")
    source: str = Field(
        "train",
        pattern=r"^(train|pretrained|run:.+|file:.+)$",
        description="Where it comes from: trained first, an earlier run, or a file",
        json_schema_extra=_extra(label="Comes from"),
    )
    epochs: int | None = Field(
        None,
        ge=1,
        le=100_000,
        description="How long the teacher trains; as long as the student if empty",
        json_schema_extra=_extra(unit="epochs", label="Teacher's epochs", empty="as student"),
    )
    fraction: float = Field(
        1.0,
        gt=0,
        le=1,
        description="Share of the training pictures the teacher learns from",
        json_schema_extra=_extra(step=0.05, level="expert", label="Teacher's share of the data"),
    )
    seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        description="Its own seed, so that the students of several seeds share one teacher",
        json_schema_extra=_extra(level="expert", label="Teacher's seed"),
    )

    @field_validator("key")
    @classmethod
    def _key_known(cls, key: str) -> str:
        return _known("network", key)


class StudentChoice(_Table):
    """``[student]``: the network that learns."""

    key: str = Field(description="The network that learns")

    @field_validator("key")
    @classmethod
    def _key_known(cls, key: str) -> str:
        return _known("network", key)


class _MethodRef(_Table):
    key: str = Field(description="How the student learns from the teacher")
    settings: dict[str, Any] = Field(default_factory=dict, description="The method's own settings")

    @field_validator("key")
    @classmethod
    def _key_known(cls, key: str) -> str:
        return _known("method", key)

    @model_validator(mode="after")
    def _settings_valid(self) -> _MethodRef:
        self.entry.Settings(**self.settings)
        return self

    @property
    def entry(self) -> Method:
        """The catalogue entry."""
        entry: Method = catalog.find("method", self.key)
        return entry

    @property
    def typed(self) -> MethodSettings:
        """The settings, with defaults filled in."""
        return self.entry.Settings(**self.settings)


class AlsoChoice(_MethodRef):
    """``[[method.also]]``: further terms of every stage that trains on the task."""


class MethodChoice(_MethodRef):
    """``[method]``: how the student learns from the teacher."""

    also: tuple[AlsoChoice, ...] = Field((), description="Further methods whose terms join the task")
    task_weight: float | None = Field(
        None,
        ge=0,
        le=100,
        description="Weight of the labels; the method's own if empty, 0 to learn without them",
        json_schema_extra=_extra(step=0.1, label="Weight of the labels"),
    )

    @property
    def label_weight(self) -> float:
        """The weight of the label term in force."""
        return self.entry.task_weight if self.task_weight is None else self.task_weight

    @property
    def title(self) -> str:
        """In words: ``Attention transfer + soft targets``."""
        others = [also.entry.title[0].lower() + also.entry.title[1:] for also in self.also]
        return " + ".join([self.entry.title, *others])


class Optimizer(_Table):
    """``training.optimizer``: how gradients become steps."""

    key: Literal["sgd", "adam", "adamw", "rmsprop"] = Field(
        "sgd",
        description="The rule that turns gradients into steps",
        json_schema_extra=_extra(
            level="expert",
            label="Optimiser",
            words={"sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSProp"},
        ),
    )
    lr: float = Field(
        0.05,
        gt=0,
        le=10,
        description="Size of a step; lower it if the loss jumps or grows",
        json_schema_extra=_extra(step=0.01, label="Learning rate"),
    )
    momentum: float = Field(
        0.9,
        ge=0,
        lt=1,
        description="How much of the last step is kept (SGD, RMSProp)",
        json_schema_extra=_extra(step=0.05, level="expert"),
    )
    nesterov: bool = Field(
        True, description="Look ahead along the momentum (SGD)", json_schema_extra=_extra(level="expert")
    )
    weight_decay: float = Field(
        5e-4,
        ge=0,
        le=1,
        description="Pull of all weights towards zero",
        json_schema_extra=_extra(step=1e-4, level="expert"),
    )


class Schedule(_Table):
    """``training.schedule``: how the learning rate falls over a stage."""

    key: Literal["steps", "cosine", "constant"] = Field(
        "cosine",
        description="How the learning rate falls over time",
        json_schema_extra=_extra(
            level="expert",
            label="Learning rate falls",
            words={"steps": "in steps", "cosine": "as a cosine", "constant": "never"},
        ),
    )
    at: tuple[float, ...] = Field(
        (0.3, 0.6, 0.8),
        description="Where in the stage it drops, as shares of it (steps)",
        json_schema_extra=_extra(level="expert", label="Drops at"),
    )
    factor: float = Field(
        0.2,
        gt=0,
        le=1,
        description="What it is multiplied with at each drop (steps)",
        json_schema_extra=_extra(step=0.05, level="expert", label="Drop to"),
    )
    warmup: float = Field(
        0.0,
        ge=0,
        le=0.5,
        description="Share of the stage over which it first rises from zero",
        json_schema_extra=_extra(step=0.01, level="expert"),
    )

    @field_validator("at")
    @classmethod
    def _ascending(cls, at: tuple[float, ...]) -> tuple[float, ...]:
        if any(not 0 < share < 1 for share in at) or list(at) != sorted(at):
            raise ValueError("Give ascending shares between 0 and 1, e.g. [0.3, 0.6, 0.8].")
        return at


class Training(_Table):
    """``[training]``: the student's budget and how it is spent."""

    epochs: int = Field(
        30,
        ge=1,
        le=100_000,
        description="How often the student sees all its training pictures",
        json_schema_extra=_extra(unit="epochs"),
    )
    steps: int | None = Field(
        None,
        ge=1,
        le=100_000_000,
        description="Budget in batches instead of epochs",
        json_schema_extra=_extra(unit="steps", level="expert", empty="by epochs"),
    )
    batch_size: int = Field(
        64,
        ge=1,
        le=65_536,
        description="Pictures per step; less needs less memory",
        json_schema_extra=_extra(unit="pictures", step=16, label="Batch"),
    )
    optimizer: Optimizer = Field(default_factory=Optimizer, description="How gradients become steps")
    schedule: Schedule = Field(default_factory=Schedule, description="How the learning rate falls")
    keep: Literal["last", "best"] = Field(
        "last",
        description="Which weights count: the last, or those best on the kept-back pictures",
        json_schema_extra=_extra(level="expert", label="Keep", words={"last": "the last", "best": "the best"}),
    )
    patience: int = Field(
        0,
        ge=0,
        le=100_000,
        description="Stop after so many epochs without gain on the kept-back pictures; 0 never stops early",
        json_schema_extra=_extra(unit="epochs", level="expert", label="Stop early after"),
    )
    precision: Literal["exact", "fast"] = Field(
        "exact",
        description="Exact (32 bit), or fast (16 bit where the machine has it)",
        json_schema_extra=_extra(level="expert", label="Precision"),
    )
    device: str = Field(
        "auto",
        pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$",
        description="What computes: the GPU if there is one, else the processor",
        json_schema_extra=_extra(level="expert", label="Device"),
    )


class References(_Table):
    """``[references]``: what the result is compared with."""

    alone: bool = Field(
        False,
        description="Also train the student without a teacher, to see what the teacher brought",
        json_schema_extra=_extra(label="Train the student alone too"),
    )


class Experiment(_Table):
    """Everything the person picked. Only the four keys have no default."""

    schema_version: Literal[1] = 1
    name: str = Field("", max_length=200, description="What you call it")
    seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        description="Start of all chance; another seed is another try",
        json_schema_extra=_extra(label="Seed"),
    )
    dataset: DatasetChoice
    teacher: TeacherChoice
    student: StudentChoice
    method: MethodChoice
    training: Training = Field(default_factory=Training)
    references: References = Field(default_factory=References)

    @model_validator(mode="after")
    def _choosing_is_honest(self) -> Experiment:
        chooses = self.training.keep == "best" or self.training.patience > 0
        if chooses and self.dataset.validation == 0:
            raise ValueError(
                "Choosing the best epoch or stopping early needs pictures kept back for it: set dataset.validation, e.g. to 0.1."
            )
        return self

    @property
    def title(self) -> str:
        """Its name, or one made from what was picked."""
        return self.name or f"{self.method.title} on {self.dataset.source.title}"

    def resolved(self) -> Experiment:
        """The same experiment with every default written out: what a run folder keeps."""
        method = self.method.model_copy(
            update={
                "settings": self.method.typed.model_dump(mode="json"),
                "also": tuple(
                    also.model_copy(update={"settings": also.typed.model_dump(mode="json")})
                    for also in self.method.also
                ),
                "task_weight": self.method.label_weight,
            }
        )
        dataset = self.dataset.model_copy(update={"augmentation": self.dataset.varied})
        return self.model_copy(update={"method": method, "dataset": dataset, "name": self.title})
