"""Gradient-based attention: the same pixels shall matter to student and teacher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from studio import catalog
from studio.core.setting_field import setting
from studio.methods.base import (
    Aspects,
    Batch,
    Build,
    Method,
    MethodSettings,
    Needs,
    Source,
    TapRef,
    Who,
)
from studio.methods.objectives.comparison import Comparison
from studio.methods.ops.precision import full_precision
from studio.methods.parts.registry import PositionPart, TapPair, register_parts, vector_shape


def input_gradient_loss(
    student: Callable[[Tensor], Tensor],
    teacher: Callable[[Tensor], Tensor],
    inputs: Tensor,
    labels: Tensor,
    flip: bool = False,
) -> Tensor:
    """Distance of the slopes of the cross-entropy by the input, averaged over the batch: mean_b ‖J_s − J_t‖₂.

    J = ∂(−log p(y_b)) / ∂x_b. The paper takes it times β/2. The loss goes twice through the student.

    Args:
        student: inputs to logits (B, K); called on a copy of the inputs, receives gradient.
        teacher: likewise; receives none.
        inputs: (B, C, H, W) or (B, D); left as they are.
        labels: (B,) int64.
        flip: for pictures, average each slope with that of the mirrored picture, mirrored back: both then look the
            same from left and right. Twice the passes.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Zagoruyko and Komodakis, "Paying more attention to attention", ICLR 2017, section 3.2.

    Example:
        >>> from torch import tensor
        >>> picture, label = tensor([[0.0, 0.0]]), tensor([0])  # both answers are ½: the teacher's slope is (−½, ½)
        >>> round(input_gradient_loss(lambda x: 0 * x, lambda x: x, picture, label).item(), 4)
        0.7071
    """
    wanted = _slopes(teacher, inputs, labels, flip=flip, keep_graph=False)
    found = _slopes(student, inputs, labels, flip=flip, keep_graph=True)
    return _mean_length(found, wanted)


def _mean_length(student: Tensor, teacher: Tensor) -> Tensor:
    """Of the differences between the slopes of each picture."""
    difference = full_precision(student).flatten(1) - full_precision(teacher).flatten(1)
    lengths: Tensor = torch.linalg.vector_norm(difference, dim=1)
    return lengths.mean()


def _slopes(
    network: Callable[[Tensor], Tensor], inputs: Tensor, labels: Tensor, *, flip: bool, keep_graph: bool
) -> Tensor:
    slopes = _slope(network, inputs, labels, keep_graph=keep_graph)
    if flip and inputs.dim() == 4:
        mirrored = _slope(network, inputs.flip(3), labels, keep_graph=keep_graph)
        slopes = (slopes + mirrored.flip(3)) / 2
    return slopes


def _slope(network: Callable[[Tensor], Tensor], inputs: Tensor, labels: Tensor, *, keep_graph: bool) -> Tensor:
    x = inputs.detach().clone().requires_grad_()
    loss = cross_entropy(network(x), labels, reduction="sum")
    (slope,) = torch.autograd.grad(loss, x, create_graph=keep_graph)
    return slope


class InputGradientSettings(MethodSettings):
    """Settings of gradient-based attention."""

    weight: float = setting(
        0.3,
        ge=0,
        le=1000,
        description="How much being moved by the same pixels counts (β/2)",
        step=0.1,
        label="Weight",
    )
    flip: bool = setting(
        False,
        description="Average with the mirrored picture, so that left and right are treated alike; takes twice the time",
        level="expert",
        label="Average with the mirror image",
    )


@dataclass(frozen=True)
class InputSlopes:
    """The slopes of the cross-entropy by the input, (B, C, H, W) or (B, D): of each picture's own loss.

    Attributes:
        flip: see :func:`input_gradient_loss`.
    """

    flip: bool = False

    @property
    def needs_logits(self) -> bool:
        return True

    @property
    def passes(self) -> frozenset[Who]:
        return frozenset()

    def taps(self) -> tuple[TapRef, ...]:
        return ()

    def features(self, batch: Batch, who: Who) -> list[Tensor]:
        assert batch.labels is not None
        differentiable = who == "student"
        return [
            _slopes(
                lambda x: batch.again(who, x).logits,
                batch.inputs,
                batch.labels,
                flip=self.flip,
                keep_graph=differentiable,
            )
        ]


class InputGradientAttention(Method[InputGradientSettings]):
    """One stage beside the labels."""

    key = "grad_at"
    title = "Gradient attention"
    words = "Let the same pixels matter that matter to the teacher."
    source = Source(
        "Zagoruyko and Komodakis",
        "ICLR 2017",
        "Paying more attention to attention: improving the performance of convolutional neural networks via attention transfer",
        year=2017,
    )
    compares = "gradients"
    aspects = Aspects(
        "input gradient of the loss", "input gradient of the loss", "L2", "input", missing="internal features"
    )
    needs = Needs(same_classes=True, gradients=True)
    Settings = InputGradientSettings

    def joint(self, settings: InputGradientSettings) -> Build | None:
        terms = {"input gradient": (_mean_length, settings.weight)}
        return lambda _cast: Comparison(InputSlopes(settings.flip), terms)


register_parts(
    PositionPart(
        "input",
        "Input gradient",
        "How the loss changes with every pixel",
        "input",
        Needs(same_classes=True, gradients=True),
        lambda _cast, _settings: (TapPair("input", vector_shape("input", 1), vector_shape("input", 1)),),
        lambda _cast, _settings: InputSlopes(),
        labels=True,
        order=70,
    ),
)

catalog.register("method", InputGradientAttention())
