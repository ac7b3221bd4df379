"""What the table of attention maps shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from studio.gui.presenters.drawings import StrokeRole
from studio.gui.views.charts.strokes import Stroke

MapColumn = Literal["teacher", "student", "alone", "difference"]


@dataclass(frozen=True)
class PictureCaption:
    """What stands beside a picture: its class, and what the networks say."""

    label: str
    says: tuple[tuple[StrokeRole, str, bool], ...]
    """(which network, its answer, whether it is wrong)."""


@dataclass(frozen=True, eq=False)
class GroupMaps:
    """The maps of one place in the networks, the end of a group or another tap.

    ``teacher``, ``student`` and ``alone`` are (P, h, w) of unit length, None where there is no such network; ``alike`` is
    the mean cosine of the first two on the test pictures, ``course`` its values over time.
    """

    name: str
    teacher: np.ndarray | None
    student: np.ndarray | None
    alike: float | None = None
    course: np.ndarray = field(default_factory=lambda: np.empty(0))
    alone: np.ndarray | None = None

    def of(self, column: MapColumn) -> np.ndarray | None:
        """The maps of a network by its column; a difference has none of its own."""
        return {"teacher": self.teacher, "student": self.student, "alone": self.alone}.get(column)


@dataclass(frozen=True, eq=False)
class AttentionContent:
    """All the table shows. ``key`` is another whenever the maps are others.

    ``own_scale``: every map goes from dark to bright by itself; else the teacher's decides what is bright in both.
    """

    key: tuple[object, ...]
    inputs: np.ndarray
    captions: tuple[PictureCaption, ...]
    groups: tuple[GroupMaps, ...]
    stroke: Stroke
    own_scale: bool = False

    @property
    def has_three(self) -> bool:
        """Whether teacher, student and student alone stand side by side."""
        return any(group.alone is not None and group.student is not None for group in self.groups)

    def same_as(self, other: AttentionContent) -> bool:
        """Whether nothing would look different."""
        courses = [len(group.course) for group in self.groups] == [len(group.course) for group in other.groups]
        return courses and (self.key, self.captions, self.stroke) == (other.key, other.captions, other.stroke)
