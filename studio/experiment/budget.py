"""``[training]``: the student's budget and how it is spent."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from studio.core.setting_field import setting
from studio.experiment.base import Table


class Optimizer(Table):
    """``training.optimizer``: how gradients become steps."""

    key: Literal["sgd", "adam", "adamw", "rmsprop"] = setting(
        "sgd",
        description="The rule that turns gradients into steps",
        level="expert",
        label="Optimiser",
        words={"sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSProp"},
    )
    lr: float = setting(
        0.05,
        gt=0,
        le=10,
        description="Size of a step; lower it if the loss jumps or grows",
        step=0.01,
        label="Learning rate",
    )
    momentum: float = setting(
        0.9,
        ge=0,
        lt=1,
        description="How much of the last step is kept (SGD, RMSProp)",
        step=0.05,
        level="expert",
    )
    nesterov: bool = setting(
        True,
        description="Look ahead along the momentum (SGD)",
        level="expert",
    )
    weight_decay: float = setting(
        5e-4,
        ge=0,
        le=1,
        description="Pull of all weights towards zero",
        step=1e-4,
        level="expert",
    )


class Schedule(Table):
    """``training.schedule``: how the learning rate falls over a stage."""

    key: Literal["steps", "cosine", "constant"] = setting(
        "cosine",
        description="How the learning rate falls over time",
        level="expert",
        label="Learning rate falls",
        words={"steps": "in steps", "cosine": "as a cosine", "constant": "never"},
    )
    at: tuple[float, ...] = setting(
        (0.3, 0.6, 0.8),
        description="Where in the stage it drops, as shares of it (steps)",
        level="expert",
        label="Drops at",
    )
    factor: float = setting(
        0.2,
        gt=0,
        le=1,
        description="What it is multiplied with at each drop (steps)",
        step=0.05,
        level="expert",
        label="Drop to",
    )
    warmup: float = setting(
        0.0,
        ge=0,
        le=0.5,
        description="Share of the stage over which it first rises from zero",
        step=0.01,
        level="expert",
    )

    @field_validator("at")
    @classmethod
    def _ascending(cls, at: tuple[float, ...]) -> tuple[float, ...]:
        if any(not 0 < share < 1 for share in at) or list(at) != sorted(at):
            raise ValueError("Give ascending shares between 0 and 1, e.g. [0.3, 0.6, 0.8].")
        return at


class Training(Table):
    """``[training]``: the student's budget and how it is spent."""

    epochs: int = setting(
        30,
        ge=1,
        le=100_000,
        description="How often the student sees all its training pictures",
        unit="epochs",
    )
    steps: int | None = setting(
        None,
        ge=1,
        le=100_000_000,
        description="Budget in batches instead of epochs",
        unit="steps",
        level="expert",
        empty="by epochs",
    )
    batch_size: int = setting(
        64,
        ge=1,
        le=65_536,
        description="Pictures per step; less needs less memory",
        unit="pictures",
        step=16,
        label="Batch",
    )
    optimizer: Optimizer = Field(default_factory=Optimizer, description="How gradients become steps")
    schedule: Schedule = Field(default_factory=Schedule, description="How the learning rate falls")
    keep: Literal["last", "best"] = setting(
        "last",
        description="Which weights count: the last, or those best on the kept-back pictures",
        level="expert",
        label="Keep",
        words={"last": "the last", "best": "the best"},
    )
    patience: int = setting(
        0,
        ge=0,
        le=100_000,
        description="Stop after so many epochs without gain on the kept-back pictures; 0 never stops early",
        unit="epochs",
        level="expert",
        label="Stop early after",
    )
    evaluations: int = setting(
        100,
        ge=1,
        le=1000,
        description="How often the student is tested and shown on its way, at most; less often is faster, and changes no result",
        level="expert",
        label="Tests on the way",
    )
    precision: Literal["exact", "fast"] = setting(
        "exact",
        description="Exact (32 bit), or fast (16 bit where the machine has it)",
        level="expert",
        label="Precision",
    )
    device: str = setting(
        "auto",
        pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$",
        description="What computes: the GPU if there is one, else the processor",
        level="expert",
        label="Device",
    )
