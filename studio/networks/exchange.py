"""Exchanging blocks of a network for others: a copy of it in which some blocks are of another kind or narrower.

What recasting is made of (METHODS 8). A step of it reads::

    student = copy_of_blocks(teacher)
    student = exchange(student, {index: Target("conv", ratio=0.4)}, seed, anew=(index, index + 1))
    stop = compared_behind(index)
    loss = mse_loss(student.run(x, 0, stop), teacher.run(x, 0, stop))  # trains student.block_parameters(0, stop)

Source: Yu, Kang and Choi, "Network recasting: a universal method for network architecture transformation", AAAI 2019.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch

from studio.core.errors import StudioError
from studio.core.message import Text, text
from studio.networks.base import Network
from studio.networks.blocks import Block, BlockKind
from studio.networks.recast import RECAST, described_blocks, network_of_blocks

TargetKind = Literal["conv", "basic", "bottleneck"]

#: What each kind can become.
TARGETS: Mapping[BlockKind, tuple[TargetKind, ...]] = {
    "conv": ("conv",),
    "basic": ("conv", "basic"),
    "bottleneck": ("conv", "basic", "bottleneck"),
    "dense": ("conv", "basic"),
}
#: What a person calls a block of each kind.
KIND_WORDS: Mapping[BlockKind, Text] = {
    "stem": Text("stem"),
    "conv": Text("convolution"),
    "basic": Text("basic block"),
    "bottleneck": Text("bottleneck"),
    "plain": Text("convolution without batch norm"),
    "local": Text("locally connected layer"),
    "pointwise": Text("1 × 1 convolution"),
    "grouped": Text("grouped bottleneck"),
    "pyramid": Text("pyramid block"),
    "pyramid_bottleneck": Text("pyramid bottleneck"),
    "separable": Text("separable convolution"),
    "inverted": Text("inverted bottleneck"),
    "shuffle": Text("shuffle block"),
    "split": Text("split block"),
    "dense": Text("dense block"),
    "transition": Text("transition"),
    "linear": Text("linear layer"),
    "head": Text("head"),
    "members": Text("members"),
    "mean": Text("mean"),
}


@dataclass(frozen=True)
class Target:
    """What takes a block's place.

    Attributes:
        kind: of the new block.
        ratio: its width over that of the block it replaces, (0, 1]. A bottleneck's width is here that of its 3x3
            convolution, unless it stays a bottleneck: then both its widths shrink.
    """

    kind: TargetKind
    ratio: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.ratio <= 1:
            raise ValueError(f"a block becomes at most as wide as it was: {self.ratio} is not in (0, 1]")


def exchange_refusal(block: Block, target: Target) -> Text | None:
    """Why ``block`` cannot be exchanged for ``target``; None where it can."""
    possible = TARGETS.get(block.kind, ())
    if target.kind in possible:
        return None
    words = {"name": block.name, "kind": KIND_WORDS[block.kind], "target": KIND_WORDS[target.kind]}
    if not possible:
        return text("{name} is a {kind}: it stays as it is.", **words)
    return text("{name} is a {kind}: there is no way from there to a {target}.", **words)


def exchangeable(blocks: Sequence[Block], target: Target) -> tuple[int, ...]:
    """The indices of the blocks that can be exchanged for ``target``, from below."""
    return tuple(index for index, block in enumerate(blocks) if exchange_refusal(block, target) is None)


def exchange_blocks(blocks: Sequence[Block], targets: Mapping[int, Target]) -> tuple[Block, ...]:
    """The list with some of its blocks exchanged, and those behind them made for what they now get.

    A block behind a narrower one keeps kind and width; where its shortcut added what it got, it now projects.

    Args:
        blocks: from the input to the head.
        targets: by index of a block.

    Raises:
        StudioError: one of them cannot be exchanged so, or a dense block would get less than it hands on.
    """
    found: list[Block] = []
    for index, block in enumerate(blocks):
        new = block
        if index in targets:
            refusal = exchange_refusal(block, targets[index])
            if refusal is not None:
                raise StudioError(
                    "A block cannot be recast.", refusal, "Leave it out, or choose another kind of block."
                )
            new = _target_block(block, targets[index])
        found.append(_made_for(new, found[-1].width if found else block.below))
    return tuple(found)


def fresh_blocks(before: Sequence[Block], after: Sequence[Block]) -> tuple[int, ...]:
    """The indices at which two lists of equal length differ: blocks that need weights of their own."""
    return tuple(index for index, (old, new) in enumerate(zip(before, after, strict=True)) if old != new)


def compared_behind(index: int) -> int:
    """Up to which block (exclusive) teacher and student run to be compared while block ``index`` is recast.

    That is at the output of the block behind it, which is as wide as the teacher's whatever the new block's width; the
    published code compares there for every block, and trains all from block 0 to that one. Behind the last block
    that is the hidden layer, or the classifier.
    """
    return index + 2


def copy_of_blocks(network: Network, classes: tuple[str, ...] | None = None, *, key: str = RECAST) -> Network:
    """The same network as a list of blocks: equal weights, equal answers.

    Args:
        network: on any device.
        classes: its classes in another order, which the copy's answers then have.
        key: what the copy is called.

    Raises:
        StudioError: it is not made of blocks, as an ensemble.
    """
    made = exchange(network, {}, seed=0, key=key)
    if classes is not None and classes != network.classes:
        order = torch.tensor([network.classes.index(name) for name in classes], device=network.input.mean.device)
        head = made.body.get_submodule(made.anatomy.head)
        with torch.no_grad():
            for parameter in head.parameters():
                parameter.copy_(parameter.index_select(0, order))
        made.classes = classes
    return made


def exchange(
    network: Network, targets: Mapping[int, Target], seed: int, *, anew: Collection[int] = (), key: str = RECAST
) -> Network:
    """A copy of ``network`` with some of its blocks exchanged; the network itself stays as it is.

    Blocks whose description is as before keep their weights and statistics, bit for bit; the others start anew. So a
    block exchanged for one of its own kind at ratio 1 is a copy of itself, unless ``anew`` names it.

    Args:
        network: on any device; its copy is on the same, in the same mode.
        targets: by index of a block.
        seed: of the new blocks' weights.
        anew: indices of blocks that start anew in any case.
        key: what the copy is called.

    Returns:
        A network that its list of blocks describes, also in files where its key is of that kind.

    Raises:
        StudioError: it is not made of blocks, or one of them cannot be exchanged so.
    """
    before = described_blocks(network)
    blocks = exchange_blocks(before, targets)
    fresh = {*fresh_blocks(before, blocks), *anew}
    made = network_of_blocks(blocks, network.source, network.classes, seed, key=key).to(network.input.mean.device)
    state = made.state_dict()
    state |= {name: value for name, value in network.state_dict().items() if network.block_of(name) not in fresh}
    made.load_state_dict(state)
    return made.train(network.training)


def _target_block(block: Block, target: Target) -> Block:
    """What stands in the place of ``block``, with its stride, its pooling and its place in the group."""
    inner = max(1, round(block.inner * target.ratio))
    scaled = max(1, round(block.width * target.ratio))
    narrow = inner if block.kind == "bottleneck" else scaled
    common: dict[str, Any] = {"kind": target.kind, "layers": 0, "inner": 0, "zero_pad": False}
    match target.kind:
        case "conv":
            return _changed(block, **common, width=narrow, pre_activation=False)
        case "basic":
            # among blocks that hand on raw sums it does so too: what stands behind it activates them
            raw = block.pre_activation or block.kind == "dense"
            padded = block.zero_pad and narrow > block.below
            return _changed(block, **common | {"zero_pad": padded}, width=narrow, pre_activation=raw)
        case "bottleneck":
            padded = block.zero_pad and scaled > block.below
            return _changed(block, **common | {"zero_pad": padded, "inner": inner}, width=scaled)


def _made_for(block: Block, below: int) -> Block:
    """The block for ``below`` channels."""
    if block.below == below:
        return block
    if block.kind == "dense":
        raise StudioError(
            "A block cannot be recast.",
            "Behind it stands {name}, a dense block: it hands on what it gets, and would get less.",
            "Keep the width (ratio 1), or recast {name} as well.",
            name=block.name,
        )
    return _changed(block, below=below, zero_pad=block.zero_pad and block.width > below)


def _changed(block: Block, **values: Any) -> Block:
    return Block.model_validate({**block.model_dump(), **values})
