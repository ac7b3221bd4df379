"""Probabilistic knowledge transfer: neighbours within the batch."""

from __future__ import annotations

import pytest
import torch

from studio.methods import probabilistic_loss
from tests.methods.loss_checks import Golden, check, finite


def test_it_has_the_golden_value_and_gradient() -> None:
    golden = Golden("extras")
    student = golden.student("vec_s")
    check(probabilistic_loss(student, golden["vec_t"]), golden["pkt"], (student, golden["grad_pkt"]))


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_it_is_finite_for_any_vectors(batch: int) -> None:
    student, teacher = torch.randn(batch, 3), torch.randn(batch, 8)
    for scale in (0.0, 1e-20, 1.0, 1e6):
        finite(probabilistic_loss, scale * student, teacher)
        finite(probabilistic_loss, student, scale * teacher)
    assert float(finite(probabilistic_loss, student, student)) == pytest.approx(0, abs=1e-6)


def test_duplicate_and_opposite_pictures() -> None:
    row = torch.randn(1, 4)
    finite(probabilistic_loss, row.expand(6, -1), torch.randn(6, 4))
    finite(probabilistic_loss, torch.cat([row, -row]), torch.cat([row, row]))


def test_lengths_and_rotations_do_not_matter() -> None:
    student, teacher = torch.randn(5, 4, dtype=torch.float64), torch.randn(5, 6, dtype=torch.float64)
    rotation = torch.linalg.qr(torch.randn(4, 4, dtype=torch.float64))[0]
    longer = student * torch.rand(5, 1, dtype=torch.float64).add(1)
    torch.testing.assert_close(
        probabilistic_loss(longer @ rotation, teacher), probabilistic_loss(student, teacher), rtol=1e-5, atol=0
    )
