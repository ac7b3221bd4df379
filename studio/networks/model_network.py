"""A model that is no network in the place of one, so that it can teach: its answers, without gradients and without an inside."""

from __future__ import annotations

from math import prod

import numpy as np
import torch
from torch import Tensor, nn

from studio.models.base import Model
from studio.networks.base import Anatomy, Input, Network

#: What a probability of 0 is taken for where its logarithm is needed.
_LEAST = float(np.finfo(np.float32).tiny)


def network_of_model(model: Model, shape: tuple[int, ...]) -> ModelNetwork:
    """A network whose logits are the logarithms of what ``model`` answers: softmax gives its probabilities.

    Args:
        shape: of one input, (C, H, W) or (D,), as the data have it.

    Returns:
        On the CPU, with nothing to learn. A call computes on the processor wherever its inputs are, and passes no
        gradient on.
    """
    plain = Input(shape, (0.0,) * shape[0], (1.0,) * shape[0])
    return ModelNetwork(model.key, _Answering(model, shape), Anatomy({"head": ("",)}, (), "head"), plain, model.classes)


class ModelNetwork(Network):
    """See :func:`network_of_model`."""

    @property
    def model(self) -> Model:
        """What answers."""
        answering = self.body
        assert isinstance(answering, _Answering)
        return answering.head.model

    @property
    def passes_gradients(self) -> bool:
        return False


class _Answering(nn.Module):
    """Inputs (B, ...) to log-probabilities (B, K); its embedding is the input itself, (B, D)."""

    def __init__(self, model: Model, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.head = _Head(model, shape)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.head(x.reshape(len(x), prod(x.shape[1:])))
        return logits


class _Head(nn.Module):
    def __init__(self, model: Model, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.model, self._shape = model, shape

    def forward(self, x: Tensor) -> Tensor:
        inputs = x.detach().float().cpu().numpy().reshape(len(x), *self._shape)
        answers = np.log(np.maximum(self.model.probabilities(inputs), _LEAST))
        return torch.from_numpy(answers).to(x)
