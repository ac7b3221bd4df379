"""The parts a person can compose a method of. Each method's file registers the parts it brought into the field.

Four lists: positions, what is done to the teacher's side, what to the student's, distances. Two sides fit together if
they make the same kind of thing; a distance says which kinds it compares. Nothing here knows a part by its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

from torch import Tensor

from studio.core.message import Text
from studio.core.setting_field import setting
from studio.methods.base import Cast, MethodSettings, Needs, Objective, Who, unmet
from studio.methods.objectives.comparison import Side
from studio.methods.objectives.positions import Position
from studio.methods.ops.sizes import Pool
from studio.networks.base import TapShape

Space = Literal["neurons", "features", "vector", "scores", "input"]
"""What stands at a position: neurons before their ReLU, outputs of groups, the pooled vector, scores, slopes."""

FeatureKind = Literal["features", "signs", "maps", "flow", "factors", "answers", "relations"]
"""What a side makes: things of different kinds cannot be compared."""


class PartSettings(MethodSettings):
    """What single parts can be adjusted by; each part reads some of these, :attr:`SidePart.reads` says which."""

    layer: str = setting(
        "middle",
        pattern=r"middle|[1-9]\d?|[a-z][a-z0-9_]*",
        max_length=32,
        description="The student's group where one is looked at: “middle”, its number from the bottom, or its name",
        level="expert",
        label="Layer",
    )
    map: Literal["sum", "sum2", "max2"] = setting(
        "sum2",
        description="How channels make one map of where a network looks",
        level="expert",
        label="Map",
        words={"sum": "sum of sizes", "sum2": "sum of squares", "max2": "largest square"},
    )
    margin: float = setting(
        1.0,
        gt=0,
        le=10,
        description="How far beyond its boundary a neuron is pushed (μ)",
        step=0.1,
        level="expert",
        label="Margin μ",
    )
    ratio: float = setting(
        0.5,
        ge=0.05,
        le=4,
        description="Channels of the auto-encoder's factor, as a multiple of the teacher's (k)",
        step=0.05,
        level="expert",
        label="Paraphrase ratio",
    )
    temperature: float = setting(
        4.0,
        ge=1,
        le=20,
        description="Evens out the teacher's answers",
        step=0.5,
        level="expert",
        label="Temperature",
    )
    pool: Pool = setting(
        "avg",
        description="How the larger of two maps is brought to the size of the smaller",
        level="expert",
        label="Pooling",
        words={"max": "largest", "avg": "average"},
    )


@dataclass(frozen=True)
class TapPair:
    """The two tensors compared at one place of a position; ``name`` is the student's group there."""

    name: str
    teacher: TapShape
    student: TapShape

    def of(self, who: Who) -> TapShape:
        """The shape of one of the two."""
        return self.teacher if who == "teacher" else self.student

    def flat(self, who: Who) -> bool:
        """Whether one of the two has vectors there."""
        shape = self.of(who)
        return shape.height * shape.width == 1


@dataclass(frozen=True)
class PositionPart:
    """Where the features of both networks are taken.

    Attributes:
        needs: what networks it works with.
        space: what stands there.
        tap_pairs: what is compared there, bottom to top; KeyError if the settings name one that is not there.
        build: the position itself.
        symbol: an index for formulas, "" where there is only one place.
        reads: fields of :class:`PartSettings` it reads.
        labels: whether it needs the labels, so that no stage without them can use it.
        order: its place in the list.
    """

    key: str
    title: str
    words: str
    space: Space
    needs: Needs
    tap_pairs: Callable[[Cast, PartSettings], tuple[TapPair, ...]]
    build: Callable[[Cast, PartSettings], Position]
    symbol: str = ""
    reads: tuple[str, ...] = ()
    labels: bool = False
    order: int = 50

    def refusal(self, cast: Cast, settings: PartSettings) -> Text | None:
        """Why it cannot be used here, or None."""
        reason = unmet(self.needs, cast)
        if reason is not None:
            return reason
        try:
            found = self.tap_pairs(cast, settings)
        except KeyError:
            groups = ", ".join(student for _, student in cast.pairs)
            return Text(
                "There is no group “{group}”; choose from {groups}.", {"group": settings.layer, "groups": groups}
            )
        return None if found else Text("These two networks have no group in common.")


@dataclass(frozen=True)
class SidePart:
    """What is done to the features of one network.

    Attributes:
        who: of which networks.
        spaces: where it can be done.
        makes: what comes out.
        build: the side, for what is compared and the network it is of.
        symbol: of what comes out, in formulas; ``{x}`` stands for the feature.
        note: says the symbol in words, for below the formula.
        reads: fields of :class:`PartSettings` it reads.
        refuses: why it cannot be done to these, or None.
        first: makes the objective of a stage in which it learns before all others, without labels and student.
        any_size: what it makes has the same shape whatever size the maps have.
        batch: the fewest pictures in a step of which it is not always the same.
        order: its place in the list.
    """

    key: str
    title: str
    words: str
    who: tuple[Who, ...]
    spaces: tuple[Space, ...]
    makes: FeatureKind
    build: Callable[[tuple[TapPair, ...], PartSettings, Who], Side]
    symbol: str = "{x}"
    note: str = ""
    reads: tuple[str, ...] = ()
    refuses: Callable[[tuple[TapPair, ...], Who], Text | None] = lambda _tap_pairs, _who: None
    first: Callable[[tuple[TapPair, ...], PartSettings], Objective] | None = None
    any_size: bool = False
    batch: int = 1
    order: int = 50


@dataclass(frozen=True)
class DistancePart:
    """How far apart two sides are.

    Attributes:
        compares: kinds of (teacher's side, student's side) it can be taken of.
        build: one value for each element, of (student, teacher).
        formula: of ``{t}`` and ``{s}``.
        note: says its own symbols in words.
        spaces: where it can be taken.
        reads: fields of :class:`PartSettings` it reads.
        order: its place in the list.
    """

    key: str
    title: str
    words: str
    compares: tuple[tuple[FeatureKind, FeatureKind], ...]
    build: Callable[[PartSettings], Callable[[Tensor, Tensor], Tensor]]
    formula: str
    note: str = ""
    spaces: tuple[Space, ...] = ("neurons", "features", "vector", "scores", "input")
    reads: tuple[str, ...] = ()
    order: int = 50


_Part = TypeVar("_Part", PositionPart, SidePart, DistancePart)
_positions: dict[str, PositionPart] = {}
_sides: dict[str, SidePart] = {}
_distances: dict[str, DistancePart] = {}


def register_parts(*parts: PositionPart | SidePart | DistancePart) -> None:
    """Give parts to the composer; a part of the same key is replaced."""
    for part in parts:
        if isinstance(part, PositionPart):
            _positions[part.key] = part
        elif isinstance(part, SidePart):
            _sides[part.key] = part
        else:
            _distances[part.key] = part


def positions() -> list[PositionPart]:
    """All positions, in order."""
    return sorted(_positions.values(), key=lambda part: part.order)


def sides(who: Who) -> list[SidePart]:
    """What can be done to one network's features."""
    return sorted((side for side in _sides.values() if who in side.who), key=lambda part: part.order)


def distances() -> list[DistancePart]:
    """All distances, in order."""
    return sorted(_distances.values(), key=lambda part: part.order)


def position(key: str) -> PositionPart:
    """A position by its key; ValueError if there is none."""
    return _found(_positions.values(), key, "position")


def side(key: str, who: Who) -> SidePart:
    """A side of ``who`` by its key; ValueError if there is none."""
    return _found(sides(who), key, f"{who}'s side")


def distance(key: str) -> DistancePart:
    """A distance by its key; ValueError if there is none."""
    return _found(_distances.values(), key, "distance")


def _found(parts: Iterable[_Part], key: str, what: str) -> _Part:
    known = {part.key: part for part in parts}
    if key not in known:
        raise ValueError(f"There is no {what} “{key}”; there are {', '.join(known)}.")
    return known[key]


def vector_shape(name: str, size: int) -> TapShape:
    """The shape of something that is no group's: the pooled vector, the scores."""
    return TapShape(name, size, 1, 1, pre=False, norm=False)


def group_tap_pairs(pairs: Iterable[tuple[str, str]], cast: Cast) -> tuple[TapPair, ...]:
    """The ends of paired groups."""
    teacher = cast.teacher
    assert teacher is not None
    return tuple(TapPair(s, teacher.tap(t), cast.student.tap(s)) for t, s in pairs)


def refuse_unequal_widths(tap_pairs: tuple[TapPair, ...], _who: Who = "student") -> Text | None:
    """Why it cannot be where the two networks have different numbers of channels, None where all are equal."""
    for pair in tap_pairs:
        if pair.teacher.channels != pair.student.channels:
            return Text(
                "{student} channels against {teacher}",
                {"student": pair.student.channels, "teacher": pair.teacher.channels},
            )
    return None


def refuse_vectors(tap_pairs: tuple[TapPair, ...], who: Who = "student") -> Text | None:
    """Why it cannot be where a network has vectors, None where all are maps."""
    return Text("for maps over pictures only") if any(pair.flat(who) for pair in tap_pairs) else None


def parts_refusal(
    position: PositionPart,
    teacher: SidePart,
    student: SidePart,
    distance: DistancePart,
    cast: Cast,
    settings: PartSettings,
) -> Text | None:
    """The first reason why four parts do not work together with these networks, or None."""
    reason = position.refusal(cast, settings)
    if reason is not None:
        return reason
    tap_pairs = position.tap_pairs(cast, settings)
    chosen: tuple[tuple[SidePart, Who], ...] = ((teacher, "teacher"), (student, "student"))
    for part, who in chosen:
        reason = side_refusal(part, who, position, tap_pairs)
        if reason is not None:
            return Text("{part}: {reason}.", {"part": part.title, "reason": reason})
        if cast.batch is not None and cast.batch < part.batch:
            return Text(
                "{part}: of {batch} in a step they are always the same; take a batch of {least} or more.",
                {"part": part.title, "batch": cast.batch, "least": part.batch},
            )
    if not distance_applies(distance, position, teacher, student):
        return Text(
            "{distance} cannot be taken between “{teacher}” and “{student}”.",
            {"distance": distance.title, "teacher": teacher.title, "student": student.title},
        )
    return (
        None
        if sizes_fit(teacher, student, tap_pairs)
        else Text("One of the two networks has maps there, the other vectors.")
    )


def distance_applies(distance: DistancePart, position: PositionPart, teacher: SidePart, student: SidePart) -> bool:
    """Whether a distance is one between what two sides make at a position."""
    return position.space in distance.spaces and (teacher.makes, student.makes) in distance.compares


def sizes_fit(teacher: SidePart, student: SidePart, tap_pairs: tuple[TapPair, ...]) -> bool:
    """Whether two sides can be compared there: maps with maps, vectors with vectors."""
    if teacher.any_size and student.any_size:
        return True
    return all(pair.flat("teacher") == pair.flat("student") for pair in tap_pairs)


def side_refusal(part: SidePart, who: Who, position: PositionPart, tap_pairs: tuple[TapPair, ...]) -> Text | None:
    """Why a side cannot be done at a position, in a few words; None where it can."""
    if position.space not in part.spaces:
        return Text("not at “{position}”", {"position": position.title})
    return part.refuses(tap_pairs, who)
