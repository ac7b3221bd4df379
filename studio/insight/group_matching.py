"""Which groups of teacher and student are compared, and at which sizes."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from studio.insight.probe_reader import ProbeReader
from studio.networks.taps import TapPoint

MapSize = tuple[int, int]


@dataclass(frozen=True)
class GroupMatch:
    """A group of the student and the teacher's group it is compared with.

    Attributes:
        out: (h, w) at which attention maps are compared: the smaller of the two; None where that is a single place.
        pre: (h, w) at which neurons are compared; None where one of them has no point before a ReLU.
        channels: of teacher and student at ``pre``; (0, 0) where there is none.
    """

    teacher: str
    student: str
    out: MapSize | None
    pre: MapSize | None
    channels: tuple[int, int]

    @property
    def places(self) -> int:
        """Of one map at which neurons are compared; 0 where none are."""
        return 0 if self.pre is None else prod(self.pre)

    @property
    def differs(self) -> bool:
        """Whether the widths differ, so that neurons have no counterparts without a map between."""
        return self.channels[0] != self.channels[1]


def match_groups(
    teacher: ProbeReader, student: ProbeReader, pairs: tuple[tuple[str, str], ...]
) -> tuple[GroupMatch, ...]:
    """The matches of ``pairs``, (teacher group, student group), in their order."""
    return tuple(_match(teacher, student, theirs, ours) for theirs, ours in pairs)


def _match(teacher: ProbeReader, student: ProbeReader, theirs: str, ours: str) -> GroupMatch:
    out = _smaller(teacher.shapes[TapPoint(theirs, "out")], student.shapes[TapPoint(ours, "out")])
    maps = out if prod(out) > 1 else None
    t, s = teacher.shapes.get(TapPoint(theirs, "pre")), student.shapes.get(TapPoint(ours, "pre"))
    if t is None or s is None:
        return GroupMatch(theirs, ours, maps, None, (0, 0))
    return GroupMatch(theirs, ours, maps, _smaller(t, s), (t[0], s[0]))


def _smaller(one: tuple[int, ...], other: tuple[int, ...]) -> MapSize:
    (h, w), (height, width) = _size(one), _size(other)
    return min(h, height), min(w, width)


def _size(shape: tuple[int, ...]) -> MapSize:
    """(h, w) of a map (C, h, w); (1, 1) of a vector (D,)."""
    return (shape[1], shape[2]) if len(shape) == 3 else (1, 1)
