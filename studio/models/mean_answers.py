"""The answers of several models made one: the mean of their probabilities, or of their logits."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import log_softmax

from studio.core.ensemble_keys import Mean


def ensemble_probabilities(logits: Tensor) -> Tensor:
    """The mean of the members' probabilities: 1/N Σ_n softmax(z_n).

    Args:
        logits: (N, B, K), of N members.

    Returns:
        (B, K), every row of sum 1; float32 or the input's float64.

    Source: Furlanello et al., "Born-again neural networks", ICML 2018, which averages outputs, not logits.

    Example:
        >>> from torch import tensor
        >>> ensemble_probabilities(tensor([[[0.0, 0.0]], [[99.0, 0.0]]]))  # ½ : ½ and 1 : 0
        tensor([[0.7500, 0.2500]])
    """
    return log_mean_probabilities(logits).exp()


def log_mean_probabilities(logits: Tensor) -> Tensor:
    """The logarithm of :func:`ensemble_probabilities`, without rounding small ones to 0: logits of the mean answer.

    Args:
        logits: (N, B, K), of N members.

    Returns:
        (B, K); float32 or the input's float64.
    """
    if logits.dtype != torch.float64:
        logits = logits.float()
    return log_softmax(logits, dim=2).logsumexp(0) - math.log(len(logits))


def mean_logits(logits: Tensor, mean: Mean) -> Tensor:
    """Logits (B, K) whose softmax is what the members of ``logits``, (N, B, K), say together."""
    return log_mean_probabilities(logits) if mean == "probabilities" else logits.float().mean(0)
