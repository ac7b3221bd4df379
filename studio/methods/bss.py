"""Boundary supporting samples: the teacher is also asked about pictures pushed to the edge of its decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from pydantic import Field
from torch import Tensor
from torch.nn.functional import one_hot, softmax

from studio import catalog
from studio.methods.base import (
    Aspects,
    Batch,
    BoundaryAttack,
    Build,
    Divide,
    Method,
    MethodSettings,
    Needs,
    Objective,
    Source,
    Term,
)
from studio.methods.kd import soft_cross_entropy
from studio.methods.ops.precision import in_full

#: How far beyond equality of the two scores a step aims, and the most distant values of a normalised pixel.
OVERSHOOT, BOUNDS = 1e-4, (-2.5, 2.5)


def boundary_samples(
    teacher: Callable[[Tensor], Tensor],
    inputs: Tensor,
    base: Tensor,
    target: Tensor,
    step: float = 0.3,
    max_steps: int = 10,
    bounds: tuple[float, float] = BOUNDS,
    *,
    squared: bool = False,
) -> Tensor:
    """Pictures pushed from their class towards another until the teacher changes its mind, or the steps are used up.

    x ← x + η (z_b − z_k + 1e-4) g / ‖g‖₂ with g = ∂(z_k − z_b)/∂x, kept within the bounds; a picture whose largest score
    is no longer that of its base class b stays where it is. Where g is zero there is no way to go.

    Args:
        teacher: in eval mode; normalised inputs to logits (B, K). Its parameters receive no gradient.
        inputs: (B, C, H, W) or (B, D), normalised; left as they are.
        base: (B,) int64, the class the teacher finds in each.
        target: (B,) int64, the class to push towards.
        step: η.
        max_steps: at most.
        bounds: least and largest value of a normalised pixel.
        squared: divide by ‖g‖₂² as in the paper: each step then goes the share η of the way that is left, however steep
            the scores are.

    Returns:
        The pictures, same shape.

    Source: Heo et al., "Knowledge distillation with adversarial samples supporting decision boundary", AAAI 2019, with
    the step of their code unless ``squared``: divided by the norm of g, not by its square.
    """
    samples = inputs.detach()
    for samples in boundary_walk(teacher, inputs, base, target, step, max_steps, bounds, squared=squared):  # noqa: B007
        pass
    return samples


def boundary_walk(
    teacher: Callable[[Tensor], Tensor],
    inputs: Tensor,
    base: Tensor,
    target: Tensor,
    step: float = 0.3,
    max_steps: int = 10,
    bounds: tuple[float, float] = BOUNDS,
    *,
    squared: bool = False,
) -> Iterator[Tensor]:
    """All pictures after each step of :func:`boundary_samples`; ends early when all have arrived. Arguments as there."""
    samples = inputs.detach().clone()
    walking = torch.arange(len(samples), device=samples.device)
    for _ in range(max_steps):
        x = samples[walking].requires_grad_()
        with torch.enable_grad():
            logits = teacher(x)
            gap = logits.gather(1, target[walking, None]) - logits.gather(1, base[walking, None])
            (slope,) = torch.autograd.grad(gap.sum(), x)
        staying = logits.detach().argmax(1) == base[walking]
        if not staying.any():
            return
        walking, x, slope, gap = walking[staying], x.detach()[staying], slope[staying], gap.detach()[staying]
        length = in_full(slope).flatten(1).norm(dim=1)
        length = length.square() if squared else length
        # a slope of zero stays zero: there is no direction to go
        pace = step * (OVERSHOOT - gap[:, 0]) / torch.where(length > 0, length, 1)
        x = x + pace.view(-1, *[1] * (x.dim() - 1)) * slope
        samples = samples.index_copy(0, walking, x.clamp(*bounds))
        yield samples


def input_walk(
    teacher: Callable[[Tensor], Tensor],
    inputs: Tensor,
    base: Tensor,
    target: Tensor,
    spread: tuple[Tensor, Tensor],
    attack: BoundaryAttack,
) -> Iterator[Tensor]:
    """:func:`boundary_walk` of inputs as networks take them: steps and bounds are counted in units of their spread.

    Args:
        teacher: inputs, not normalised, to logits (B, K).
        inputs: (B, C, H, W) in [0, 1] or points (B, D).
        base: (B,) int64.
        target: (B,) int64.
        spread: mean and deviation of every channel; see :func:`spread_of`.
        attack: how far and how often to push.
    """
    mean, std = spread
    walk = boundary_walk(
        lambda x: teacher(x * std + mean),
        (inputs - mean) / std,
        base,
        target,
        attack.step,
        attack.max_steps,
        squared=attack.divide == "square" or (attack.divide == "auto" and inputs.dim() == 2),
    )
    for samples in walk:
        yield samples * std + mean


def spread_of(inputs: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and deviation of every channel over a batch, each (1, C, 1, 1) or (1, D); a constant channel has deviation 1."""
    axes = [axis for axis in range(inputs.dim()) if axis != 1]
    std, mean = torch.std_mean(inputs, axes, correction=0, keepdim=True)
    return mean, torch.where(std > 0, std, 1)


def base_scores(student_logits: Tensor, teacher_logits: Tensor, labels: Tensor) -> Tensor:
    """(B,): Σ over the wrong classes of (p_t − p_s)², how differently the two see a picture; −1 where one is wrong.

    Args:
        student_logits: (B, K).
        teacher_logits: (B, K).
        labels: (B,) int64.
    """
    student, teacher = in_full(student_logits).detach(), in_full(teacher_logits).detach()
    wrong = 1 - one_hot(labels, student.shape[1])
    score = ((softmax(teacher, 1) - softmax(student, 1)).square() * wrong).sum(1)
    both_right = (student.argmax(1) == labels) & (teacher.argmax(1) == labels)
    return torch.where(both_right, score, -1)


def select_base_samples(student_logits: Tensor, teacher_logits: Tensor, labels: Tensor, most: int) -> Tensor:
    """Which pictures to push to the boundary: at most ``most`` that both get right, those seen most differently first.

    Returns:
        (n,) int64 with n ≤ most, places in the batch; arguments as in :func:`base_scores`.
    """
    scores = base_scores(student_logits, teacher_logits, labels)
    best = scores.topk(min(most, len(scores)))
    return best.indices[best.values >= 0]


def boundary_weights(epoch: int, epochs: int) -> tuple[float, float]:
    """The weights of soft targets on the pictures and on the boundary samples in ``epoch`` = 1 ... ``epochs``.

    3 (1 − e/E) + 1 falls from 4 to 1, and 2 (1 − 4e/(3E)) from 2 to 0 after three quarters.

    Source: the code of Heo et al., AAAI 2019.
    """
    done = epoch / epochs
    return 3 * (1 - done) + 1, max(0.0, 2 * (1 - 4 / 3 * done))


class BoundarySampleSettings(MethodSettings):
    """Settings of boundary supporting samples."""

    weight: float = Field(
        1.0,
        ge=0,
        le=100,
        description="Multiplies both schedules: 4 to 1 on the pictures, 2 to 0 on the boundary samples",
        json_schema_extra={"step": 0.1, "label": "Weight"},
    )
    share: float = Field(
        0.25,
        ge=0.01,
        le=1,
        description="Largest share of a batch that is pushed to the boundary",
        json_schema_extra={"step": 0.05, "label": "Share of the batch"},
    )
    temperature: float = Field(
        3.0,
        ge=1,
        le=20,
        description="Evens out the teacher's answers",
        json_schema_extra={"step": 0.5, "label": "Temperature"},
    )
    step: float = Field(
        0.3,
        gt=0,
        le=2,
        description="How far a picture is pushed at a time (η)",
        json_schema_extra={"step": 0.1, "level": "expert", "label": "Step η"},
    )
    max_steps: int = Field(
        10,
        ge=1,
        le=50,
        description="The most pushes of a picture",
        json_schema_extra={"step": 1, "level": "expert", "label": "Steps"},
    )
    divide: Divide = Field(
        "auto",
        description="What a step is divided by: the slope as in the authors' code, or its square as in their paper",
        json_schema_extra={
            "level": "expert",
            "label": "Step divided by",
            "words": {"auto": "slope, or its square for points", "length": "slope", "square": "its square"},
        },
    )

    @property
    def attack(self) -> BoundaryAttack:
        """How inputs are pushed."""
        return BoundaryAttack(self.step, self.max_steps, self.divide)


class BoundaryTargets(Objective):
    """Soft targets without T² on the batch and on the samples made of it, as two terms."""

    def __init__(self, settings: BoundarySampleSettings) -> None:
        super().__init__()
        self.settings = settings

    def forward(self, batch: Batch) -> dict[str, Term]:
        s = self.settings
        on_pictures, on_samples = boundary_weights(batch.epoch + 1, batch.epochs)
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
        for samples in input_walk(  # noqa: B007
            lambda x: batch.again("teacher", x).logits,
            inputs,
            base,
            target,
            spread_of(batch.inputs),
            self.settings.attack,
        ):
            pass
        return samples

    def _on(self, batch: Batch, samples: Tensor) -> Tensor:
        teacher = batch.again("teacher", samples).logits
        return soft_cross_entropy(batch.again("student", samples).logits, teacher, self.settings.temperature)


class BoundarySamples(Method):
    """One stage: labels, soft targets, and soft targets on boundary samples as long as their weight lasts."""

    key = "bss"
    title = "Boundary samples"
    words = "Ask the teacher about pictures pushed to the edge of its decision."
    source = Source(
        "Heo et al.", "AAAI 2019", "Knowledge distillation with adversarial samples supporting decision boundary"
    )
    aspects = Aspects(
        "softmax at T, on adversarial samples too", "softmax at T", "cross-entropy", "output", missing="hidden features"
    )
    needs = Needs(same_classes=True)
    Settings = BoundarySampleSettings

    def joint(self, settings: MethodSettings) -> Build | None:
        assert isinstance(settings, BoundarySampleSettings)
        return lambda _cast: BoundaryTargets(settings)

    def boundary_attack(self, settings: MethodSettings) -> BoundaryAttack | None:
        assert isinstance(settings, BoundarySampleSettings)
        return settings.attack


catalog.register("method", BoundarySamples())
