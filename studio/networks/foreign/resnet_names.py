"""Layers of residual networks for small pictures, as other codes call them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studio.networks.blocks import Block
from studio.networks.foreign.names import LayerNames, groups, register_names


def _names(blocks: Sequence[Block]) -> Iterator[LayerNames]:
    """RepDistiller, mdistiller, OFD and whoever follows torchvision; then those who say ``shortcut`` and ``linear``."""
    same = {f"layer{group}.{index}": ours for group, index, ours in groups(blocks)}
    projections = {f"{theirs}.downsample": f"{ours}.shortcut" for theirs, ours in same.items()}
    yield {**same, **projections}
    yield {**same, "linear": "fc"}


register_names("resnet", _names)
register_names("resnet-bottleneck", _names)
