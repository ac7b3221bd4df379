"""What a checkpoint holds, as types. All of a file is checked against them before anything of a run is changed.

Whether it fits the run it is used for, by names, shapes and order, is asked by :mod:`studio.training.resume_check`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from torch import Tensor

from studio.core.message import Text, text

#: Version 0.1.0 wrote 1, without the result of the last epoch and without the number of parameters that were updated.
FORMAT = 2
_MOST_STEPS = 2**40
#: Values in the settings of an experiment, and of tables and lists within each other.
_MOST_SETTINGS, _MOST_NESTED = 10_000, 16
#: Letters of one dotted key.
_LONGEST_KEY = 200

Count = Annotated[int, Field(ge=0, le=_MOST_STEPS)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Tensors = dict[str, Tensor]


class DamagedCheckpoint(ValueError):
    """A checkpoint that cannot be gone on from.

    Attributes:
        why: one sentence about "it".
    """

    def __init__(self, why: str | Text, **values: object) -> None:
        self.why = why if isinstance(why, Text) else text(why, **values)
        super().__init__(str(self.why))


class _Part(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, arbitrary_types_allowed=True
    )


class StoredOrigin(_Part):
    """What it was made for, see :class:`studio.training.resume_guard.ResumeGuard`."""

    settings: dict[str, Any]
    teacher: str
    data: str

    @field_validator("settings")
    @classmethod
    def _are_plain(cls, settings: dict[str, Any]) -> dict[str, Any]:
        if not _is_plain(settings):
            raise ValueError("no settings")
        return settings


class StoredSelection(_Part):
    """The best validation accuracy so far, -1 before the first; when it was, and for how many epochs there was none."""

    accuracy: Annotated[float, Field(ge=-1, le=1)]
    step: Count
    waited: Count

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> StoredSelection:
        if self.accuracy < 0 and (self.accuracy, self.step, self.waited) != (-1, 0, 0):
            raise ValueError("a wait for what was never seen")
        return self


class StoredResult(_Part):
    """What the last epoch of the running stage was worth."""

    test_accuracy: Fraction | None
    validation_accuracy: Fraction | None


class StoredStage(_Part):
    """A stage that is over."""

    name: str
    epochs: Count
    steps: Count
    validation_accuracy: Fraction | None
    test_accuracy: Fraction | None
    scores: dict[str, float] = {}


class StoredGroup(_Part):
    """Parameters of an optimiser by number, and how it steps: names and values are those of its kind."""

    model_config = ConfigDict(extra="allow")
    params: list[Count]

    @model_validator(mode="after")
    def _is_plain(self) -> StoredGroup:
        if not _is_plain(self.model_extra):
            raise ValueError("no settings")
        return self


class StoredOptimiser(_Part):
    """What an optimiser keeps by parameter, and its groups of them."""

    state: dict[int, Tensors]
    param_groups: list[StoredGroup]


class StoredLoop(_Part):
    """The running stage.

    Attributes:
        updated: of how many parameters the optimiser keeps a state. None in what version 0.1.0 wrote.
    """

    objective: Tensors
    optimiser: StoredOptimiser
    updated: Count | None = None


class CheckpointContent(_Part):
    """All that is needed to go on bit for bit.

    Attributes:
        step: steps of the run that are done.
        recipes: by role, the list of blocks of each network whose key does not say all.
        done, learnt, guide: see :class:`studio.training.stage_memory.StageMemory`.
        seconds: spent on the run so far.
    """

    format: Literal[1, 2]
    step: Count
    origin: StoredOrigin
    student: Tensors
    recipes: dict[str, str] = {}
    best: StoredSelection
    done: list[StoredStage]
    learnt: Tensors
    guide: Tensors
    loop: StoredLoop
    result: StoredResult | None = None
    seconds: Annotated[float, Field(ge=0)]

    @model_validator(mode="after")
    def _is_complete(self) -> CheckpointContent:
        if self.format > 1 and (self.result is None or self.loop.updated is None):
            raise ValueError("result or loop.updated is missing")
        return self


class BestContent(_Part):
    """The best weights so far."""

    format: Literal[1, 2]
    step: Count
    student: Tensors
    accuracy: Fraction


P = TypeVar("P", CheckpointContent, BestContent)


def content_of(payload: object, kind: type[P]) -> P:
    """What was unpacked, as ``kind``; nothing is converted.

    Raises:
        DamagedCheckpoint: something is missing, is there and should not be, or is of another type or range.
    """
    try:
        return kind.model_validate(payload)
    except ValidationError as error:
        place = ".".join(
            map(str, error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"])
        )
        if not place:
            raise DamagedCheckpoint("It is not complete.") from error
        raise DamagedCheckpoint("Its entry {place} is not what a checkpoint has there.", place=place[:80]) from error


def check_tensors(found: Mapping[str, Tensor], expected: Mapping[str, Tensor], whose: Text) -> None:
    """Pass tensors that have the names, shapes and types of ``expected``, are made of their own memory, and have no NaN.

    Args:
        whose: for the words of a refusal: "the student".

    Raises:
        DamagedCheckpoint: names the first that differs.
    """
    strange = sorted(set(found) ^ set(expected))
    if strange:
        raise DamagedCheckpoint("Its tensors of {whose} are others: {name} differs.", whose=whose, name=strange[0][:80])
    for name, tensor in expected.items():
        if not is_like(found[name], tensor):
            raise DamagedCheckpoint("Its tensor {name} does not fit {whose}.", whose=whose, name=name)


def is_like(found: Tensor, expected: Tensor) -> bool:
    """Whether a tensor has the shape and type of another, is no view of less memory, and has no NaN."""
    if found.shape != expected.shape or found.dtype != expected.dtype or found.layout != expected.layout:
        return False
    if found.untyped_storage().nbytes() < found.numel() * found.element_size():
        return False  # one number, repeated by its strides
    return not found.is_floating_point() or not bool(found.isnan().any())


def _is_plain(value: object) -> bool:
    """Whether a value is made of tables, lists, words and numbers of sane sizes."""
    waiting, seen = [(value, 0)], 0
    while waiting:
        here, depth = waiting.pop()
        seen += 1
        inner: list[object] = []
        if isinstance(here, dict):
            if not all(isinstance(key, str) and len(key) <= _LONGEST_KEY for key in here):
                return False
            inner = list(here.values())
        elif isinstance(here, list | tuple):
            inner = list(here)
        elif isinstance(here, float):
            if not math.isfinite(here):
                return False
        elif isinstance(here, int):
            if abs(here) > 2**64:
                return False
        elif here is not None and not isinstance(here, str):
            return False
        if depth > _MOST_NESTED or seen + len(waiting) + len(inner) > _MOST_SETTINGS:
            return False
        waiting.extend((item, depth + 1) for item in inner)
    return True
