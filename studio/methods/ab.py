"""Activation boundary: copy where the teacher's neurons switch on, then learn the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from studio import catalog
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
    Stage,
    TapRef,
    Term,
)
from studio.methods.connectors import boundary_connector
from studio.methods.kd import SoftTargets
from studio.methods.precision import in_full

#: Of the authors' code; it makes the sums over all neurons fit a learning rate of 0.1.
SCALE = 3 / 1000


def activation_boundary_loss(student: Tensor, teacher: Tensor, margin: float = 1.0) -> Tensor:
    """Σ ρ(t) max(0, μ − s)² + (1 − ρ(t)) max(0, μ + s)², summed over all elements; ρ(t) is 1 where t > 0, else 0.

    Args:
        student: (B, C, H, W) or (B, D), before the ReLU and behind the connector.
        teacher: same shape, before the ReLU; receives no gradient.
        margin: μ, how far beyond its boundary a neuron is pushed.

    Source: Heo et al., "Knowledge transfer via distillation of activation boundaries formed by hidden neurons",
    AAAI 2019, equation 6.
    """
    student = in_full(student)
    towards = torch.where(teacher.detach() > 0, student, -student)
    return (margin - towards).relu().square().sum()


def activation_boundary_total(students: Sequence[Tensor], teachers: Sequence[Tensor], margin: float = 1.0) -> Tensor:
    """The authors' scaling of the losses of L layers: 3/1000 · 1/B · Σ_l loss_l / 2^(L−l), the last layer in full.

    Args:
        students: one a layer, bottom to top, see :func:`activation_boundary_loss`.
        teachers: as many, same shapes.
        margin: μ.
    """
    return _scaled(students, teachers, lambda student, teacher: activation_boundary_loss(student, teacher, margin))


def activation_agreement(student: Tensor, teacher: Tensor) -> Tensor:
    """Percentage of neurons that are on in both networks or off in both; (B, C, H, W) or (B, D) before the ReLU."""
    same = (student.detach() > 0) == (teacher.detach() > 0)
    return 100 * same.to(in_full(student).dtype).mean()


def response_loss(student: Tensor, teacher: Tensor, p: float) -> Tensor:
    """Σ |relu(s) − relu(t)|^p, what the boundary loss is compared with: responses instead of boundaries.

    Source: Heo et al., AAAI 2019, equation 1 for p = 2. For p < 1 the slope at zero is endless; there |d|^p is
    (d² + ε²)^(p/2) − ε^p with ε = 0.001, whose slope is bounded and zero at zero.

    Args:
        student: (B, C, H, W) or (B, D), before the ReLU and behind the connector.
        teacher: same shape; receives no gradient.
        p: the power, above 0.
    """
    difference = in_full(student).relu() - in_full(teacher).detach().relu()
    if p == 2:
        return difference.square().sum()
    if p >= 1:
        return difference.abs().pow(p).sum()
    floor: float = 1e-3**p
    return ((difference.square() + 1e-6).pow(p / 2) - floor).sum()


def _scaled(students: Sequence[Tensor], teachers: Sequence[Tensor], loss: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    total = torch.zeros((), device=students[0].device)
    for student, teacher in zip(students, teachers, strict=True):
        total = total / 2 + loss(student, teacher)  # each layer above halves the weight of those below
    return SCALE / students[0].shape[0] * total


#: The hints the deck compares with: powers of :func:`response_loss`.
_POWERS = {"l2": 2.0, "l1": 1.0, "l0.5": 0.5}


class BoundarySettings(MethodSettings):
    """Settings of activation boundary."""

    transfer_share: float = Field(
        1 / 6,
        ge=0.02,
        le=0.9,
        description="Share of the training spent on copying boundaries, before the labels",
        json_schema_extra={"step": 0.05, "label": "Share for copying"},
    )
    margin: float = Field(
        1.0,
        gt=0,
        le=10,
        description="How far beyond its boundary a neuron is pushed (μ)",
        json_schema_extra={"step": 0.1, "label": "Margin μ"},
    )
    temperature: float = Field(
        3.0,
        ge=1,
        le=20,
        description="Evens out the teacher's answers in the second stage",
        json_schema_extra={"step": 0.5, "label": "Temperature"},
    )
    soft_weight: float = Field(
        1.0,
        ge=0,
        le=100,
        description="How much the teacher's answers count in the second stage; 0 leaves the labels alone",
        json_schema_extra={"step": 0.1, "level": "expert", "label": "Weight of soft targets"},
    )
    weight: float = Field(
        1.0,
        ge=0,
        le=1000,
        description="How much the boundaries count; 1 is the authors' scaling",
        json_schema_extra={"step": 0.1, "level": "expert", "label": "Weight of boundaries"},
    )
    distance: Literal["boundary", "l2", "l1", "l0.5"] = Field(
        "boundary",
        description="What is copied: on and off, or (for comparison) the neurons' responses with this distance",
        json_schema_extra={"level": "expert", "label": "Distance"},
    )


class Boundaries(Objective):
    """The boundary loss at the pre-ReLU points of all paired groups, with a connector where widths differ."""

    def __init__(self, cast: Cast, settings: BoundarySettings) -> None:
        super().__init__()
        teacher = cast.teacher
        assert teacher is not None
        self.pairs = cast.pairs
        self.settings = settings
        self.connectors = nn.ModuleDict(
            {s: boundary_connector(cast.student.tap(s), teacher.tap(t)) for t, s in cast.pairs}
        )

    def taps(self) -> tuple[TapRef, ...]:
        refs = [(TapRef("teacher", t, "pre"), TapRef("student", s, "pre")) for t, s in self.pairs]
        return tuple(ref for pair in refs for ref in pair)

    @property
    def needs_logits(self) -> bool:
        return False

    def connect(self, group: str, student_pre: Tensor) -> Tensor | None:
        if group not in self.connectors or isinstance(self.connectors[group], nn.Identity):
            return None
        connected: Tensor = self.connectors[group](student_pre)
        return connected

    def forward(self, batch: Batch) -> dict[str, Term]:
        s = self.settings
        students = [self.connectors[group](batch.student.pre(group)) for _, group in self.pairs]
        teachers = [batch.teacher.pre(group) for group, _ in self.pairs]
        if s.distance == "boundary":
            value = activation_boundary_total(students, teachers, s.margin)
            return {"activation boundary": Term(value, s.weight)}
        p = _POWERS[s.distance]
        value = _scaled(students, teachers, lambda student, teacher: response_loss(student, teacher, p))
        return {"responses": Term(value, s.weight)}


class ActivationBoundary(Method):
    """Two stages: all below the classifier copies the boundaries; then everything learns labels and soft targets.

    The authors' code drops the labels in the second stage; a ``task_weight`` of 0 gives that.
    """

    key = "ab"
    title = "Activation boundary"
    words = "Copy where the teacher's neurons switch on; then learn its soft answers."
    source = Source(
        "Heo et al.",
        "AAAI 2019",
        "Knowledge transfer via distillation of activation boundaries formed by hidden neurons",
    )
    aspects = Aspects("binarisation", "1x1 conv + BN", "marginal L2", "pre-ReLU", missing="feature values")
    needs = Needs(taps="pre", same_spatial=True, same_classes=True)
    Settings = BoundarySettings

    def joint(self, settings: MethodSettings) -> Build | None:
        assert isinstance(settings, BoundarySettings)
        return lambda cast: Boundaries(cast, settings)

    def plan(self, settings: MethodSettings, cast: Cast) -> list[Stage]:
        assert isinstance(settings, BoundarySettings)
        share = settings.transfer_share
        below_head = cast.student.parts_up_to(cast.pairs[-1][1])
        return [
            Stage(
                "transfer",
                "transfer",
                self.joint(settings),
                share=share,
                labels=False,
                trains=(*(f"student.{part}" for part in below_head), "objective"),
            ),
            Stage("task", "classify", _soft_targets(settings), share=1 - share),
        ]


def _soft_targets(settings: BoundarySettings) -> Build | None:
    if settings.soft_weight == 0:
        return None
    return lambda _cast: SoftTargets(settings.temperature, settings.soft_weight, t_squared=False)


catalog.register("method", ActivationBoundary())
