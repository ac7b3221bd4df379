"""What a network is here: a body of blocks, its normalisation, the names of its parts and the ends of its groups."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor, nn

from studio.core.data_kinds import DataKind
from studio.networks.blocks import Block
from studio.networks.body import Body
from studio.networks.input_shape import picture_shape
from studio.networks.listed_sizes import LISTED
from studio.networks.token_map import TokenMap

if TYPE_CHECKING:
    from studio.networks.zoo.published_weights import PublishedWeights

TapKind = Literal["out", "pre", "first", "block"]
"""What is read of a group, see :class:`Tap`; "block" is what the block of that name gives, be it the end of a group or not."""


@dataclass(frozen=True)
class Point:
    """A place in a body: what goes into or comes out of the module called ``module``.

    Attributes:
        call: of a module that is called several times in a pass, which call, from 0.
        tokens: how the map is read off there, of a token network; None where it is one already.
        overwritten: whether what follows writes into what comes out here: it is then handed on as a copy.
    """

    module: str
    side: Literal["in", "out"] = "out"
    call: int = 0
    tokens: TokenMap | None = None
    overwritten: bool = False


@dataclass(frozen=True)
class Tap:
    """The end of a group, twice (METHODS 0.1): ``out``, the group's output, and ``pre``, the pre-ReLU point.

    ``first`` is what the group's first layer gives, of the same shape as ``out``; None where it has only that layer.
    ``norm`` names the batch norm that makes ``pre``, where there is one (for the margin of OFD).
    ``pre`` is None where the network has no ReLU there (maxout).
    """

    group: str
    out: Point
    pre: Point | None
    norm: str | None = None
    first: Point | None = None


@dataclass(frozen=True)
class Anatomy:
    """The names a body gives to itself. Those of a body of blocks are read from them (:mod:`studio.networks.anatomy`).

    Attributes:
        parts: part name -> prefixes of module names, in forward order (stem, group1 ..., head). The longest matching
            prefix wins; every parameter and buffer belongs to exactly one part.
        taps: the ends of the groups in forward order, the stem's first (where there is a stem).
        head: the module whose input is the embedding, (B, D), or a map of which it is the mean over the places, and whose
            output is the logits.
    """

    parts: dict[str, tuple[str, ...]]
    taps: tuple[Tap, ...]
    head: str

    def tap(self, group: str) -> Tap:
        """The tap of ``group``; KeyError if there is none."""
        for tap in self.taps:
            if tap.group == group:
                return tap
        raise KeyError(group)


class InputTransform(nn.Module):
    """Makes of a picture in [0, 1] (or of a point) what the body was made for: (x - mean) / std, per channel.

    Pictures of another size are resized first (bilinear, antialiased). Shapes: (B, C, H, W) or (B, D), float.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, mean: tuple[float, ...], std: tuple[float, ...], size: tuple[int, int] | None = None) -> None:
        super().__init__()
        self.size = size
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("std", torch.tensor(std, dtype=torch.float32))

    def forward(self, x: Tensor) -> Tensor:
        if self.size is not None and x.dim() == 4 and tuple(x.shape[-2:]) != self.size:
            x = nn.functional.interpolate(x, self.size, mode="bilinear", align_corners=False, antialias=True)
        shape = (1, -1, 1, 1) if x.dim() == 4 else (1, -1)
        return (x - self.mean.view(shape)) / self.std.view(shape)


@dataclass(frozen=True)
class Input:
    """What goes into a network: its shape without the batch, (C, H, W) or (D,), and the normalisation of its data.

    ``encoding``: of a table how its columns became those numbers, as :class:`~studio.data.table_encoding.TableEncoding`
    writes it; empty of other data.
    """

    shape: tuple[int, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    encoding: str = ""


class Network(nn.Module):
    """A body behind its input transform; the names in ``anatomy`` are module names of ``body``.

    Every network of the catalogue is a sequence of blocks. One around another body has none, and runs as a whole.

    Args:
        key: the catalogue key it was built from.
        body: maps normalised input to logits (B, K).
        classes: class names in the order of the logits.
    """

    def __init__(self, key: str, body: nn.Module, anatomy: Anatomy, source: Input, classes: tuple[str, ...]) -> None:
        super().__init__()
        size = (source.shape[1], source.shape[2]) if len(source.shape) == 3 else None
        self.key = key
        self.anatomy = anatomy
        self.source = source
        self.classes = classes
        self.input = InputTransform(source.mean, source.std, size)
        self.body = body

    @property
    def passes_gradients(self) -> bool:
        """Whether its answers can be differentiated by its inputs."""
        return True

    def forward(self, x: Tensor) -> Tensor:
        """Logits (B, K) of pictures in [0, 1], (B, C, H, W), or of points, (B, D)."""
        logits: Tensor = self.body(self.input(x))
        return logits

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """As every module does. What was read from a file says nothing of its layers' versions: they are this network's."""
        known = OrderedDict(state_dict)
        # without it some models of torchvision refuse what they themselves have saved
        known._metadata = getattr(state_dict, "_metadata", None) or self.state_dict()._metadata  # type: ignore[attr-defined]
        return super().load_state_dict(known, strict, assign)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The descriptions of its blocks, from the input to the logits."""
        return self.body.blocks if isinstance(self.body, Body) else ()

    def run(self, inputs: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """The blocks from ``start`` up to and without ``stop``, as indices of :attr:`blocks`; the whole is a call.

        Args:
            inputs: of block ``start``; where that is 0, pictures in [0, 1] or points, as for a call.

        Returns:
            What block ``stop`` gets: (B, C, H, W) or (B, D); the logits (B, K) behind the last.

        Raises:
            LookupError: a network without blocks runs as a whole, and there is no block ``start`` or ``stop``.
        """
        whole = start == 0 and stop is None
        if not whole and not 0 <= start <= (len(self.blocks) if stop is None else stop) <= len(self.blocks):
            raise LookupError(f"{self.key} has {len(self.blocks)} blocks: there are none from {start} to {stop}")
        if start == 0:
            inputs = self.input(inputs)
        outputs: Tensor = (
            self.body(inputs) if whole or not isinstance(self.body, Body) else self.body.run(inputs, start, stop)
        )
        return outputs

    def block_end(self, name: str) -> Point:
        """The place where the block called ``name`` ends.

        Raises:
            KeyError: there is no such block.
        """
        for block in self.blocks:
            if block.name == name and isinstance(self.body, Body):
                return Point(self.body.calls[self.blocks.index(block)][-1])
        raise KeyError(name)

    def block_of(self, name: str) -> int:
        """The index of the block that the parameter or buffer ``name`` (a name within this network) belongs to.

        Raises:
            KeyError: it belongs to none.
        """
        if name.startswith("input"):
            return 0
        if not isinstance(self.body, Body):
            raise KeyError(name)
        return self.body.block_of(name.removeprefix("body."))

    def block_parameters(self, start: int = 0, stop: int | None = None) -> Iterator[nn.Parameter]:
        """The parameters of the blocks from ``start`` up to and without ``stop``."""
        wanted = range(len(self.blocks))[start:stop]
        yield from (parameter for name, parameter in self.named_parameters() if self.block_of(name) in wanted)

    def block_layers(self, start: int = 0, stop: int | None = None) -> Iterator[nn.Module]:
        """The leaf modules of these blocks (those that own no others): what train() and eval() act on."""
        wanted = range(len(self.blocks))[start:stop]
        for name, module in self.body.named_modules():
            if name and not any(module.children()) and self.block_of(f"body.{name}") in wanted:
                yield module

    def part_of(self, name: str) -> str:
        """The part that the parameter, buffer or module ``name`` (a name within this network) belongs to."""
        if name.startswith("input"):
            return next(iter(self.anatomy.parts))
        name = name.removeprefix("body.")
        best, length = "", -1
        for part, prefixes in self.anatomy.parts.items():
            for prefix in prefixes:
                if (name == prefix or name.startswith(prefix + ".")) and len(prefix) > length:
                    best, length = part, len(prefix)
        if length < 0:
            raise KeyError(f"{name} belongs to no part of {self.key}")
        return best

    def part_modules(self, part: str) -> Iterator[nn.Module]:
        """The leaf modules of one part (those that own no others): what train() and eval() act on."""
        for name, module in self.body.named_modules():
            if name and not any(module.children()) and self.part_of(name) == part:
                yield module


@dataclass(frozen=True)
class TapShape:
    """Channels, height and width at one tap; height = width = 1 for vectors."""

    group: str
    channels: int
    height: int
    width: int
    pre: bool
    norm: bool
    first: bool = False


@dataclass(frozen=True)
class BlockSummary:
    """What a block gives, (``channels``, ``height``, ``width``), what it has to learn, and its multiplications.

    Height = width = 1 for vectors. ``macs``: of convolutions and linear layers for one input.
    """

    block: Block
    channels: int
    height: int
    width: int
    parameters: int
    macs: int


@dataclass(frozen=True)
class NetworkSummary:
    """Plain facts about a built network, for method checks, cards and lists.

    ``macs``: multiplications of convolutions and linear layers for one input.
    ``blocks``: in order; parameters and multiplications of all of them are those of the network.
    ``passes_gradients``: whether its answers can be differentiated by its inputs.
    ``words``: of a learner in the place of a network what it is, in one sentence; empty of networks.
    ``normalised``: the fewest values of one input, a channel, that a layer of batch normalisation goes by while it
    learns; 0 without such layers.
    """

    key: str
    title: str
    parts: tuple[str, ...]
    taps: tuple[TapShape, ...]
    embedding: int
    classes: int
    parameters: int
    macs: int
    blocks: tuple[BlockSummary, ...] = ()
    passes_gradients: bool = True
    words: str = ""
    normalised: int = 0

    def tap(self, group: str) -> TapShape:
        """The shape at the end of ``group``; KeyError if there is none."""
        for tap in self.taps:
            if tap.group == group:
                return tap
        raise KeyError(group)

    @property
    def group_ends(self) -> tuple[BlockSummary | TapShape, ...]:
        """The end of every group between stem and head: what a network is drawn and described by."""
        last: dict[str, BlockSummary | TapShape] = {each.block.group: each for each in self.blocks}
        if not last:  # it is not made of blocks
            last = {each.group: each for each in self.taps}
        return tuple(each for group, each in last.items() if group.startswith("group"))

    def parts_up_to(self, group: str) -> tuple[str, ...]:
        """The parts from the input up to and including ``group``."""
        return self.parts[: self.parts.index(group) + 1]


class NetworkFamily(ABC):
    """A family of networks in the catalogue: ``wrn`` answers to ``wrn-16-2``, ``wrn-40-2`` ..."""

    key: str
    title: str
    #: One sentence in plain words for its card.
    words: str
    #: What it can read: pictures (C, H, W), points and rows of a table (D,), or all of them.
    reads: tuple[DataKind, ...] = ("pictures",)
    #: How its members are spelt, in one sentence: what a person is told who asks for one that cannot be.
    form: str = ""
    #: The members to list, small to large.
    examples: tuple[str, ...] = ()
    #: Whether files of its members hold the list of their blocks, and are read by it.
    keeps_blocks: bool = False
    #: Whether a member is made of the teacher when training begins, and by its method; it has no size of its own.
    made_from_teacher: bool = False
    #: Whether somebody publishes trained weights of some of its members.
    is_published: bool = False

    def members(self) -> tuple[str, ...]:
        return self.examples

    def searched(self) -> tuple[str, ...]:
        """Further members, too many to be listed, that a search offers; found without building or importing any."""
        return ()

    def known_parameters(self, key: str) -> int:
        """Parameters of a member without building it, 0 where they are not known so: of a listed one for colour pictures of
        32 × 32 pixels and ten classes, of one of :meth:`searched` as published."""
        return LISTED.get(key, 0)

    def smallest_side(self, key: str) -> int:
        """Least height and width, in pixels, of the pictures that a member reads."""
        del key
        return 8

    def refuse_input(self, key: str, shape: tuple[int, ...]) -> None:
        """Refuse what a member cannot read, as :meth:`build` would, without building anything.

        Args:
            shape: of one input, (C, H, W) or (D,).

        Raises:
            StudioError: inputs of ``shape`` are of the wrong kind or too small.
        """
        if "points" not in self.reads:
            picture_shape(shape, self.name(key), self.smallest_side(key))

    def published(self, key: str) -> PublishedWeights | None:
        """Trained weights of a member as somebody publishes them, None where nobody does."""
        del key
        return None

    def foreign_name(self, name: str) -> str:
        """What a tensor that a publisher's file calls ``name`` is called in a body of this family; "" where it is left out."""
        return name

    @abstractmethod
    def matches(self, key: str) -> bool:
        """Whether ``key`` is a buildable member of this family."""

    @abstractmethod
    def name(self, key: str) -> str:
        """The written name of a member: ``WRN-16-2``."""

    @abstractmethod
    def build(self, key: str, shape: tuple[int, ...], classes: int) -> tuple[nn.Module, Anatomy]:
        """A freshly initialised body and its anatomy, for inputs of ``shape`` and ``classes`` logits.

        Raises:
            StudioError: this member cannot read such input.
        """
