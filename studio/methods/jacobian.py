"""Jacobian matching: the student's answer shall change with every pixel as the teacher's does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import torch
from torch import Tensor

from studio import catalog
from studio.core.setting_field import setting
from studio.methods.base import (
    Aspects,
    Batch,
    Build,
    Cast,
    Method,
    MethodSettings,
    Needs,
    Objective,
    Source,
    Suited,
    TapRef,
    Term,
    Who,
)
from studio.methods.objectives.comparison import Elementwise, compare, each, squared
from studio.methods.objectives.positions import Groups
from studio.methods.ops.attention_maps import attention_map
from studio.methods.ops.precision import full_precision
from studio.methods.ops.published_weights import suited_to_places
from studio.methods.ops.sizes import directions, to_smaller


def jacobian_loss(
    student: Callable[[Tensor], Tensor], teacher: Callable[[Tensor], Tensor], inputs: Tensor, normalise: bool = True
) -> Tensor:
    """Squared distance of the slopes of one logit by the input, averaged over the batch: mean_b ‖J_s − J_t‖².

    The logit is that of the teacher's top class. With ``normalise`` both slopes have unit length first. The loss goes
    twice through the student, so its backward takes about three times that of a plain loss.

    Args:
        student: inputs to logits (B, K); called on a copy of the inputs, receives gradient.
        teacher: likewise; receives none.
        inputs: (B, C, H, W) or (B, D); left as they are.
        normalise: whether only directions are compared; a slope of zero then has none, and gives no gradient.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Srinivas and Fleuret, "Knowledge transfer with Jacobian matching", ICML 2018, section 4: without
    ``normalise`` and times σ² it is what noise of variance σ² on the inputs adds to matching the outputs.

    Example:
        >>> from torch import tensor
        >>> picture = tensor([[2.0, 1.0]])  # the teacher's first answer follows the left pixel, the student's the right one
        >>> jacobian_loss(lambda x: x.flip(1), lambda x: x, picture).item()  # ‖(0, 1) − (1, 0)‖²
        2.0
    """
    x = inputs.detach().clone().requires_grad_()
    logits = teacher(x)
    top = logits.argmax(1, keepdim=True)
    (wanted,) = torch.autograd.grad(logits.gather(1, top).sum(), x)
    x = inputs.detach().clone().requires_grad_()
    (found,) = torch.autograd.grad(student(x).gather(1, top).sum(), x, create_graph=True)
    return _slope_distance(found, wanted, normalise=normalise)


def hidden_jacobian_loss(
    student_feature: Tensor, student_input: Tensor, teacher_feature: Tensor, teacher_input: Tensor
) -> Tensor:
    """The same for the brightest place of a hidden map, chosen by the teacher: unit slopes of z = Σ_c F_c² there.

    Where sizes differ the larger feature is adaptively average-pooled first.

    Args:
        student_feature: (B, C_s, H, W), computed from ``student_input`` and still attached to it.
        student_input: the inputs, with gradient.
        teacher_feature: (B, C_t, H, W), likewise; receives no gradient.
        teacher_input: likewise.

    Source: Srinivas and Fleuret, ICML 2018, section 4.2.
    """
    student_feature, teacher_feature = to_smaller(student_feature, teacher_feature)
    z_teacher = full_precision(teacher_feature).square().sum(1).flatten(1)
    brightest = z_teacher.argmax(1, keepdim=True)
    z_student = full_precision(student_feature).square().sum(1).flatten(1)
    (wanted,) = torch.autograd.grad(z_teacher.gather(1, brightest).sum(), teacher_input)
    (found,) = torch.autograd.grad(z_student.gather(1, brightest).sum(), student_input, create_graph=True)
    return _slope_distance(found, wanted, normalise=True)


def _slope_distance(student: Tensor, teacher: Tensor, *, normalise: bool) -> Tensor:
    student, teacher = full_precision(student).flatten(1), full_precision(teacher).detach().flatten(1)
    if normalise:
        student, teacher = directions(student), directions(teacher)
    return (student - teacher).square().sum(1).mean()


class JacobianSettings(MethodSettings):
    """Settings of Jacobian matching."""

    weight: float = setting(
        1.0,
        ge=0,
        le=100,
        description="How much changing with every pixel as the teacher does counts",
        step=0.1,
        label="Weight",
    )
    of: Literal["answer", "maps"] = setting(
        "answer",
        description="Whose change is copied: the score of the teacher's first guess, or the brightest place of the last maps",
        label="Change of",
        words={"answer": "the teacher's first guess", "maps": "the brightest place"},
    )
    attention_weight: float = setting(
        1000.0,
        ge=0,
        le=1e6,
        description="How much looking where the teacher looks counts, where maps are compared",
        step=100,
        level="expert",
        label="Weight of attention",
    )
    normalise: bool = setting(
        True,
        description="Compare only the direction of the change of the answer, not how large it is",
        level="expert",
        label="Direction only",
    )


class AnswerSlopes(Objective):
    """The slope of the answer as one term.

    No :class:`Comparison`: of which answer is the teacher's choice, so the student's side cannot be made by itself.
    """

    def __init__(self, settings: JacobianSettings) -> None:
        super().__init__()
        self.settings = settings

    @property
    def passes(self) -> frozenset[Who]:
        return frozenset()

    def forward(self, batch: Batch) -> dict[str, Term]:
        value = jacobian_loss(
            lambda x: batch.again("student", x).logits,
            lambda x: batch.again("teacher", x).logits,
            batch.inputs,
            self.settings.normalise,
        )
        return {"jacobian": Term(value, self.settings.weight)}


class MapSlopes(Objective):
    """The slope of the last maps' brightest place, and the attention of all groups, as two terms.

    No :class:`Comparison`: which place is the teacher's choice, and both terms read the same passes.
    """

    def __init__(self, cast: Cast, settings: JacobianSettings) -> None:
        super().__init__()
        self.groups = Groups(cast.pairs)
        self.settings = settings

    def taps(self) -> tuple[TapRef, ...]:
        return self.groups.taps()

    @property
    def needs_logits(self) -> bool:
        return False

    @property
    def passes(self) -> frozenset[Who]:
        return frozenset()

    def forward(self, batch: Batch) -> dict[str, Term]:
        by_student, by_teacher = (batch.inputs.detach().clone().requires_grad_() for _ in range(2))
        students = self.groups.read(batch.again("student", by_student), "student")
        teachers = self.groups.read(batch.again("teacher", by_teacher), "teacher")
        slopes = hidden_jacobian_loss(students[-1], by_student, teachers[-1], by_teacher)
        maps = each(attention_map)
        attention = compare(students, teachers, Elementwise(squared), student=maps, teacher=maps)
        return {
            "jacobian": Term(slopes, self.settings.weight),
            "attention": Term(attention, self.settings.attention_weight),
        }


class JacobianMatching(Method[JacobianSettings]):
    """One stage beside the labels. The variant on maps is what the tables of later papers call Jacobian."""

    key = "jacobian"
    title = "Jacobian matching"
    words = "Change with every pixel as the teacher changes."
    source = Source("Srinivas and Fleuret", "ICML 2018", "Knowledge transfer with Jacobian matching", year=2018)
    compares = "gradients"
    aspects = Aspects("gradient", "gradient", "L2", "output, or end of group", missing="channels")
    needs = Needs(same_classes=True, gradients=True)
    Settings = JacobianSettings

    def inactive_settings(self, settings: JacobianSettings) -> frozenset[str]:
        return frozenset({"normalise" if settings.of == "maps" else "attention_weight"})

    def suited(self, settings: JacobianSettings, cast: Cast) -> Mapping[str, Suited]:
        found = suited_to_places(JacobianSettings().attention_weight, cast) if settings.of == "maps" else None
        return {"attention_weight": found} if found else {}

    def joint(self, settings: JacobianSettings) -> Build | None:
        if settings.of == "answer":
            return lambda _cast: AnswerSlopes(settings)
        return lambda cast: MapSlopes(cast, settings)

    def needed(self, settings: JacobianSettings) -> Needs:
        return Needs(taps="out", pictures=True) if settings.of == "maps" else self.needs


catalog.register("method", JacobianMatching())
