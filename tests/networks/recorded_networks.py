"""What is compared of a network with what version 0.1.0 recorded of it: names, order and parts exactly, values as measured."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

import torch
from torch import Tensor

from studio.networks.base import Input, Network, TapKind
from studio.networks.build import build_network
from studio.networks.taps import TapPoint, TapReader

FILE = Path(__file__).parents[1] / "fixtures" / "recorded_networks.json"
#: The listed sizes of the families of version 0.1.0, and one zero-padded network.
KEYS = (
    *("mlp-8-8", "mlp-20-20", "mlp-100-100", "mlp-800-800", "mlp-1200-1200"),
    *("cnn-4", "cnn-8", "cnn-16", "cnn-32", "cnn-64"),
    *(f"resnet-{depth}" for depth in (8, 14, 20, 26, 32, 44, 56, 110)),
    *("resnet-20a", "wrn-10-1", "wrn-16-1", "wrn-16-2", "wrn-40-1", "wrn-28-2", "wrn-40-2", "wrn-16-4", "wrn-22-4"),
    "wrn-28-10",
    "mean-probabilities(cnn-4+resnet-8)",
)
POINTS = ("mlp-8-8", "mlp-20-20")


class Recorded(TypedDict):
    """Facts about one network: digests of names, and [mean, mean size] of values.

    ``state``: names, shapes and types of the weights file, in order; ``parts``: which part each parameter, buffer and
    layer belongs to; ``values``: of the initial weights, of the logits in both modes, of the embedding and every tap.
    """

    state: str
    parts: str
    values: dict[str, list[float]]


def record(key: str, shape: tuple[int, ...]) -> Recorded:
    """The facts about a network of seed 0 that answers ten classes."""
    network = build_network(key, Input(shape, (0.4,) * shape[0], (0.25,) * shape[0]), tuple("abcdefghij"), 0)
    state = network.state_dict()
    parts = [f"{name} {network.part_of(name)}" for name in (*state, *_leaves(network))]
    values = {"weights": _measured(torch.cat([tensor.double().flatten() for tensor in state.values()]))}
    inputs = torch.rand(3, *shape, generator=torch.Generator().manual_seed(0))
    kinds: tuple[TapKind, ...] = ("out", "pre", "first")
    wanted = [
        TapPoint(tap.group, kind)
        for tap in network.anatomy.taps
        for kind in kinds
        if kind == "out" or getattr(tap, kind) is not None
    ]
    with torch.no_grad(), TapReader(network, wanted) as reader:
        values["logits while training"] = _measured(reader.run(inputs).logits)
        network.eval()
        outputs = reader.run(inputs)
        for point in wanted:
            values[f"{point.kind} of {point.group}"] = _measured(getattr(outputs, point.kind)(point.group))
    values["logits"], values["embedding"] = _measured(outputs.logits), _measured(outputs.embedding)
    return Recorded(
        state=_digest(f"{name} {list(tensor.shape)} {tensor.dtype}" for name, tensor in state.items()),
        parts=_digest(sorted(parts)),
        values=values,
    )


def shapes_of(key: str) -> tuple[tuple[int, ...], ...]:
    """The inputs a network is recorded on."""
    return ((2,), (1, 8, 8)) if key in POINTS else ((3, 16, 16),)


def title_of(key: str, shape: tuple[int, ...]) -> str:
    return f"{key} on {' x '.join(map(str, shape))}"


def _leaves(network: Network) -> Iterable[str]:
    """Layers with something to learn or to count; what only reshapes or activates may have any name."""
    for name, module in network.body.named_modules():
        if name and not any(module.children()) and [*module.parameters(), *module.buffers()]:
            yield f"body.{name}"


def _digest(words: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:20]


def _measured(values: Tensor) -> list[float]:
    values = values.double()
    return [float(f"{number:.9g}") for number in (values.mean(), values.abs().mean())]


if __name__ == "__main__":
    found = {title_of(key, shape): record(key, shape) for key in KEYS for shape in shapes_of(key)}
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
