"""Born-again networks, one generation: the same network learns anew from the labels and from what an earlier one answers.

A chain of such generations is the system ``ban``; this file is what one of them learns by.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, softmax

from studio import catalog
from studio.core.setting_field import setting
from studio.methods.base import Aspects, Batch, Build, Method, MethodSettings, Needs, Objective, Source, Term
from studio.methods.objectives.soft_targets import SOFT_TARGETS
from studio.methods.ops.logit_losses import soft_cross_entropy
from studio.methods.ops.precision import full_precision

Teaches = Literal["answers", "confidence", "permuted"]


def born_again_loss(student_logits: Tensor, teacher_logits: Tensor, labels: Tensor) -> Tensor:
    """What a generation minimises: −1/B Σ_b (log p_s(y_b) + Σ_k p_t(k) log p_s(k)), both at temperature 1.

    Args:
        student_logits: (B, K).
        teacher_logits: (B, K), of the generation before; receives no gradient.
        labels: (B,) int64.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Furlanello et al., "Born-again neural networks", ICML 2018.

    Example:
        >>> from torch import tensor
        >>> even = tensor([[0.0, 0.0]])
        >>> round(born_again_loss(even, tensor([[5.0, 1.0]]), tensor([0])).item(), 4)  # −log ½ twice
        1.3863
    """
    student = full_precision(student_logits)
    return cross_entropy(student, labels) + soft_cross_entropy(student, teacher_logits, 1.0)


def confidence_weights(teacher_logits: Tensor) -> Tensor:
    """How much each picture of a batch counts where it is weighed by the teacher's confidence: max_k p_t, over their sum.

    Args:
        teacher_logits: (B, K); receives no gradient.

    Returns:
        (B,), at least 0, of sum 1; float32 or the input's float64.

    Source: CWTM in Furlanello et al., "Born-again neural networks", ICML 2018.

    Example:
        >>> from torch import tensor
        >>> confidence_weights(tensor([[0.0, 0.0], [50.0, 0.0]]))  # ½ and 1
        tensor([0.3333, 0.6667])
    """
    largest = softmax(full_precision(teacher_logits).detach(), dim=1).amax(1)
    return largest / largest.sum()


def permuted_answers(teacher_logits: Tensor) -> Tensor:
    """The same answers with all but the largest shuffled, picture by picture: how sure is kept, what is alike is lost.

    The order is drawn from torch's global generator of the processor.

    Args:
        teacher_logits: (B, K).

    Returns:
        (B, K), every row a permutation of its own, its largest where it was.

    Source: DKPP in Furlanello et al., "Born-again neural networks", ICML 2018.

    Example:
        >>> from torch import tensor
        >>> permuted_answers(tensor([[1.0, 9.0]])).tolist()  # one other class: nothing to shuffle
        [[1.0, 9.0]]
    """
    count, classes = teacher_logits.shape
    largest = teacher_logits.argmax(1, keepdim=True)
    places = torch.arange(classes - 1, device=teacher_logits.device).expand(count, -1)
    others = places + (places >= largest)
    order = torch.rand(count, classes - 1).argsort(1).to(teacher_logits.device)
    return teacher_logits.scatter(1, others, teacher_logits.gather(1, others.gather(1, order)))


class BornAgainSettings(MethodSettings):
    """Settings of a generation."""

    weight: float = setting(
        1.0,
        ge=0,
        le=100,
        description="How much the earlier network's answers count beside the labels",
        step=0.1,
        label="Weight of the teacher",
    )
    teaches: Teaches = setting(
        "answers",
        description="What the earlier network tells: its answers; only how much each label counts (CWTM); "
        "or its answers with the wrong classes shuffled (DKPP)",
        level="expert",
        label="The teacher tells",
    )


class Generation(Objective):
    """The answers of the network before as targets, as they are or shuffled.

    No :class:`Comparison`: a shuffle is drawn anew for every batch.
    """

    def __init__(self, settings: BornAgainSettings) -> None:
        super().__init__()
        self.settings = settings

    def forward(self, batch: Batch) -> dict[str, Term]:
        teacher = batch.teacher.logits
        if self.settings.teaches == "permuted":
            teacher = permuted_answers(teacher)
        loss = soft_cross_entropy(batch.student.logits, teacher, 1.0)
        return {SOFT_TARGETS: Term(loss, self.settings.weight)}


class WeighedByConfidence(Objective):
    """Nothing but weights: every label counts as much as the network before was sure of that picture."""

    def example_weights(self, batch: Batch) -> Tensor | None:
        return confidence_weights(batch.teacher.logits)

    def forward(self, batch: Batch) -> dict[str, Term]:
        del batch
        return {}


class BornAgain(Method[BornAgainSettings]):
    """One stage: labels and the answers of an earlier network of the same architecture, equally weighed."""

    key = "born_again"
    title = "Born-again, one generation"
    words = "Learn anew from the labels and from what an earlier network of the same kind answers."
    source = Source("Furlanello et al.", "ICML 2018", "Born-again neural networks", year=2018)
    compares = "answers"
    aspects = Aspects("softmax", "softmax", "cross-entropy", "output", missing="logit offset, hidden features")
    needs = Needs(same_classes=True)
    Settings = BornAgainSettings

    def inactive_settings(self, settings: BornAgainSettings) -> frozenset[str]:
        return frozenset({"weight"}) if settings.teaches == "confidence" else frozenset()

    def brings_terms(self, settings: BornAgainSettings) -> bool:
        return settings.teaches != "confidence"

    def joint(self, settings: BornAgainSettings) -> Build | None:
        if settings.teaches == "confidence":
            return lambda _cast: WeighedByConfidence()
        return lambda _cast: Generation(settings)


catalog.register("method", BornAgain())
