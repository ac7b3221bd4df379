"""The weights of a step's terms, in one tensor that keeps its place while they change."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from studio.methods.base import StageMoment, Term, TermWeight


class TermWeights:
    """The weights of the terms of a stage, known from its first step on.

    Attributes:
        now: as plain numbers, in the order of the terms.
    """

    def __init__(self) -> None:
        self.now: tuple[float, ...] = ()
        self._weights: tuple[TermWeight, ...] = ()
        self._tensor: Tensor | None = None

    def move_to(self, moment: StageMoment) -> None:
        """Bring the weights to where the stage stands now."""
        if self._tensor is not None:
            self._write(_at(self._weights, moment), self._tensor)

    def of(self, terms: Iterable[Term], values: Tensor, moment: StageMoment) -> Tensor:
        """The weights of these terms, (n,) like their ``values``; nothing is written where they stand there already."""
        self._weights = tuple(term.weight for term in terms)
        if self._tensor is None:
            self._tensor = torch.zeros_like(values, requires_grad=False)
        self._write(_at(self._weights, moment), self._tensor)
        return self._tensor

    def _write(self, weights: tuple[float, ...], tensor: Tensor) -> None:
        if weights != self.now:
            self.now = weights
            tensor.copy_(torch.tensor(weights, dtype=torch.float64), non_blocking=True)


def _at(weights: tuple[TermWeight, ...], moment: StageMoment) -> tuple[float, ...]:
    return tuple(weight(moment) if callable(weight) else weight for weight in weights)
