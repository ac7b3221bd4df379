"""What holds for every loss of (student, teacher) features or scores: the precision they sum in, the room they take."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from studio.methods import (
    channel_correlation_loss,
    correlation_loss,
    decoupled_kd_loss,
    dist_loss,
    hierarchical_context_loss,
    probabilistic_loss,
    selectivity_loss,
    similarity_loss,
    standardised_kd_loss,
    variational_loss,
)
from tests.methods.loss_checks import Loss

BATCH, CHANNELS, SIDE = 24, 16, 8
ON_MAPS: dict[str, Loss] = {
    "channel correlation": channel_correlation_loss,
    "context": hierarchical_context_loss,
    "selectivity": selectivity_loss,
    "similarity": similarity_loss,
    "variational": lambda s, t: variational_loss(s, torch.zeros(CHANNELS), t),
}
ON_VECTORS: dict[str, Loss] = {
    "correlation": correlation_loss,
    "decoupled": lambda s, t: decoupled_kd_loss(s, t, torch.zeros(BATCH, dtype=torch.int64)),
    "dist": dist_loss,
    "probabilistic": probabilistic_loss,
    "standardised": lambda s, t: standardised_kd_loss(s, t, 2),
}
LOSSES = {**ON_MAPS, **ON_VECTORS}


def pair(name: str) -> tuple[Tensor, Tensor]:
    shape = (BATCH, CHANNELS, SIDE, SIDE) if name in ON_MAPS else (BATCH, 100)
    return torch.randn(shape), torch.randn(shape)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_half_precision_is_summed_in_float32(name: str, half: torch.dtype) -> None:
    student, teacher = (5 * x.to(half) for x in pair(name))
    value = LOSSES[name](student, teacher)
    assert value.dtype == torch.float32
    torch.testing.assert_close(value, LOSSES[name](student.float(), teacher.float()))


class Largest(TorchDispatchMode):
    """Remembers how many numbers the largest tensor held that came up."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch does not say its types here
        self.numbers = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in out if isinstance(out, tuple | list) else (out,):
            if isinstance(tensor, Tensor):
                self.numbers = max(self.numbers, tensor.numel())
        return out


@pytest.mark.parametrize("name", LOSSES)
def test_no_tensor_outgrows_the_features_and_the_pairs(name: str) -> None:
    student, teacher = pair(name)
    student.requires_grad_()
    with Largest() as largest:
        LOSSES[name](student, teacher).backward()
    assert largest.numbers <= max(student.numel(), BATCH**2, BATCH * CHANNELS**2)
