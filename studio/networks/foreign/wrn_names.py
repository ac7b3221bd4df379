"""Layers of wide residual networks, as other codes call them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studio.networks.blocks import Block
from studio.networks.foreign.names import LayerNames, groups, register_names


def _names(blocks: Sequence[Block]) -> Iterator[LayerNames]:
    """RepDistiller, mdistiller, AB and OFD; then attention transfer, which knows tensors and no modules."""
    same = {f"block{group}.layer.{index}": ours for group, index, ours in groups(blocks)}
    shortcuts = {f"{theirs}.convShortcut": f"{ours}.shortcut" for theirs, ours in same.items()}
    yield {**same, **shortcuts, "bn1": "bn"}
    tensors = {"conv0": "conv1.weight"}
    for group, index, ours in groups(blocks):
        theirs = f"group{group - 1}.block{index}"
        tensors |= {
            f"{theirs}.bn0": f"{ours}.bn1",
            f"{theirs}.conv0": f"{ours}.conv1.weight",
            f"{theirs}.bn1": f"{ours}.bn2",
            f"{theirs}.conv1": f"{ours}.conv2.weight",
            f"{theirs}.convdim": f"{ours}.shortcut.weight",
        }
    yield tensors


register_names("wrn", _names)
