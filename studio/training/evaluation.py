"""What a network answers on a set of examples."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from studio.data.base import Examples, as_float
from studio.networks.base import Network
from studio.training.devices import Hardware

#: Examples a pass; small enough that a stop is answered soon, large enough to keep two cores busy.
CHUNK = 256


def answers(
    network: Network,
    examples: Examples,
    hardware: Hardware,
    order: Tensor | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Tensor | None:
    """The logits on all examples, (N, K) float32 on the CPU, in eval mode; None if ``stopping()`` turned true.

    The network's modes are put back as they were.

    Args:
        order: columns of the logits for the classes of the data, where the network has another order.
    """
    modes = [(module, module.training) for module in network.modules()]
    network.eval()
    chunks: list[Tensor] = []
    try:
        with torch.no_grad(), hardware.autocast():
            for start in range(0, len(examples), CHUNK):
                if stopping():
                    return None
                inputs = as_float(examples.inputs[start : start + CHUNK].to(hardware.device))
                if inputs.dim() == 4:
                    inputs = inputs.contiguous(memory_format=torch.channels_last)
                logits = network(inputs).float()
                chunks.append((logits if order is None else logits.index_select(1, order)).cpu())
    finally:
        for module, training in modes:
            module.training = training
    return torch.cat(chunks)


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """The share of rows whose largest logit is the label's."""
    return float((logits.argmax(1) == labels.cpu()).float().mean())
