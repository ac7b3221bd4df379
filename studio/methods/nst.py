"""Neuron selectivity transfer: the student's neurons shall respond to the same places as the teacher's."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from studio import catalog
from studio.core.setting_field import setting
from studio.methods.base import Aspects, Build, Cast, Method, MethodSettings, Needs, Source, Suited
from studio.methods.objectives.comparison import Comparison
from studio.methods.objectives.positions import Groups
from studio.methods.ops.precision import full_precision
from studio.methods.ops.published_weights import suited_to_places
from studio.methods.ops.sizes import to_smaller, unit_rows


def selectivity_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Squared maximum mean discrepancy of the two sets of channel maps, with the kernel k(x, y) = (xᵀy)².

    mean k(t, t) + mean k(s, s) − 2 mean k(s, t), means over the batch and all pairs of channels; every channel is a
    vector over the places, of unit length. Where sizes differ the larger map is adaptively average-pooled.

    Args:
        student: (B, C_s, H_s, W_s).
        teacher: (B, C_t, H_t, W_t); it receives no gradient.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Huang and Wang, "Like what you like: knowledge distill via neuron selectivity transfer", 2017, section 4.2.

    Example:
        >>> from torch import tensor
        >>> left, right = tensor([[[[2.0, 0.0]]]]), tensor([[[[0.0, 5.0]]]])
        >>> selectivity_loss(left, right).item(), selectivity_loss(left, 9 * left).item()
        (2.0, 0.0)
    """
    student, teacher = to_smaller(student, teacher.detach())
    s = unit_rows(full_precision(student).flatten(2))
    t = unit_rows(full_precision(teacher).flatten(2))
    return _kernel(t, t) + _kernel(s, s) - 2 * _kernel(s, t)


def _kernel(x: Tensor, y: Tensor) -> Tensor:
    """Mean of (xᵀy)² over batch and channel pairs, of (B, C, P) and (B, C', P)."""
    return torch.bmm(x, y.transpose(1, 2)).square().mean()


class SelectivitySettings(MethodSettings):
    """Settings of neuron selectivity transfer."""

    weight: float = setting(
        50.0,
        ge=0,
        le=1e5,
        description="How much responding to the same places counts",
        step=10,
        label="Weight",
    )


class SelectivityTransfer(Method[SelectivitySettings]):
    """One stage beside the labels, at the ends of all groups."""

    key = "nst"
    title = "Neuron selectivity"
    words = "Respond to the same places of a picture as the teacher's neurons do, whichever neuron it is."
    source = Source(
        "Huang and Wang",
        "arXiv 2017",
        "Like what you like: knowledge distill via neuron selectivity transfer",
        year=2017,
    )
    compares = "features"
    aspects = Aspects(
        "distribution of the channels' maps",
        "the same",
        "maximum mean discrepancy",
        "end of group",
        missing="which channel it is, and how strong",
    )
    needs = Needs(taps="out", pictures=True)
    Settings = SelectivitySettings

    def suited(self, settings: SelectivitySettings, cast: Cast) -> Mapping[str, Suited]:
        """The kernel (xᵀy)² of independent directions is 1 / P on average: it goes with the places as a mean over them does."""
        found = suited_to_places(type(settings)().weight, cast)
        return {"weight": found} if found else {}

    def joint(self, settings: SelectivitySettings) -> Build | None:
        return lambda cast: Comparison(Groups(cast.pairs), {"selectivity": (selectivity_loss, settings.weight)})


catalog.register("method", SelectivityTransfer())
