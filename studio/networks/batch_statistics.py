"""Batch statistics for a frozen network: normalise by the batch at hand, and leave the running averages as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


def batch_norms(network: nn.Module) -> list[_BatchNorm]:
    """Its layers of batch normalisation, in order."""
    return [module for module in network.modules() if isinstance(module, _BatchNorm)]


@contextmanager
def batch_statistics(network: nn.Module) -> Iterator[None]:
    """Within the block batch normalisation goes by the mean and variance of the batch; then all is as it was.

    Running averages are neither read nor written, so they need no restoring: they are bit-equal throughout. Everything
    else, dropout above all, stays in its mode.
    """
    norms = [(norm, norm.training, norm.track_running_stats) for norm in batch_norms(network)]
    try:
        for norm, *_ in norms:
            norm.training, norm.track_running_stats = True, False
        yield
    finally:
        for norm, training, tracks in norms:
            norm.training, norm.track_running_stats = training, tracks
