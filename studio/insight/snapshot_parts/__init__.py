"""The parts a snapshot is made of. A new one is a file here and its line in :data:`MODULES`; nothing else knows them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.insight.snapshot_parts.base import SnapshotPart

#: In the order in which they are computed; each module names its part ``PART``.
MODULES = (
    "shown_examples",
    "shown_answers",
    "group_attention",
    "neuron_agreement",
    "answer_maps",
    "inner_maps",
    "plane_answers",
    "plane_walks",
    "opening_filters",
)


def snapshot_parts() -> tuple[type[SnapshotPart], ...]:
    """All parts, in order."""
    return tuple(import_module(f"{__name__}.{module}").PART for module in MODULES)


def part_giving(name: str) -> type[SnapshotPart] | None:
    """The part that computes an array, by the array's name or its beginning; None where no part does."""
    return next((part for part in snapshot_parts() if name.startswith(part.gives)), None)
