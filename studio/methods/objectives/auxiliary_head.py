"""A head of its own behind the student, by which it learns the scores of a teacher that knows other classes."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

from studio.methods.base import Batch, Batches, Cast, Objective, TapRef, Term, Who
from studio.methods.ops.logit_losses import centred_logit_loss
from studio.networks.base import Network


class AuxiliaryHead(Objective):
    """The distance of the teacher's scores from those that a linear head gives on the student's pooled vector, as a term.

    The head has the teacher's classes, is trained with the student and is no part of it: it leaves with the method. No
    :class:`Comparison`: the two networks are read at different places.

    Args:
        cast: a teacher with any number of classes.
        weight: of the distance, which is :func:`centred_logit_loss`.
        beside: an objective whose terms come before it.
    """

    TERM = "teacher's scores"

    def __init__(self, cast: Cast, weight: float, beside: Objective | None = None) -> None:
        super().__init__()
        assert cast.teacher is not None
        self.head = nn.Linear(cast.student.embedding, cast.teacher.classes)
        self.weight = weight
        self.beside = beside

    def taps(self) -> tuple[TapRef, ...]:
        return () if self.beside is None else self.beside.taps()

    def prepare(self, networks: Mapping[Who, Network], batches: Batches) -> None:
        if self.beside is not None:
            self.beside.prepare(networks, batches)

    @property
    def connects(self) -> bool:
        return self.beside is not None and self.beside.connects

    def connect(self, group: str, student_pre: Tensor) -> Tensor | None:
        return None if self.beside is None else self.beside.connect(group, student_pre)

    def forward(self, batch: Batch) -> dict[str, Term]:
        terms = {} if self.beside is None else self.beside(batch)
        value = centred_logit_loss(self.head(batch.student.embedding), batch.teacher.logits)
        return {**terms, self.TERM: Term(value, self.weight)}
