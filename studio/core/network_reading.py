"""Blocks and networks as events tell of them: plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BlockReading:
    """A block of a network: what it is, what it gives, what it has to learn and to multiply for one input.

    Attributes:
        name, block, group: see :class:`studio.networks.blocks.Block`; ``block`` is its kind.
        channels, height: of what it gives; height 1 for vectors.
    """

    name: str
    block: str
    group: str
    channels: int
    height: int
    parameters: int
    macs: int


@dataclass(frozen=True)
class NetworkReading:
    """A network as it is now or will be; ``milliseconds`` for one input, measured in turn with the others beside it."""

    title: str
    blocks: tuple[BlockReading, ...]
    milliseconds: float

    @property
    def parameters(self) -> int:
        """Of all blocks."""
        return sum(block.parameters for block in self.blocks)

    @property
    def macs(self) -> int:
        """Multiplications of all blocks for one input."""
        return sum(block.macs for block in self.blocks)
