"""The modules that a block's description stands for, and the points in them that are read."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from studio.networks.blocks import Block, BlockKind
from studio.networks.dense_blocks import DenseBlock, Transition
from studio.networks.mobile_blocks import InvertedBlock, SeparableBlock
from studio.networks.padded_blocks import GroupedBottleneck, PyramidBlock, PyramidBottleneck
from studio.networks.plain_layers import ClassifierByPlace, LocalBlock, MaxoutLinear, PlainConv
from studio.networks.residual_blocks import BasicBlock, Bottleneck, PreActivationBlock
from studio.networks.shuffle_blocks import ShuffleBlock, SplitBlock


class ConvBlock(nn.Module):
    """Convolution, 3x3 unless told otherwise, batch norm, ReLU: (B, C, H, W) to (B, C', H', W')."""

    def __init__(self, below: int, width: int, stride: int = 1, *, bias: bool = False, kernel: int = 3) -> None:
        super().__init__()
        self.conv = nn.Conv2d(below, width, kernel, stride, padding=kernel // 2, bias=bias)
        self.bn = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        activated: Tensor = self.relu(self.bn(self.conv(x)))
        return activated


class LargestPlace(nn.Module):
    """Global max-pooling: (B, C, H, W) to (B, C)."""

    def forward(self, x: Tensor) -> Tensor:
        return x.amax((2, 3))


class MeanOverPlaces(nn.Module):
    """Global average pooling: (B, C, H, W) to (B, C)."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


def block_modules(block: Block) -> dict[str, nn.Module]:
    """The freshly initialised modules of a block by their names in the body, in the order in which they are called.

    Raises:
        ValueError: its kind cannot be made from a description.
    """
    match block.kind:
        case "stem":
            return _stem(block)
        case "linear":
            return _opening(block) | _linear(block)
        case "head":
            found = {"bn": nn.BatchNorm2d(block.below), "relu": nn.ReLU()} if block.pre_activation else {}
            classifier = ClassifierByPlace if block.by_place else nn.Linear
            return found | _opening(block) | {"fc": classifier(block.below, block.width)}
        case _:
            if block.kind not in _ON_MAPS:
                raise ValueError(f"a block of kind {block.kind} cannot be made from a description")
            return _opening(block) | {block.name: _ON_MAPS[block.kind](block)}


#: The module of each kind of block that makes a map of a map.
_ON_MAPS: dict[BlockKind, Callable[[Block], nn.Module]] = {
    "conv": lambda block: ConvBlock(block.below, block.width, block.stride, bias=block.bias),
    "pointwise": lambda block: ConvBlock(block.below, block.width, block.stride, bias=block.bias, kernel=1),
    "plain": lambda block: PlainConv(block.below, block.width, block.window, block.stride, block.padding, block.pieces),
    "local": lambda block: LocalBlock(block.below, block.width, block.window, block.padding, block.places),
    "basic": lambda block: (
        PreActivationBlock(block.below, block.width, block.stride)
        if block.pre_activation
        else BasicBlock(block.below, block.width, block.stride, zero_pad=block.zero_pad)
    ),
    "bottleneck": lambda block: Bottleneck(
        block.below, block.inner, block.width, block.stride, zero_pad=block.zero_pad
    ),
    "grouped": lambda block: GroupedBottleneck(block.below, block.inner, block.width, block.stride, block.groups),
    "pyramid": lambda block: PyramidBlock(block.below, block.width, block.stride),
    "pyramid_bottleneck": lambda block: PyramidBottleneck(block.below, block.inner, block.width, block.stride),
    "dense": lambda block: DenseBlock(block.below, block.inner, block.layers),
    "transition": lambda block: Transition(block.below, block.width),
    "separable": lambda block: SeparableBlock(block.below, block.width, block.stride),
    "inverted": lambda block: InvertedBlock(block.below, block.inner, block.width, block.stride),
    "shuffle": lambda block: ShuffleBlock(block.below, block.inner, block.width, block.stride, block.groups),
    "split": lambda block: SplitBlock(block.below, block.width, block.stride),
}


def _stem(block: Block) -> dict[str, nn.Module]:
    kernel = block.window
    conv = nn.Conv2d(block.below, block.width, kernel, block.stride, padding=kernel // 2, bias=block.bias)
    if block.pre_activation and not block.norm:
        return {"conv1": conv}
    normed = {"conv1": conv, "bn1": nn.BatchNorm2d(block.width)}
    return normed if block.pre_activation else {**normed, "relu1": nn.ReLU()}


def _linear(block: Block) -> dict[str, nn.Module]:
    number = block.name.partition(".")[2]
    if block.pieces > 1:
        return {block.name: MaxoutLinear(block.below, block.width, block.pieces)}
    found: dict[str, nn.Module] = {block.name: nn.Linear(block.below, block.width)}
    if block.norm:
        found[f"norms.{number}"] = nn.BatchNorm1d(block.width)
    return found if block.raw else found | {f"relus.{number}": nn.ReLU()}


def _opening(block: Block) -> dict[str, nn.Module]:
    """What brings the map to the size and the form that a block works on."""
    found: dict[str, nn.Module] = {f"pools.{block.name}": nn.MaxPool2d(2)} if block.pool else {}
    if block.pooling is not None:
        found[f"pools.{block.name}"] = block.pooling.module()
    if block.flatten:
        flat: nn.Module
        match block.flatten:
            case "all":
                flat = nn.Flatten()
            case "mean":
                flat = MeanOverPlaces()
            case "max":
                flat = LargestPlace()
        found[f"flattens.{block.name}"] = flat
    if block.drop:
        found[f"drops.{block.name}"] = nn.Dropout(block.drop)
    return found


def opening_norm(block: Block) -> tuple[str, ...] | None:
    """The batch norm, and the ReLU if there is one, that a block begins with: they finish what the block before it gave."""
    name = block.name
    if block.kind == "head":
        return ("bn", "relu") if block.pre_activation else None
    if block.kind == "basic":
        return (f"{name}.bn1", f"{name}.relu1") if block.pre_activation else None
    if block.kind in ("pyramid", "pyramid_bottleneck"):
        return (f"{name}.bn1",)
    if block.kind == "dense":
        return f"{name}.0.bn1", f"{name}.0.relu1"
    return (f"{name}.bn", f"{name}.relu") if block.kind == "transition" else None
