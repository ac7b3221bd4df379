"""A network as a model like others: answers instead of logits, arrays instead of tensors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from studio import catalog
from studio.core.format import thousands
from studio.core.message import Text, text
from studio.core.score import Score
from studio.models.base import ModelKind, ModelSize
from studio.models.files import NETWORK
from studio.networks.base import Network
from studio.networks.files import load_network, save_network
from studio.networks.measure import latency_ms
from studio.networks.titles import network_title

#: Inputs a pass.
CHUNK = 256


class NetworkModel:
    """See :class:`studio.models.base.Model`; it has the network for itself, in eval mode.

    Args:
        network: on any device; an ensemble of networks is one too.
    """

    def __init__(self, network: Network, scores: Mapping[str, Score] | None = None) -> None:
        self.network = network.eval()
        self.scores = dict(scores or {})

    @property
    def key(self) -> str:
        return self.network.key

    @property
    def classes(self) -> tuple[str, ...]:
        return self.network.classes

    @property
    def size(self) -> ModelSize:
        state = self.network.state_dict().values()
        return ModelSize(
            parameters=sum(parameter.numel() for parameter in self.network.parameters()),
            bytes=sum(tensor.numel() * tensor.element_size() for tensor in state),
        )

    @cached_property
    def milliseconds(self) -> float:
        return latency_ms(self.network)

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        device = self.network.input.mean.device
        with torch.no_grad():
            answers = [
                self.network(torch.from_numpy(chunk).to(device)).float().softmax(1).cpu().numpy()
                for chunk in (inputs[begin : begin + CHUNK] for begin in range(0, len(inputs), CHUNK))
            ]
        return np.concatenate(answers) if answers else np.empty((0, len(self.classes)), np.float32)

    def describe(self) -> Text:
        return text(
            "{network}, {parameters} parameters",
            network=network_title(self.key),
            parameters=thousands(self.size.parameters),
        )

    def save(self, file: Path) -> None:
        save_network(self.network, file)


class NetworkKind(ModelKind):
    """Networks of the catalogue, ensembles of them, and recast ones."""

    key = NETWORK
    title = "Network"
    words = "Layers of weights that were learnt by gradients."

    def read(self, file: Path, scores: Mapping[str, Score]) -> NetworkModel:
        return NetworkModel(load_network(file), scores)


catalog.register("model", NetworkKind())
