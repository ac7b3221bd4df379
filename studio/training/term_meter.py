"""Sums of the loss terms, kept on the device and read a few times a second: no waiting for the device at every step."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from studio.events import TermReading
from studio.methods.base import Term


class TermMeter:
    """Adds up named terms, reads their means, and remembers the first step at which one was not finite.

    ``add`` costs a few small operations a step and never waits for the device; ``read`` does, and starts afresh.
    """

    def __init__(self, device: torch.device) -> None:
        self._sums: Tensor | None = None
        self._last: dict[str, Term] = {}
        self._count = 0
        self._bad = torch.full((), -1, dtype=torch.int64, device=device)

    def add(self, terms: dict[str, Term], step: int) -> None:
        """Add the terms of a step. The set of names must not change between readings."""
        self._last = {name: replace(term, value=term.value.detach()) for name, term in terms.items()}
        values = torch.stack([term.value for term in self._last.values()])
        fine = values.isfinite().all() | (self._bad >= 0)
        self._bad = torch.where(fine, self._bad, step)
        self._sums = values if self._sums is None else self._sums.add_(values)
        self._count += 1

    @property
    def bad_step(self) -> int | None:
        """The first step with a term that is infinite or not a number; waits for the device."""
        step = int(self._bad)
        return step if step >= 0 else None

    def read(self) -> dict[str, TermReading]:
        """Means since the last reading by name; empty where nothing was added."""
        if self._sums is None:
            return {}
        means = (self._sums / self._count).tolist()
        readings = {
            name: TermReading(mean, term.weight, term.kind)
            for (name, term), mean in zip(self._last.items(), means, strict=True)
        }
        self._sums, self._count = None, 0
        return readings

    def last(self) -> dict[str, TermReading]:
        """The terms of the last step by name, whether they were read or not; waits for the device."""
        return {name: TermReading(float(term.value), term.weight, term.kind) for name, term in self._last.items()}
