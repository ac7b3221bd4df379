"""Neuron selectivity transfer: to which places channels respond."""

from __future__ import annotations

import pytest
import torch

from studio.methods import selectivity_loss
from tests.methods.loss_checks import SHAPES, UNEQUAL, Golden, check, finite
from tests.methods.method_steps import cast, method


def test_it_has_the_golden_value_and_gradient() -> None:
    golden = Golden("extras")
    student = golden.student("feat_s")
    check(selectivity_loss(student, golden["feat_t"]), golden["nst"], (student, golden["grad_nst"]))


@pytest.mark.parametrize(("shape", "teacher_shape"), [*SHAPES, *UNEQUAL])
def test_it_is_finite_for_any_sizes(shape: tuple[int, ...], teacher_shape: tuple[int, ...]) -> None:
    student, teacher = torch.randn(shape), torch.randn(shape[0], *teacher_shape)
    for scale in (0.0, 1e-20, 1.0, 1e4):
        finite(selectivity_loss, scale * student, teacher)
        finite(selectivity_loss, student, scale * teacher)
    finite(selectivity_loss, torch.zeros(shape), torch.zeros(shape[0], *teacher_shape))
    assert float(finite(selectivity_loss, student, student)) == pytest.approx(0, abs=1e-6)


def test_which_channel_responds_and_how_strongly_does_not_matter() -> None:
    teacher = torch.randn(3, 6, 4, 4, dtype=torch.float64)
    shuffled = teacher[:, torch.randperm(6)] * torch.rand(3, 6, 1, 1, dtype=torch.float64).add(0.1)
    assert float(selectivity_loss(shuffled, teacher)) == pytest.approx(0, abs=1e-12)
    assert float(selectivity_loss(torch.randn(3, 6, 4, 4, dtype=torch.float64), teacher)) > 1e-3


def test_the_larger_map_is_pooled() -> None:
    small, large = torch.randn(2, 3, 4, 5), torch.randn(2, 6, 9, 10)
    pooled = torch.nn.functional.adaptive_avg_pool2d(large, (4, 5))
    torch.testing.assert_close(selectivity_loss(small, large), selectivity_loss(small, pooled))


def test_vectors_have_no_places() -> None:
    assert "works on vectors" in str(method("nst").refusal(method("nst").Settings(), cast("mlp-9", "mlp-5")))
