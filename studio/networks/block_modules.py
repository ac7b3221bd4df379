"""The modules that a block's description stands for, and the points in them that are read."""

from __future__ import annotations

from torch import Tensor, nn

from studio.networks.blocks import Block
from studio.networks.dense_blocks import DenseBlock, Transition
from studio.networks.residual_blocks import BasicBlock, Bottleneck, PreActivationBlock


class ConvBlock(nn.Module):
    """3x3 convolution, batch norm, ReLU: (B, C, H, W) to (B, C', H', W')."""

    def __init__(self, below: int, width: int, stride: int = 1, *, bias: bool = False) -> None:
        super().__init__()
        self.conv = nn.Conv2d(below, width, 3, stride, padding=1, bias=bias)
        self.bn = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        activated: Tensor = self.relu(self.bn(self.conv(x)))
        return activated


class MeanOverPlaces(nn.Module):
    """Global average pooling: (B, C, H, W) to (B, C)."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


def block_modules(block: Block) -> dict[str, nn.Module]:
    """The freshly initialised modules of a block by their names in the body, in the order in which they are called.

    Raises:
        ValueError: its kind cannot be made from a description.
    """
    below, width, stride, name = block.below, block.width, block.stride, block.name
    match block.kind:
        case "stem":
            return _stem(block)
        case "conv":
            return _opening(block) | {name: ConvBlock(below, width, stride, bias=block.bias)}
        case "basic" if block.pre_activation:
            return {name: PreActivationBlock(below, width, stride)}
        case "basic":
            return {name: BasicBlock(below, width, stride, zero_pad=block.zero_pad)}
        case "bottleneck":
            return {name: Bottleneck(below, block.inner, width, stride, zero_pad=block.zero_pad)}
        case "dense":
            return {name: DenseBlock(below, block.inner, block.layers)}
        case "transition":
            return {name: Transition(below, width)}
        case "linear":
            number = name.partition(".")[2]
            found = _opening(block) | {name: nn.Linear(below, width)}
            if block.norm:
                found[f"norms.{number}"] = nn.BatchNorm1d(width)
            return found | {f"relus.{number}": nn.ReLU()}
        case "head":
            found = {"bn": nn.BatchNorm2d(below), "relu": nn.ReLU()} if block.pre_activation else {}
            return found | _opening(block) | {"fc": nn.Linear(below, width)}
        case _:
            raise ValueError(f"a block of kind {block.kind} cannot be made from a description")


def _stem(block: Block) -> dict[str, nn.Module]:
    conv = nn.Conv2d(block.below, block.width, 3, block.stride, padding=1, bias=block.bias)
    if block.pre_activation:
        return {"conv1": conv}
    return {"conv1": conv, "bn1": nn.BatchNorm2d(block.width), "relu1": nn.ReLU()}


def _opening(block: Block) -> dict[str, nn.Module]:
    """What brings the map to the size and the form that a block works on."""
    found: dict[str, nn.Module] = {f"pools.{block.name}": nn.MaxPool2d(2)} if block.pool else {}
    if block.flatten:
        found[f"flattens.{block.name}"] = nn.Flatten() if block.flatten == "all" else MeanOverPlaces()
    return found


def opening_norm(block: Block) -> tuple[str, str] | None:
    """The batch norm and the ReLU that a pre-activation block begins with: they finish what the block before it gave."""
    name = block.name
    if block.kind == "head":
        return ("bn", "relu") if block.pre_activation else None
    if block.kind == "basic":
        return (f"{name}.bn1", f"{name}.relu1") if block.pre_activation else None
    if block.kind == "dense":
        return f"{name}.0.bn1", f"{name}.0.relu1"
    return (f"{name}.bn", f"{name}.relu") if block.kind == "transition" else None
