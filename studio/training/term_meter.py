"""Sums of the loss terms, kept on the device and read a few times a second: no waiting for the device at every step."""

from __future__ import annotations

import torch
from torch import Tensor


class TermMeter:
    """Adds up the values of terms, reads their means, and remembers the first step at which one was not finite.

    ``add`` costs a few small operations a step, all in tensors that keep their place, and never waits for the device;
    ``count`` is plain counting. The others wait, and ``read`` starts afresh.
    """

    def __init__(self, device: torch.device) -> None:
        self._sums: Tensor | None = None
        self._last: Tensor | None = None
        self._first: int | None = None
        self._count, self._counted = 0, 0
        #: Whether all was finite so far, and at how many steps.
        self._fine = torch.ones((), dtype=torch.bool, device=device)
        self._fine_steps = torch.zeros((), dtype=torch.int64, device=device)

    def add(self, values: Tensor) -> None:
        """Add the terms of a step, (n,). Their number must not change."""
        if self._sums is None:
            self._sums = torch.zeros_like(values)
        self._sums.add_(values)
        self._last = values
        self._fine.logical_and_(values.isfinite().all())
        self._fine_steps.add_(self._fine)

    def count(self, step: int) -> None:
        """Count ``step`` as added: the one behind the last, or the first of all."""
        if self._first is None:
            self._first = step
        self._count += 1
        self._counted += 1

    @property
    def bad_step(self) -> int | None:
        """The first step with a term that is infinite or not a number."""
        if self._first is None:
            return None
        fine = int(self._fine_steps)
        return None if fine == self._counted else self._first + fine

    def read(self) -> list[float]:
        """Means since the last reading; empty where nothing was added."""
        if self._sums is None or not self._count:
            return []
        means: list[float] = (self._sums / self._count).tolist()
        self._sums.zero_()
        self._count = 0
        return means

    def last(self) -> list[float]:
        """The values of the last step, whether they were read or not; empty before the first."""
        values: list[float] = self._last.tolist() if self._last is not None else []
        return values
