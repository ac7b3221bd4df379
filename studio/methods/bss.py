"""Boundary supporting samples: the teacher is also asked about pictures pushed to the edge of its decision."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import softmax

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.methods.base import (
    Aspects,
    Batch,
    Build,
    Method,
    MethodSettings,
    Needs,
    Objective,
    Source,
    Term,
)
from studio.methods.ops.boundary_walk import (
    BoundaryAttack,
    Divide,
    channel_statistics,
    input_walk,
    select_base_samples,
)
from studio.methods.ops.logit_losses import soft_cross_entropy


def boundary_weights(epoch: int, epochs: int) -> tuple[float, float]:
    """The weights of soft targets on the pictures and on the boundary samples in ``epoch`` = 1 ... ``epochs``.

    3 (1 − e/E) + 1 falls from 4 to 1, and 2 (1 − 4e/(3E)) from 2 to 0 after three quarters.

    Source: the code of Heo et al., AAAI 2019.

    Example:
        >>> [boundary_weights(epoch, epochs=4) for epoch in (3, 4)]
        [(1.75, 0.0), (1.0, 0.0)]
    """
    done = epoch / epochs
    return 3 * (1 - done) + 1, max(0.0, 2 * (1 - 4 / 3 * done))


class BoundarySampleSettings(MethodSettings):
    """Settings of boundary supporting samples."""

    weight: float = setting(
        1.0,
        ge=0,
        le=100,
        description="Multiplies both schedules: 4 to 1 on the pictures, 2 to 0 on the boundary samples",
        step=0.1,
        label="Weight",
    )
    share: float = setting(
        0.25,
        ge=0.01,
        le=1,
        description="Largest share of a batch that is pushed to the boundary",
        step=0.05,
        label="Share of the batch",
    )
    temperature: float = setting(
        3.0,
        ge=1,
        le=20,
        description="Evens out the teacher's answers",
        step=0.5,
        label="Temperature",
    )
    step: float = setting(
        BoundaryAttack.step,
        gt=0,
        le=2,
        description="How far a picture is pushed at a time (η)",
        step=0.1,
        level="expert",
        label="Step η",
    )
    max_steps: int = setting(
        BoundaryAttack.max_steps,
        ge=1,
        le=50,
        description="The most pushes of a picture",
        step=1,
        level="expert",
        label="Steps",
    )
    divide: Divide = setting(
        BoundaryAttack.divide,
        description="What a step is divided by: the slope as in the authors' code, or its square as in their paper",
        level="expert",
        label="Step divided by",
        words={"auto": "slope, or its square for points", "length": "slope", "square": "its square"},
    )

    @property
    def attack(self) -> BoundaryAttack:
        """How inputs are pushed."""
        return BoundaryAttack(self.step, self.max_steps, self.divide)


class BoundaryTargets(Objective):
    """Soft targets without T² on the batch and on the samples made of it, as two terms.

    No :class:`Comparison`: the samples are further inputs, made in every step.
    """

    def __init__(self, settings: BoundarySampleSettings) -> None:
        super().__init__()
        self.settings = settings

    def forward(self, batch: Batch) -> dict[str, Term]:
        s = self.settings
        on_pictures, on_samples = boundary_weights(batch.period + 1, batch.periods)
        value = soft_cross_entropy(batch.student.logits, batch.teacher.logits, s.temperature)
        terms = {"soft targets": Term(value, s.weight * on_pictures)}
        samples = self.samples(batch) if on_samples > 0 else None
        value = torch.zeros_like(value) if samples is None else self._on(batch, samples)
        return {**terms, "boundary samples": Term(value, s.weight * on_samples)}

    def samples(self, batch: Batch) -> Tensor | None:
        """Pictures in [0, 1] (or a little beyond) at the teacher's boundary; None where fewer than two are fit for it.

        A single one would have no batch statistics. Target classes are drawn by the teacher's probabilities.
        """
        assert batch.labels is not None
        most = max(1, int(self.settings.share * len(batch.labels)))
        chosen = select_base_samples(batch.student.logits, batch.teacher.logits, batch.labels, most)
        if len(chosen) < 2:
            return None
        base, inputs = batch.labels[chosen], batch.inputs[chosen]
        others = batch.teacher.logits[chosen].scatter(1, base[:, None], -torch.inf)
        target = torch.multinomial(softmax(others, 1), 1)[:, 0]
        samples = inputs
        for pushed in input_walk(
            lambda x: batch.again("teacher", x).logits,
            inputs,
            base,
            target,
            channel_statistics(batch.inputs),
            self.settings.attack,
        ):
            samples = pushed
        return samples

    def _on(self, batch: Batch, samples: Tensor) -> Tensor:
        teacher = batch.again("teacher", samples).logits
        return soft_cross_entropy(batch.again("student", samples).logits, teacher, self.settings.temperature)


class BoundarySamples(Method[BoundarySampleSettings]):
    """One stage: labels, soft targets, and soft targets on boundary samples as long as their weight lasts."""

    key = "bss"
    title = "Boundary samples"
    words = "Ask the teacher about pictures pushed to the edge of its decision."
    source = Source(
        "Heo et al.",
        "AAAI 2019",
        "Knowledge distillation with adversarial samples supporting decision boundary",
        year=2019,
    )
    compares = "answers"
    aspects = Aspects(
        "softmax at T, on adversarial samples too", "softmax at T", "cross-entropy", "output", missing="hidden features"
    )
    needs = Needs(same_classes=True, gradients=True)
    waits = Text(
        "In every step the processor asks which pictures are fit to be pushed, and after each push whether any is still "
        "on its way."
    )
    Settings = BoundarySampleSettings

    def joint(self, settings: BoundarySampleSettings) -> Build | None:
        return lambda _cast: BoundaryTargets(settings)

    def boundary_attack(self, settings: BoundarySampleSettings) -> BoundaryAttack:
        return settings.attack


catalog.register("method", BoundarySamples())
