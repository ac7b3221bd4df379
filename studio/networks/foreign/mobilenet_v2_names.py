"""Layers of MobileNet v2 for small pictures, as other codes call them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studio.networks.blocks import Block
from studio.networks.foreign.names import LayerNames, groups, register_names

#: Blocks in each row of the paper's table.
_ROWS = (1, 2, 3, 4, 3, 3, 1)
_INSIDE = {"0": "conv1", "1": "bn1", "3": "conv2", "4": "bn2", "6": "conv3", "7": "bn3"}


def _names(blocks: Sequence[Block]) -> Iterator[LayerNames]:
    """RepDistiller and mdistiller. (torchvision's has no expansion in its first block, and other strides.)"""
    names = {
        "conv1.0": "conv1",
        "conv1.1": "bn1",
        "conv2.0": "group5.conv",
        "conv2.1": "group5.bn",
        "classifier.0": "fc",
    }
    places = [f"blocks.{row}.{index}.conv" for row, count in enumerate(_ROWS) for index in range(count)]
    for theirs, (_, _, ours) in zip(places, groups(blocks), strict=False):
        names |= {f"{theirs}.{number}": f"{ours}.{name}" for number, name in _INSIDE.items()}
    yield names


register_names("mobilenet-v2", _names)
