"""Objectives that compare one thing at one position: the scores, the pooled vector, or the ends of groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from studio.methods.base import Batch, Objective, TapRef, Term
from studio.methods.ops.logit_losses import kd_loss

Loss = Callable[[Tensor, Tensor], Tensor]
"""A loss of (student, teacher): a 0-dim tensor."""

TermWeight = float | Callable[[Batch], float]
"""The weight of a term: a number, or one that changes as the stage goes on."""


class AtLogits(Objective):
    """A loss of the scores, (B, K) each, as one term."""

    def __init__(self, term: str, weight: float, loss: Loss) -> None:
        super().__init__()
        self.term = term
        self.weight = weight
        self.loss = loss

    def forward(self, batch: Batch) -> dict[str, Term]:
        return {self.term: Term(self.loss(batch.student.logits, batch.teacher.logits), self.weight)}


class SoftTargets(AtLogits):
    """The divergence of the softened answers, :func:`kd_loss`, as one term.

    Args:
        temperature: T.
        weight: of the term.
        t_squared: whether the loss keeps its factor T².
    """

    def __init__(self, temperature: float, weight: float, *, t_squared: bool = True) -> None:
        scale = 1.0 if t_squared else 1.0 / temperature**2
        super().__init__(
            "soft targets", weight, lambda student, teacher: scale * kd_loss(student, teacher, temperature)
        )


class AtEmbedding(Objective):
    """A loss of the vectors that go into the classifier, (B, D_s) and (B, D_t), as one term."""

    def __init__(self, term: str, weight: float, loss: Loss) -> None:
        super().__init__()
        self.term = term
        self.weight = weight
        self.loss = loss

    def forward(self, batch: Batch) -> dict[str, Term]:
        return {self.term: Term(self.loss(batch.student.embedding, batch.teacher.embedding), self.weight)}


class AtGroupEnds(Objective):
    """A loss of the outputs of paired groups, summed over the pairs, as one term.

    Args:
        pairs: (teacher group, student group).
        term: its name.
        weight: its weight, or what gives it in a step.
        loss: of two outputs, (B, C, H, W) or (B, D).
        connectors: by student group, what stands behind the student's output; they are trained with the student.
    """

    def __init__(
        self,
        pairs: Sequence[tuple[str, str]],
        term: str,
        weight: TermWeight,
        loss: Loss,
        connectors: Mapping[str, nn.Module] | None = None,
    ) -> None:
        super().__init__()
        self.pairs = tuple(pairs)
        self.term = term
        self.weight = weight
        self.loss = loss
        self.connectors = nn.ModuleDict(connectors)

    def taps(self) -> tuple[TapRef, ...]:
        return group_ends(self.pairs)

    @property
    def needs_logits(self) -> bool:
        return False

    def forward(self, batch: Batch) -> dict[str, Term]:
        losses = [self.loss(self._connected(s, batch.student.out(s)), batch.teacher.out(t)) for t, s in self.pairs]
        weight = self.weight(batch) if callable(self.weight) else self.weight
        return {self.term: Term(torch.stack(losses).sum(), weight)}

    def _connected(self, group: str, output: Tensor) -> Tensor:
        return self.connectors[group](output) if group in self.connectors else output


def group_ends(pairs: Sequence[tuple[str, str]]) -> tuple[TapRef, ...]:
    """The taps at the outputs of (teacher group, student group) pairs."""
    refs = [(TapRef("teacher", t, "out"), TapRef("student", s, "out")) for t, s in pairs]
    return tuple(ref for pair in refs for ref in pair)
