"""Brings weights of other codes into a network of the catalogue, or says which layers differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text, paragraph
from studio.networks.base import Input, Network, NetworkFamily
from studio.networks.build import outline_network
from studio.networks.foreign.names import LayerNames, other_names, renamed
from studio.networks.foreign.state_reader import ForeignWeights, weights_refused

#: Counters of old files' batch norms, which did not have them.
_COUNTER = "num_batches_tracked"
#: Layers of each kind that a refusal names.
_NAMED = 3
_INPUT, _BODY = "input.", "body."


@dataclass(frozen=True)
class _Fit:
    """Weights under our names, and where they are not those of the network."""

    tensors: Mapping[str, Tensor]
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    other_shape: tuple[str, ...]

    @property
    def differing(self) -> int:
        return len(self.missing) + len(self.unexpected) + len(self.other_shape)


def answers_of(weights: ForeignWeights, key: str, shape: tuple[int, ...]) -> int:
    """How many classes weights answer for.

    Args:
        weights: for the network ``key``.
        shape: of its inputs.

    Returns:
        0 where their classifier is not found.
    """
    network = outline_network(key, shape, ("a", "b"))
    head = f"{network.anatomy.head}.weight"
    for names in _names_of(network):
        for name, tensor in weights.tensors.items():
            if _BODY + head == _ours(name, names, network) and tensor.dim() > 1:
                return int(tensor.shape[0])
    return 0


def network_of_weights(
    weights: ForeignWeights, key: str, source: Input, classes: tuple[str, ...], path: Path
) -> Network:
    """The network ``key`` with these weights, on the CPU.

    Args:
        source: shape and normalisation of its inputs.
        classes: class names in the order of its logits.
        path: of the file, for a refusal.

    Raises:
        StudioError: they are not the weights of this network; the layers that differ are named.
    """
    with torch.random.fork_rng(devices=[]):
        family: NetworkFamily = catalog.find("network", key)
        body, anatomy = family.build(key, source.shape, len(classes))
    network = Network(key, body, anatomy, source, classes)
    fit = _best_fit(weights, network)
    if fit.differing:
        raise _differs(fit, network, path)
    own = network.state_dict()
    state = {name: fit.tensors.get(name, tensor).to(tensor.dtype).clone() for name, tensor in own.items()}
    for name, tensor in state.items():
        if not bool(torch.isfinite(tensor).all()):
            raise weights_refused(path, "Its weights {name} are not all numbers.", name=name.removeprefix(_BODY))
    network.load_state_dict(state)
    return network


def refuse_other_layers(weights: ForeignWeights, key: str, shape: tuple[int, ...], answers: int, path: Path) -> None:
    """Refuse weights that are not those of a network; their values are not looked at.

    Args:
        shape: of its inputs.
        answers: how many classes it is to have.
        path: of the file, for a refusal.

    Raises:
        StudioError: the layers that differ are named.
    """
    network = outline_network(key, shape, tuple(map(str, range(answers))))
    fit = _best_fit(weights, network)
    if fit.differing:
        raise _differs(fit, network, path)


def _names_of(network: Network) -> list[LayerNames]:
    family: NetworkFamily = catalog.find("network", network.key)
    return other_names(family.key, network.blocks)


def _ours(name: str, names: LayerNames, network: Network) -> str:
    """A name of theirs within our network; "" of what is left out of it."""
    family: NetworkFamily = catalog.find("network", network.key)
    known = family.foreign_name(renamed(name, names))
    return _BODY + known if known else ""


def _best_fit(weights: ForeignWeights, network: Network) -> _Fit:
    expected = {name: tensor for name, tensor in network.state_dict().items() if not name.startswith(_INPUT)}
    fits = []
    for names in _names_of(network):
        found = {_ours(name, names, network): tensor for name, tensor in weights.tensors.items()}
        found.pop("", None)
        fits.append(_fit(found, expected))
    return min(fits, key=lambda fit: fit.differing)


def _fit(found: Mapping[str, Tensor], expected: Mapping[str, Tensor]) -> _Fit:
    missing = tuple(name for name in expected if name not in found and not name.endswith(_COUNTER))
    unexpected = tuple(name for name in found if name not in expected)
    both = (name for name in expected if name in found)
    other = tuple(name for name in both if found[name].shape != expected[name].shape)
    return _Fit(found, missing, unexpected, other)


def _differs(fit: _Fit, network: Network, path: Path) -> StudioError:
    own = network.state_dict()
    shapes = [f"{name} {_size(fit.tensors[name])} / {_size(own[name])}" for name in fit.other_shape]
    lists: list[tuple[str, Sequence[str]]] = [
        ("Missing: {names}.", fit.missing),
        ("Not of this network: {names}.", fit.unexpected),
        ("Of another shape (in the file / here): {names}.", shapes),
    ]
    told = [Text(words, {"names": _some(names)}) for words, names in lists if names]
    values: dict[str, Any] = {f"part{number}": text for number, text in enumerate(told)}
    return StudioError(
        "The weights in {path} are not those of {network}.",
        paragraph(**values),
        "Choose the network they were trained in.",
        place="teacher.key",
        path=path,
        network=catalog.find("network", network.key).name(network.key),
    )


def _some(names: Sequence[str]) -> str:
    shown = [name.removeprefix(_BODY) for name in names[:_NAMED]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" … (+{more})" if more else "")


def _size(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "1"
