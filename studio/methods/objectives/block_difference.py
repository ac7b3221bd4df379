"""How far apart student and teacher are behind given blocks, or at their scores."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from studio.methods.base import BOTH, Batch, Batches, Objective, TapRef, Term, Who
from studio.methods.ops.precision import full_precision
from studio.networks.base import Network

#: The place behind all blocks: the scores before the softmax.
END = "head"


def block_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """The squared difference of two activations, averaged over all elements: 1/N ‖A(x; W_T) − A(x; W_S)‖².

    Args:
        student: what a block gives, (B, C, H, W) or (B, D).
        teacher: same shape; receives no gradient.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Yu, Kang and Choi, "Network recasting: a universal method for network architecture transformation", AAAI 2019,
    equation 1; the mean over all elements as in their code.

    Example:
        >>> from torch import tensor
        >>> block_loss(tensor([[1.0, 2.0]]), tensor([[0.0, 0.0]])).item()  # (1 + 4) / 2
        2.5
    """
    return (full_precision(student) - full_precision(teacher).detach()).square().mean()


class BlockDifference(Objective):
    """The squared difference behind one block or several, each a term.

    Args:
        terms: the name of each term and the block behind which it compares; :data:`END` for the scores.
    """

    def __init__(self, terms: Mapping[str, str]) -> None:
        super().__init__()
        self._terms = dict(terms)

    def taps(self) -> tuple[TapRef, ...]:
        blocks = [block for block in self._terms.values() if block != END]
        return tuple(TapRef(who, block, "block") for block in blocks for who in ("teacher", "student"))

    @property
    def needs_logits(self) -> bool:
        return END in self._terms.values()

    def forward(self, batch: Batch) -> dict[str, Term]:
        return {name: Term(block_loss(*_both(batch, block)), 1.0) for name, block in self._terms.items()}

    def measure(self, networks: Mapping[Who, Network], batches: Batches) -> dict[str, float]:
        """The squared difference by term, as a share of how much the teacher's activations vary."""
        del networks
        tallies = {name: _Tally() for name in self._terms}
        for batch in batches(BOTH):
            for name, block in self._terms.items():
                tallies[name].add(*_both(batch, block))
        return {name: tally.share for name, tally in tallies.items()}


class _Tally:
    """Sums over all elements of all batches, in float64."""

    def __init__(self) -> None:
        self._sums: Tensor | None = None

    def add(self, student: Tensor, teacher: Tensor) -> None:
        ours, theirs = student.double(), teacher.double()
        count = torch.full((), theirs.numel(), dtype=torch.float64, device=theirs.device)
        found = torch.stack([(ours - theirs).square().sum(), theirs.sum(), theirs.square().sum(), count])
        self._sums = found if self._sums is None else self._sums + found

    @property
    def share(self) -> float:
        """0 where nothing differs; where the teacher gives one number alone there is no share, and it is 0 too."""
        if self._sums is None:
            return 0.0
        difference, total, squares, count = self._sums.tolist()
        variance = squares / count - (total / count) ** 2
        return float(difference / count / variance) if variance > 0 else 0.0


def _both(batch: Batch, block: str) -> tuple[Tensor, Tensor]:
    """What student and teacher give there."""
    if block == END:
        return batch.student.logits, batch.teacher.logits
    return batch.student.block(block), batch.teacher.block(block)
