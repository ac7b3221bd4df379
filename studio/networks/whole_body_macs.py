"""Multiplications of a body that is no sequence of blocks: counted where they are calculated, not by its layers.

Attention calls the weights of its layers without calling the layers.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.utils.flop_counter import FlopCounterMode

#: What convolutions and linear layers come to; what attention multiplies with one another is not among them.
_COUNTED = (torch.ops.aten.convolution, torch.ops.aten.addmm, torch.ops.aten.mm)


def multiplications(run: Callable[[], object]) -> int:
    """Multiplications of convolutions and linear layers in what ``run`` calculates."""
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(value=False)  # it is one operation in which nothing can be counted
    try:
        with FlopCounterMode(display=False) as counter:
            run()
    finally:
        torch.backends.mha.set_fastpath_enabled(value=fast)
    counts = counter.get_flop_counts().get("Global", {})  # nothing is there where nothing was counted
    return sum(int(counts.get(operation, 0)) for operation in _COUNTED) // 2  # a multiplication and an addition each
