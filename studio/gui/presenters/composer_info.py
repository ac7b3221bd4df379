"""What the composer shows of a method, in plain values and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from studio.core.message import NOTHING, Text
from studio.gui.presenters.drawings import NetworkShape

DesignAspect = Literal["position", "teacher_side", "student_side", "distance"]
ASPECTS: tuple[DesignAspect, ...] = ("position", "teacher_side", "student_side", "distance")

MethodTable = Mapping[str, Any]
"""A ``[method]`` table of an experiment."""


@dataclass(frozen=True)
class PartInfo:
    """A part that can be picked; ``refusal`` says why it cannot, in a few words."""

    key: str
    title: Text | str
    words: Text | str
    chosen: bool
    refusal: Text = NOTHING


@dataclass(frozen=True)
class Requirement:
    """One thing that must hold for the parts to work with the two networks, and what was found of it."""

    words: Text
    found: Text
    holds: bool


@dataclass(frozen=True)
class StageSpan:
    """A stage: what it does, its share of the training, and how long that is ("20 epochs")."""

    title: Text | str
    share: float
    length: Text | str


@dataclass(frozen=True)
class ComposerInfo:
    """A composed method for a pair of networks.

    Attributes:
        table: its ``[method]`` table, every setting written out.
        published: whether these are the parts of the named method that was asked about.
        parts: what can be picked, by aspect.
        loss: the formula; ``notes``: what its symbols mean.
        names: of teacher and student; ``shapes``: their drawings.
        requirements: what must hold.
        refusal: why it cannot be used, empty where it can.
        spans: its stages.
        settings: names of the settings that matter with these parts.
        beside: the key of the method whose terms can stand beside it with a tick, and its name.
    """

    table: MethodTable
    published: bool
    parts: Mapping[DesignAspect, tuple[PartInfo, ...]]
    loss: str
    notes: tuple[Text | str, ...]
    names: tuple[str, str]
    shapes: tuple[NetworkShape, NetworkShape]
    requirements: tuple[Requirement, ...]
    refusal: Text
    spans: tuple[StageSpan, ...]
    settings: frozenset[str]
    beside: tuple[str, Text | str]


@dataclass(frozen=True)
class MethodAspects:
    """A method of the catalogue by its design aspects, for the table beside the composer."""

    key: str
    title: Text | str
    aspects: tuple[Text | str, ...]


class MethodSaver(Protocol):
    """Saves methods of a person's own. Every call writes and is made in a worker; errors say what is wrong."""

    def save(self, name: str, table: dict[str, Any], replace: bool = False) -> object: ...

    def rename(self, before: str, name: str) -> object: ...

    def delete(self, name: str) -> Path: ...
