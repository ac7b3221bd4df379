"""``[training]``: the student's budget and how it is spent."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from studio.experiment.base import Table, extra


class Optimizer(Table):
    """``training.optimizer``: how gradients become steps."""

    key: Literal["sgd", "adam", "adamw", "rmsprop"] = Field(
        "sgd",
        description="The rule that turns gradients into steps",
        json_schema_extra=extra(
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
        json_schema_extra=extra(step=0.01, label="Learning rate"),
    )
    momentum: float = Field(
        0.9,
        ge=0,
        lt=1,
        description="How much of the last step is kept (SGD, RMSProp)",
        json_schema_extra=extra(step=0.05, level="expert"),
    )
    nesterov: bool = Field(
        True, description="Look ahead along the momentum (SGD)", json_schema_extra=extra(level="expert")
    )
    weight_decay: float = Field(
        5e-4,
        ge=0,
        le=1,
        description="Pull of all weights towards zero",
        json_schema_extra=extra(step=1e-4, level="expert"),
    )


class Schedule(Table):
    """``training.schedule``: how the learning rate falls over a stage."""

    key: Literal["steps", "cosine", "constant"] = Field(
        "cosine",
        description="How the learning rate falls over time",
        json_schema_extra=extra(
            level="expert",
            label="Learning rate falls",
            words={"steps": "in steps", "cosine": "as a cosine", "constant": "never"},
        ),
    )
    at: tuple[float, ...] = Field(
        (0.3, 0.6, 0.8),
        description="Where in the stage it drops, as shares of it (steps)",
        json_schema_extra=extra(level="expert", label="Drops at"),
    )
    factor: float = Field(
        0.2,
        gt=0,
        le=1,
        description="What it is multiplied with at each drop (steps)",
        json_schema_extra=extra(step=0.05, level="expert", label="Drop to"),
    )
    warmup: float = Field(
        0.0,
        ge=0,
        le=0.5,
        description="Share of the stage over which it first rises from zero",
        json_schema_extra=extra(step=0.01, level="expert"),
    )

    @field_validator("at")
    @classmethod
    def _ascending(cls, at: tuple[float, ...]) -> tuple[float, ...]:
        if any(not 0 < share < 1 for share in at) or list(at) != sorted(at):
            raise ValueError("Give ascending shares between 0 and 1, e.g. [0.3, 0.6, 0.8].")
        return at


class Training(Table):
    """``[training]``: the student's budget and how it is spent."""

    epochs: int = Field(
        30,
        ge=1,
        le=100_000,
        description="How often the student sees all its training pictures",
        json_schema_extra=extra(unit="epochs"),
    )
    steps: int | None = Field(
        None,
        ge=1,
        le=100_000_000,
        description="Budget in batches instead of epochs",
        json_schema_extra=extra(unit="steps", level="expert", empty="by epochs"),
    )
    batch_size: int = Field(
        64,
        ge=1,
        le=65_536,
        description="Pictures per step; less needs less memory",
        json_schema_extra=extra(unit="pictures", step=16, label="Batch"),
    )
    optimizer: Optimizer = Field(default_factory=Optimizer, description="How gradients become steps")
    schedule: Schedule = Field(default_factory=Schedule, description="How the learning rate falls")
    keep: Literal["last", "best"] = Field(
        "last",
        description="Which weights count: the last, or those best on the kept-back pictures",
        json_schema_extra=extra(level="expert", label="Keep", words={"last": "the last", "best": "the best"}),
    )
    patience: int = Field(
        0,
        ge=0,
        le=100_000,
        description="Stop after so many epochs without gain on the kept-back pictures; 0 never stops early",
        json_schema_extra=extra(unit="epochs", level="expert", label="Stop early after"),
    )
    precision: Literal["exact", "fast"] = Field(
        "exact",
        description="Exact (32 bit), or fast (16 bit where the machine has it)",
        json_schema_extra=extra(level="expert", label="Precision"),
    )
    device: str = Field(
        "auto",
        pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$",
        description="What computes: the GPU if there is one, else the processor",
        json_schema_extra=extra(level="expert", label="Device"),
    )
