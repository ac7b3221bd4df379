"""Layers of MobileNet v1, as other codes call them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studio.networks.blocks import Block
from studio.networks.foreign.names import LayerNames, groups, register_names


def _names(blocks: Sequence[Block]) -> Iterator[LayerNames]:
    """OFD: one row of sequences, each of two convolutions with batch norm and ReLU."""
    names = {"model.0.0": "conv1", "model.0.1": "bn1"}
    for number, (_, _, ours) in enumerate(groups(blocks), start=1):
        inside = {"0": "conv1", "1": "bn1", "3": "conv2", "4": "bn2"}
        names |= {f"model.{number}.{theirs}": f"{ours}.{name}" for theirs, name in inside.items()}
    yield names


register_names("mobilenet-v1", _names)
