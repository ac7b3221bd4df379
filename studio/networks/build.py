"""Builds a network of the catalogue from a key, the data it reads and a seed; or its outline, without numbers."""

from __future__ import annotations

import torch

from studio import catalog
from studio.networks.base import Input, Network, NetworkFamily
from studio.networks.no_draws import NoDraws


def build_network(key: str, source: Input, classes: tuple[str, ...], seed: int) -> Network:
    """A freshly initialised network on the CPU; torch's global generator is left as it was.

    Args:
        key: catalogue key, ``wrn-16-2``.
        source: shape and normalisation of its inputs.
        classes: class names in the order of the logits.
        seed: of the initial weights; equal seeds give equal weights.

    Raises:
        StudioError: the key is unknown, or this network cannot read such input.
    """
    family: NetworkFamily = catalog.find("network", key)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        body, anatomy = family.build(key, source.shape, len(classes))
    return Network(key, body, anatomy, source, classes)


def outline_network(key: str, shape: tuple[int, ...], classes: tuple[str, ...]) -> Network:
    """The network on torch's meta device: names and shapes of its layers, without memory for their weights.

    Args:
        shape: of its inputs; what normalises them is left as it is.

    Raises:
        StudioError: as :func:`build_network`.
    """
    family: NetworkFamily = catalog.find("network", key)
    source = Input(shape, (0.0,) * shape[0], (1.0,) * shape[0])
    with NoDraws(), torch.device("meta"):
        body, anatomy = family.build(key, shape, len(classes))
        return Network(key, body, anatomy, source, classes)
