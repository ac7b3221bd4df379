"""Isolates what only torch's global generator can draw: weight initialisation and dropout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def isolated_seed(seed: int) -> Iterator[None]:
    """Within the block the global generators start at ``seed``; afterwards they are as they were before."""
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        torch.manual_seed(seed)
        yield
