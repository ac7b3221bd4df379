"""Where the features of both networks are taken: at the ends of paired groups, or once behind all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from studio.methods.base import BOTH, Batch, TapRef, Who
from studio.networks.base import TapKind
from studio.networks.taps import NetworkOutputs


class Position(Protocol):
    """Where the features of both networks are taken."""

    @property
    def needs_logits(self) -> bool:
        """Whether the networks must run to their end."""

    @property
    def passes(self) -> frozenset[Who]:
        """The networks whose outputs on the batch itself it reads, see :attr:`Objective.passes`."""

    def taps(self) -> tuple[TapRef, ...]:
        """The taps it reads."""

    def features(self, batch: Batch, who: Who) -> list[Tensor]:
        """The features of one network, bottom to top; student and teacher have equally many."""


@dataclass(frozen=True)
class Groups:
    """The ends of paired groups.

    Attributes:
        pairs: (teacher group, student group), bottom to top.
        kind: "out", the group's output, "pre", the point before the ReLU, or "first", what its first layer gives.
    """

    pairs: tuple[tuple[str, str], ...]
    kind: TapKind = "out"

    @property
    def needs_logits(self) -> bool:
        return False

    @property
    def passes(self) -> frozenset[Who]:
        return BOTH

    def taps(self) -> tuple[TapRef, ...]:
        refs = [(TapRef("teacher", t, self.kind), TapRef("student", s, self.kind)) for t, s in self.pairs]
        return tuple(ref for pair in refs for ref in pair)

    def features(self, batch: Batch, who: Who) -> list[Tensor]:
        return self.read(batch.of(who), who)

    def read(self, outputs: NetworkOutputs, who: Who) -> list[Tensor]:
        """The features in the outputs of any pass of one network."""
        groups = [t if who == "teacher" else s for t, s in self.pairs]
        read = {"out": outputs.out, "pre": outputs.pre, "first": outputs.first}[self.kind]
        return [read(group) for group in groups]


@dataclass(frozen=True)
class Sections:
    """Two layers of each paired group, its first and its last, one after the other: first, last, first, last ...

    Attributes:
        pairs: (teacher group, student group), bottom to top; each has a first of several layers in both networks.
    """

    pairs: tuple[tuple[str, str], ...]

    @property
    def needs_logits(self) -> bool:
        return False

    @property
    def passes(self) -> frozenset[Who]:
        return BOTH

    def taps(self) -> tuple[TapRef, ...]:
        return tuple(ref for group in self._groups() for ref in group.taps())

    def features(self, batch: Batch, who: Who) -> list[Tensor]:
        return [feature for group in self._groups() for feature in group.features(batch, who)]

    def _groups(self) -> list[Groups]:
        return [Groups((pair,), kind) for pair in self.pairs for kind in ("first", "out")]


@dataclass(frozen=True)
class End:
    """What a network has once, behind all groups: the pooled vector or the scores.

    Attributes:
        read: takes it from what a network gave, (B, D).
    """

    read: Callable[[NetworkOutputs], Tensor]

    @property
    def needs_logits(self) -> bool:
        return True

    @property
    def passes(self) -> frozenset[Who]:
        return BOTH

    def taps(self) -> tuple[TapRef, ...]:
        return ()

    def features(self, batch: Batch, who: Who) -> list[Tensor]:
        return [self.read(batch.of(who))]


#: The scores before the softmax, (B, K).
SCORES = End(lambda outputs: outputs.logits)
#: The vectors that go into the classifier, (B, D).
POOLED = End(lambda outputs: outputs.embedding)
