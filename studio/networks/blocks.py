"""What a network is made of: the plain description of a block, and which descriptions follow each other to a network.

A list of blocks is all there is to say of a network's structure. It is data: written as JSON into a network's file and
checked before anything is built from it, since a file may come from a stranger.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from studio.networks.pooling import Pooling

#: What a block is. The last two are an ensemble's, which no list of blocks can describe.
BlockKind = Literal[
    "stem", "conv", "plain", "local", "pointwise",
    "basic", "bottleneck", "grouped", "pyramid", "pyramid_bottleneck",
    "dense", "transition", "separable", "inverted", "shuffle", "split",
    "linear", "head", "members", "mean",
]  # fmt: skip

#: The most blocks of one network, and the most layers of all its dense blocks.
MOST_BLOCKS, MOST_LAYERS = 500, 1000
_NAME = r"^(stem|head|members|(group[1-9][0-9]{0,2}|layers)(\.(0|[1-9][0-9]{0,2}))?)$"
_GROUP = r"^(stem|head|members|group[1-9][0-9]{0,2})$"
_Width = Annotated[int, Field(ge=1, le=2**26)]
#: Kinds that work on another number of channels than they hand on.
_NARROWING = ("bottleneck", "grouped", "pyramid_bottleneck", "dense", "inverted", "shuffle")


class Block(BaseModel):
    """One step on the way from the input to the logits.

    Attributes:
        name: where its weights lie, the beginning of their names ("group1.0"); those of ``stem`` and ``head`` lie on top.
        kind: what is calculated, see :mod:`studio.networks.block_modules`.
        group: the part it belongs to; the last block of a group is where the group is compared.
        below, width: channels (or numbers) coming in and going out.
        stride: of its convolution.
        pool: whether the map is halved by 2x2 max-pooling first.
        pooling: another pooling that it begins with, in place of that one.
        flatten: what makes maps to vectors at its beginning: the mean over the places, the largest there, or all numbers
            in a row.
        drop: share of the numbers coming in that training leaves out at random (dropout).
        pre_activation: batch norm and ReLU come before the convolutions, and the sum is handed on as it is.
        zero_pad: a widening shortcut adds channels of zeros instead of projecting.
        bias: whether convolutions have one.
        norm: whether a linear block has a batch norm, or a stem that is not activated.
        kernel: of a stem, a plain or a locally connected convolution; 0 is 3.
        pad: of a plain or a locally connected convolution, on every side; None keeps the map's size.
        pieces: linear parts of which a unit of a plain or linear block gives the largest (maxout); 1 is a ReLU.
        raw: a linear block without a ReLU.
        by_place: the head judges every place and averages its answers, instead of judging the average.
        places: of the map that a locally connected layer gives, each with weights of its own.
        groups: in which a grouped convolution is divided.
        inner: width of a bottleneck's inner convolution; growth of a dense block, in channels a layer.
        layers: of a dense block.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Annotated[str, Field(pattern=_NAME)]
    kind: BlockKind
    group: Annotated[str, Field(pattern=_GROUP)]
    below: _Width
    width: _Width
    stride: Annotated[int, Field(ge=1, le=2)] = 1
    pool: bool = False
    pooling: Pooling | None = None
    flatten: Literal["", "mean", "max", "all"] = ""
    drop: Annotated[float, Field(ge=0, lt=1)] = 0.0
    pre_activation: bool = False
    zero_pad: bool = False
    bias: bool = False
    norm: bool = False
    kernel: Annotated[int, Field(ge=0, le=32)] = 0
    pad: Annotated[int, Field(ge=0, le=32)] | None = None
    pieces: Annotated[int, Field(ge=1, le=32)] = 1
    raw: bool = False
    by_place: bool = False
    places: Annotated[int, Field(ge=0, le=2**20)] = 0
    groups: Annotated[int, Field(ge=1, le=2**10)] = 1
    inner: Annotated[int, Field(ge=0, le=2**26)] = 0
    layers: Annotated[int, Field(ge=0, le=MOST_LAYERS)] = 0

    @model_validator(mode="after")
    def _makes_sense(self) -> Block:
        if (self.kind in ("stem", "head", "members") or self.name in ("stem", "head", "members")) and self.name != (
            "head" if self.kind == "mean" else self.kind
        ):
            raise ValueError(f"a block of kind {self.kind} cannot be called {self.name}")
        if (self.name.startswith("layers")) != (self.kind == "linear") or self.name == "layers":
            raise ValueError("linear blocks, and they alone, are called layers.0, layers.1 ...")
        if self.kind in _NARROWING and self.inner < 1:
            raise ValueError(f"a block of kind {self.kind} needs an inner width")
        if self.kind == "dense" and (self.layers < 1 or self.width != self.below + self.layers * self.inner):
            raise ValueError("a dense block hands on what it gets and what its layers add")
        if self.inner % self.groups or (self.kind == "shuffle" and self.width % self.groups):
            raise ValueError("its channels cannot be divided into so many groups")
        if self.kind in ("shuffle", "split") and self.stride == 1 and (self.below != self.width or self.width % 2):
            raise ValueError("such a block hands on an even number of channels, as many as it gets")
        if self.kind == "shuffle" and self.stride > 1 and self.width <= self.below:
            raise ValueError("a block that adds channels to what it gets hands on more than that")
        if (self.kind == "local") != (self.places > 0):
            raise ValueError("locally connected layers, and they alone, have places")
        if self.zero_pad and self.width <= self.below:
            raise ValueError("only a shortcut that widens can be padded")
        return self

    @property
    def shrink(self) -> int:
        """By how much the map's sides are divided: the convolution's stride and every pooling."""
        pooled = self.pooling.stride if self.pooling else 2 if self.pool else 1
        return self.stride * pooled * (2 if self.kind == "transition" else 1)

    @property
    def window(self) -> int:
        """Places along a side that its convolution sees at once."""
        return self.kernel or 3

    @property
    def padding(self) -> int:
        """Zeros added on every side of what its convolution sees."""
        return self.window // 2 if self.pad is None else self.pad


_BLOCKS = TypeAdapter(tuple[Block, ...])


class BadBlocks(ValueError):
    """A list of blocks that makes no network; says why."""


def blocks_to_json(blocks: Sequence[Block]) -> str:
    """A list of blocks as JSON, without what is as usual."""
    return _BLOCKS.dump_json(tuple(blocks), exclude_defaults=True).decode()


def blocks_from_json(text: str) -> tuple[Block, ...]:
    """The list of blocks that :func:`blocks_to_json` wrote.

    Raises:
        BadBlocks: it is no such list.
    """
    try:
        return _BLOCKS.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadBlocks(f"{place}: {first['msg']}" if place else first["msg"]) from error


def check_blocks(blocks: Sequence[Block], shape: tuple[int, ...], classes: int) -> None:
    """Whether these blocks make a network for inputs of ``shape``, (C, H, W) or (D,), that answers ``classes`` classes.

    Raises:
        BadBlocks: they do not follow each other; the first place where that shows.
    """
    if not 2 <= len(blocks) <= MOST_BLOCKS or sum(block.layers for block in blocks) > MOST_LAYERS:
        raise BadBlocks("it has too few blocks, or too many")
    names = {block.name for block in blocks}
    if len(names) < len(blocks) or any(name.partition(".")[0] in names for name in names if "." in name):
        raise BadBlocks("two blocks have one name")
    order = list(dict.fromkeys(block.group for block in blocks))
    if [block.group for block in blocks] != sorted((block.group for block in blocks), key=order.index):
        raise BadBlocks("a group is in two places")
    if blocks[-1].kind != "head":
        raise BadBlocks("it ends in no head")
    for number, block in enumerate(blocks[:-1]):
        if block.kind == "head" or (block.kind == "stem" and number > 0):
            raise BadBlocks(f"{block.name} is in the wrong place")
    below: tuple[int, ...] = shape
    for block in blocks:
        below = shape_after(block, below)
    if below != (classes,):
        raise BadBlocks(f"it answers {prod(below)} classes")


def shape_after(block: Block, below: tuple[int, ...]) -> tuple[int, ...]:
    """The shape behind a block, (C, H, W) or (D,), of what has the shape ``below`` before it.

    Raises:
        BadBlocks: it cannot work on that.
    """
    if block.kind in ("members", "mean"):
        raise BadBlocks(f"a block of kind {block.kind} cannot be described")
    if len(below) == 3:
        below = (below[0], *(_side_after(block, side) for side in below[1:]))
    if block.kind == "local" and prod(below[1:]) != block.places:
        raise BadBlocks(f"{block.name} has weights for {block.places} places and gives {prod(below[1:])}")
    if block.kind in ("linear", "head"):
        below = (prod(below),) if block.flatten == "all" else (below[0],) if block.flatten or block.by_place else below
    if (len(below) == 1) != (block.kind in ("linear", "head")):
        raise BadBlocks(f"{block.name} cannot work on what comes before it")
    if below[0] != block.below:
        raise BadBlocks(f"{block.name} is made for {block.below} channels and gets {below[0]}")
    return (block.width, *below[1:])


def _side_after(block: Block, side: int) -> int:
    """Height or width of the map behind a block."""
    for _ in range(block.pool + (block.kind == "transition")):
        if side < 2:
            raise BadBlocks(f"the map is too small for {block.name}")
        side //= 2
    if block.pooling is not None:
        side = block.pooling.side_after(side)
    if block.kind in ("plain", "local"):
        side = (side + 2 * block.padding - block.window) // block.stride + 1
    elif block.kind not in ("linear", "head"):
        side = -(-side // block.stride)
    if side < 1:
        raise BadBlocks(f"the map is too small for {block.name}")
    return side
