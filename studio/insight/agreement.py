"""Activation agreement: do the same neurons fire in both networks, and how much of it would chance alone give?

A neuron is on where its value before the ReLU is above zero. Agreement is the share of neurons that are on together or
off together (Heo et al., AAAI 2019). All counts are kept per channel; channels are the teacher's.
"""

from __future__ import annotations

import torch
from torch import Tensor


class Tally:
    """Counts, over any number of batches, where the neurons of teacher and student are on.

    The counts stay on the device until a result is read.

    Args:
        channels: of the teacher, and of the student as it is compared.
    """

    def __init__(self, channels: int, device: torch.device | str = "cpu") -> None:
        self._places = 0
        self._teacher = torch.zeros(channels, dtype=torch.int64, device=device)
        self._student = torch.zeros_like(self._teacher)
        self._same = torch.zeros_like(self._teacher)

    def add(self, student_on: Tensor, teacher_on: Tensor) -> None:
        """Count a batch: bool (B, C, h, w), equal shapes."""
        self._places += student_on.numel() // student_on.shape[1]
        self._teacher += _count(teacher_on)
        self._student += _count(student_on)
        self._same += _count(student_on == teacher_on)

    @property
    def channels(self) -> Tensor:
        """Percent of pictures and places at which each channel agrees, (C,) float32."""
        return self._share(self._same) * 100

    @property
    def agreement(self) -> Tensor:
        """Percent of all neurons that agree, 0-dim."""
        return self.channels.mean()

    @property
    def firing(self) -> Tensor:
        """Share of pictures and places at which each channel of the teacher is on, (C,) float32."""
        return self._share(self._teacher)

    @property
    def chance(self) -> Tensor:
        """Percent that would agree if both fired as often as they do, but independently, 0-dim."""
        return chance_level(self.firing, self._share(self._student))

    def _share(self, counts: Tensor) -> Tensor:
        return (counts.double() / max(1, self._places)).float()


def _count(on: Tensor) -> Tensor:
    # a batch is far from 2**31 places; int32 is counted twice as fast as int64
    return on.sum((0, 2, 3), dtype=torch.int32)


def chance_level(teacher: Tensor, student: Tensor) -> Tensor:
    """Percent of neurons that agree by luck: the mean over channels of ``p q + (1 - p)(1 - q)``, 0-dim.

    Args:
        teacher: (C,) firing rate p of every channel, in [0, 1].
        student: (C,) firing rate q.
    """
    return 100 * (teacher * student + (1 - teacher) * (1 - student)).mean()


def as_maps(values: Tensor) -> Tensor:
    """Vectors (B, D) as maps of one place, (B, D, 1, 1); maps unchanged."""
    return values[:, :, None, None] if values.dim() == 2 else values


def pooled(maps: Tensor, size: tuple[int, int]) -> Tensor:
    """Maps (B, C, H, W) adaptively averaged to ``size``; unchanged where they have it."""
    return maps if tuple(maps.shape[-2:]) == size else torch.nn.functional.adaptive_avg_pool2d(maps, size)
