"""Named methods that are made of the composer's parts: what they are when they are opened there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from studio.methods.base import Cast, S_contra


@dataclass(frozen=True)
class Composition:
    """A named method as one that a person could have composed.

    Attributes:
        settings: of the composed method.
        also: what its task stages have beside the comparison, as tables of ``[[method.also]]``.
    """

    settings: Mapping[str, object]
    also: tuple[Mapping[str, object], ...] = ()


@runtime_checkable
class MadeOfParts(Protocol[S_contra]):
    """A method whose comparison is made of the composer's parts."""

    def as_composed(self, settings: S_contra, cast: Cast) -> Composition | None:
        """The method with these settings, None where these make it of something else."""
