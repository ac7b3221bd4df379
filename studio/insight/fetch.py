"""Where what was looked at leaves its device: the one place of a snapshot that waits for it."""

from __future__ import annotations

import numpy as np
from torch import Tensor


def fetched(values: Tensor) -> np.ndarray:
    """Values as an array in main memory, of the same shape and type; of a tensor of the processor it shares the memory."""
    array: np.ndarray = in_main_memory(values).numpy()
    return array


def in_main_memory(values: Tensor) -> Tensor:
    """The same tensor on the processor, without its gradient."""
    return values.detach().cpu()
