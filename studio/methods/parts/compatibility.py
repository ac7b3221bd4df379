"""Which of the composer's parts go together: what can be picked, what a pick changes beside itself, and what fits or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from studio.core.message import Text
from studio.methods.base import Cast, Who
from studio.methods.parts import registry
from studio.methods.parts.composed_method import ComposedSettings

PartAspect = Literal["position", "teacher_side", "student_side", "distance"]
ASPECTS: tuple[PartAspect, ...] = ("position", "teacher_side", "student_side", "distance")


@dataclass(frozen=True)
class Option:
    """A part that can be picked for an aspect, as plain values; ``refusal`` says why it cannot, in a few words."""

    key: str
    title: str
    words: str
    chosen: bool
    refusal: Text | None


@dataclass(frozen=True)
class Check:
    """One thing that must hold: in words, the facts it was read from, and whether it does."""

    words: Text
    facts: Text
    holds: bool


def options(settings: ComposedSettings, cast: Cast) -> dict[PartAspect, list[Option]]:
    """All parts by aspect. One is refused if nothing can be put around it, positions apart: at the chosen position."""
    working = list(_working(settings, cast))
    at_position = [keys for keys in working if keys[0] == settings.position] or working
    offered: dict[PartAspect, Sequence[registry.PositionPart | registry.SidePart | registry.DistancePart]] = {
        "position": registry.positions(),
        "teacher_side": registry.sides("teacher"),
        "student_side": registry.sides("student"),
        "distance": registry.distances(),
    }
    found: dict[PartAspect, list[Option]] = {}
    for place, aspect in enumerate(ASPECTS):
        possible = {keys[place] for keys in (working if aspect == "position" else at_position)}
        chosen = getattr(settings, aspect)
        found[aspect] = [
            Option(
                part.key,
                part.title,
                part.words,
                part.key == chosen,
                None if part.key in possible else _reason(aspect, part.key, settings, cast),
            )
            for part in offered[aspect]
        ]
    return found


def picked(settings: ComposedSettings, aspect: PartAspect, key: str, cast: Cast) -> ComposedSettings:
    """The settings with ``key`` picked for ``aspect`` and as few other parts changed as make it work.

    Where nothing makes it work only that part is changed; :meth:`Composed.refusal` then says why.
    """
    own = ASPECTS.index(aspect)
    now = tuple(getattr(settings, each) for each in ASPECTS)
    fitting = [keys for keys in _working(settings, cast) if keys[own] == key]
    if not fitting:
        return settings.model_copy(update={aspect: key})
    # the position is what a person thinks of first: it is the last to be changed for the sake of another part
    costs = [sum((4 if place == 0 else 1) for place in range(4) if keys[place] != now[place]) for keys in fitting]
    best = fitting[costs.index(min(costs))]
    return settings.model_copy(update=dict(zip(ASPECTS, best, strict=True)))


def checks(settings: ComposedSettings, cast: Cast) -> list[Check]:
    """What must hold for the parts to work with these networks, and what was found."""
    position, teacher, student, distance = settings.parts
    refusal = position.refusal(cast, settings)
    if cast.teacher is None or refusal is not None:
        return [
            Check(Text("{position}", {"position": position.title}), refusal or Text("needs a teacher"), holds=False)
        ]
    tap_pairs = position.tap_pairs(cast, settings)
    found = [Check(Text("“{position}” is there in both", {"position": position.title}), _names(tap_pairs), holds=True)]
    if position.space == "neurons":
        norm = all(pair.teacher.norm for pair in tap_pairs)
        facts = Text("batch norm, then ReLU") if norm else Text("ReLU without batch norm")
        found.append(Check(Text("A ReLU follows everywhere"), facts, holds=True))
    maps = position.space in ("neurons", "features") and not all(pair.flat("student") for pair in tap_pairs)
    if maps:
        theirs = [(pair.teacher.height, pair.teacher.width) for pair in tap_pairs]
        ours = [(pair.student.height, pair.student.width) for pair in tap_pairs]
        words = Text("Maps of equal size") if theirs == ours else Text("Sizes differ: the larger map is pooled")
        found.append(Check(words, _both([h for h, _ in theirs], [h for h, _ in ours]), holds=True))
    widths = _both([pair.teacher.channels for pair in tap_pairs], [pair.student.channels for pair in tap_pairs])
    chosen: tuple[tuple[registry.SidePart, Who], ...] = ((teacher, "teacher"), (student, "student"))
    for side, who in chosen:
        reason = registry.side_refusal(side, who, position, tap_pairs)
        if reason is not None:
            found.append(Check(Text("{side}", {"side": side.title}), reason, holds=False))
    if position.space not in ("scores", "input") and all(check.holds for check in found):
        equal = registry.refuse_unequal_widths(tap_pairs) is None
        found.append(Check(Text("Equally wide") if equal else Text("Widths may differ"), widths, holds=True))
    if all(check.holds for check in found):
        reason = registry.parts_refusal(position, teacher, student, distance, cast, settings)
        facts = Text("{distance} can be taken of them", {"distance": distance.title}) if reason is None else reason
        found.append(Check(Text("Both sides can be compared"), facts, holds=reason is None))
    if position.needs.same_classes:
        same = cast.teacher.classes == cast.student.classes
        facts = _both([cast.teacher.classes], [cast.student.classes])
        found.append(Check(Text("The same classes"), facts, holds=same))
    return found


def _working(settings: ComposedSettings, cast: Cast) -> Iterator[tuple[str, str, str, str]]:
    """The keys of all parts that go together; each position and side is asked once, not for every combination."""
    for position in registry.positions():
        if position.refusal(cast, settings) is not None:
            continue
        tap_pairs = position.tap_pairs(cast, settings)
        teachers = [
            side
            for side in registry.sides("teacher")
            if registry.side_refusal(side, "teacher", position, tap_pairs) is None
        ]
        students = [
            side
            for side in registry.sides("student")
            if registry.side_refusal(side, "student", position, tap_pairs) is None
        ]
        for teacher, student, distance in product(teachers, students, registry.distances()):
            if registry.distance_applies(distance, position, teacher, student) and registry.sizes_fit(
                teacher, student, tap_pairs
            ):
                yield position.key, teacher.key, student.key, distance.key


def _reason(aspect: PartAspect, key: str, settings: ComposedSettings, cast: Cast) -> Text:
    position = registry.position(settings.position)
    if aspect == "position":
        return registry.position(key).refusal(cast, settings) or Text("nothing can be compared there")
    if position.refusal(cast, settings) is None and aspect != "distance":
        who: Who = "teacher" if aspect == "teacher_side" else "student"
        side = registry.side(key, who)
        reason = side.refuses(position.tap_pairs(cast, settings), who) if position.space in side.spaces else None
        if reason is not None:
            return reason
    return Text("not at this place")


def _names(tap_pairs: tuple[registry.TapPair, ...]) -> Text:
    return Text("{names}", {"names": ", ".join(pair.name for pair in tap_pairs)})


def _both(teacher: list[int], student: list[int]) -> Text:
    values = {"teacher": ", ".join(map(str, teacher)), "student": ", ".join(map(str, student))}
    return Text("{teacher} and {student}", values) if teacher != student else Text("{teacher} on both sides", values)
