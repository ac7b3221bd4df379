"""What the table of attention maps shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from studio.gui.presenters.drawings import StrokeRole
from studio.gui.views.charts.strokes import Stroke


@dataclass(frozen=True)
class PictureCaption:
    """What stands beside a picture: its class, and what the networks say."""

    label: str
    says: tuple[tuple[StrokeRole, str, bool], ...]
    """(which network, its answer, whether it is wrong)."""


@dataclass(frozen=True, eq=False)
class GroupMaps:
    """The maps of one group of layers.

    ``teacher`` and ``student`` are (P, h, w) of unit length, None where there is no such network; ``alike`` is their mean
    cosine on the test pictures, ``course`` its values over time.
    """

    name: str
    teacher: np.ndarray | None
    student: np.ndarray | None
    alike: float | None = None
    course: np.ndarray = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True, eq=False)
class AttentionContent:
    """All the table shows. ``key`` is another whenever the maps are others."""

    key: tuple[object, ...]
    inputs: np.ndarray
    captions: tuple[PictureCaption, ...]
    groups: tuple[GroupMaps, ...]
    stroke: Stroke

    def same_as(self, other: AttentionContent) -> bool:
        """Whether nothing would look different."""
        courses = [len(group.course) for group in self.groups] == [len(group.course) for group in other.groups]
        return courses and (self.key, self.captions, self.stroke) == (other.key, other.captions, other.stroke)
