"""The filters of a network's first layer, as they can be drawn: each in the channels of its inputs."""

from __future__ import annotations

import numpy as np
from torch import nn

from studio.insight.fetch import fetched
from studio.networks.base import Network

#: More are not drawn, and larger ones are not of networks for small pictures.
MOST, LARGEST = 256, 16


def first_filters(network: Network) -> np.ndarray | None:
    """The weights of the first convolution, (N, C, k, k) float32; None where it reads no grey or colour pictures.

    Args:
        network: on any device.
    """
    first = next((module for module in network.body.modules() if isinstance(module, nn.Conv2d)), None)
    if first is None or first.weight.shape[1] not in (1, 3) or max(first.weight.shape[2:]) > LARGEST:
        return None
    return fetched(first.weight[:MOST].detach().float().contiguous()).copy()
