"""Layers of VGG networks, as other codes call them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studio.networks.blocks import Block
from studio.networks.foreign.names import LayerNames, groups, register_names


def _names(blocks: Sequence[Block]) -> Iterator[LayerNames]:
    """RepDistiller and mdistiller; then torchvision's one row of layers, poolings counted, with a single classifier."""
    blocked, in_row = {"classifier": "fc"}, {"classifier": "fc"}
    place, before = 0, 1
    for group, index, ours in groups(blocks):
        blocked |= {f"block{group - 1}.{3 * index}": f"{ours}.conv", f"block{group - 1}.{3 * index + 1}": f"{ours}.bn"}
        place += group - before
        before = group
        in_row |= {f"features.{place}": f"{ours}.conv", f"features.{place + 1}": f"{ours}.bn"}
        place += 3
    yield blocked
    yield in_row


register_names("vgg", _names)
