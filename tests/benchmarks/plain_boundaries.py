"""The first stage of activation boundaries as its authors' code steps: only the boundaries are copied."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from studio.networks.base import Network
from tests.benchmarks.plain_loop import PictureArray, PlainLoop


class PlainBoundaries(PlainLoop):
    """Steps of Heo et al., AAAI 2019, between networks of equal widths, whose connectors are the identity.

    The teacher is in training mode, the margin is 1, the last group weighs twice as much as the one before it, and so on.
    """

    def __init__(self, teacher: Network, student: Network, data: PictureArray, *, batch: int, **more: Any) -> None:
        groups = tuple(tap.group for tap in student.anatomy.taps if tap.group != "stem")
        super().__init__(teacher, student, data, batch=batch, groups=groups, tap="pre", **more)
        self.teacher.train()

    def loss(self, inputs: Tensor, labels: Tensor) -> tuple[Tensor, list[Tensor]]:
        """See :meth:`PlainLoop.loss`; the labels are not looked at."""
        del labels
        with torch.no_grad():
            self.teacher(inputs)
        self.student(inputs)
        terms: list[Tensor] = []
        for depth, (student, teacher) in enumerate(
            zip(reversed(self.features["student"]), reversed(self.features["teacher"]), strict=True)
        ):
            beyond = (student + 1).pow(2) * ((student > -1) & (teacher <= 0)).float()
            short = (student - 1).pow(2) * ((student <= 1) & (teacher > 0)).float()
            terms.append((beyond + short).sum() / len(inputs) / 2**depth)
        return 3 / 1000 * torch.stack(terms).sum(), terms
