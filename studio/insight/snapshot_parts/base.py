"""A part of a snapshot: which arrays it gives, from what, when, and what that costs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from torch import Tensor

from studio.insight.fetch import fetched
from studio.methods.base import Objective
from studio.networks.taps import NetworkOutputs

if TYPE_CHECKING:
    from studio.insight.probed_networks import ProbedNetworks

SnapshotArrays = dict[str, np.ndarray]

When = Literal["always", "key moments"]
"""In every snapshot, or only at the start, after copying and at the end."""


@dataclass(frozen=True)
class PartCost:
    """What a part takes of one snapshot, beyond the pass over the probe that all parts share.

    Attributes:
        passes: examples that go through the student again.
        gradients: of these, how many are followed back by their derivatives, at about twice the cost of the pass.
        bytes: of the arrays, at most.
    """

    passes: int = 0
    gradients: int = 0
    bytes: int = 0


class PartReading:
    """One snapshot of a part while it comes into being."""

    def add(self, rows: slice, outputs: NetworkOutputs) -> None:
        """See what the student gave on the probe's examples ``rows``."""

    def arrays(self) -> SnapshotArrays:
        """What has been read; asked once, after the pass."""
        return {}


class ComputedArrays(PartReading):
    """Of a part that needs nothing of the pass all share."""

    def __init__(self, arrays: SnapshotArrays) -> None:
        self._arrays = arrays

    def arrays(self) -> SnapshotArrays:
        return self._arrays


class SnapshotPart(ABC):
    """Made once a run, read at its moments; in both cases undisturbed (:func:`~studio.insight.probe_reader.undisturbed`).

    Attributes:
        key: of the part.
        gives: how the names of its arrays begin; no other part's begin so.
        when: in which snapshots it is.
        askable: whether a finished run's networks and data give the same arrays again: nothing of the training is needed.
        fixed: the arrays that are the same in all its snapshots, the frozen teacher's among them.
    """

    key: ClassVar[str]
    gives: ClassVar[tuple[str, ...]]
    when: ClassVar[When] = "always"
    askable: ClassVar[bool] = True

    def __init__(self) -> None:
        self.fixed: SnapshotArrays = {}

    @classmethod
    @abstractmethod
    def made(cls, networks: ProbedNetworks) -> SnapshotPart | None:
        """The part for these networks; None where they have nothing of the kind."""

    @classmethod
    @abstractmethod
    def cost(cls, networks: ProbedNetworks) -> PartCost:
        """What a snapshot of it takes; only asked where :meth:`made` made one."""

    @abstractmethod
    def begin(self, objective: Objective | None, /) -> PartReading:
        """Begin a snapshot.

        Args:
            objective: whose connectors are used where it has any; None without one.
        """


def plain(values: Tensor) -> np.ndarray:
    """A tensor as float32 numbers in main memory, of the same shape."""
    return fetched(values.float())
