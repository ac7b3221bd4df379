"""What the teacher gives of all examples of a stage, asked once and remembered: for examples that come as they are."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from studio.data.loader import Loader
from studio.networks.taps import NetworkOutputs

#: Bytes that are remembered at the most. The activations of 2,000 pictures behind a block of 32 x 16 x 16 are 66 MB.
ROOM = 2**28


class TeacherAnswers:
    """Asked in the order of the data, so that they are the same bits wherever a run was broken off and goes on.

    Args:
        examples: what the stage deals out.
        ask: one pass of the teacher on inputs that come as they are.

    Attributes:
        fits: whether there was room; where there was none, nothing is remembered.
    """

    def __init__(self, examples: Loader, ask: Callable[[Tensor], NetworkOutputs]) -> None:
        self._examples = examples
        parts: list[NetworkOutputs] = []
        kept, self.fits = 0, True
        with torch.no_grad():
            for inputs in examples.in_order():
                parts.append(ask(inputs))
                kept += parts[-1].bytes
                if kept > ROOM:
                    self.fits = False
                    parts.clear()
                    break
        self._all = NetworkOutputs.joined(parts) if parts else NetworkOutputs()

    def of(self, step: int) -> NetworkOutputs:
        """Those of the examples of a step."""
        return self._all.rows(self._examples.rows(step))
