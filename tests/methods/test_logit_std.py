"""Standardised soft targets: scores of mean 0 and spread 1."""

from __future__ import annotations

import pytest
import torch

from studio.methods import standardised_kd_loss
from tests.methods.loss_checks import Golden, check, finite
from tests.methods.method_steps import cast_of, method, network, take_step


def test_it_has_the_golden_value_and_gradient() -> None:
    golden = Golden("extras")
    student = golden.student("logits_s")
    loss = standardised_kd_loss(student, golden["logits_t"], 2)
    check(loss, golden["logit_std_T2"], (student, golden["grad_logit_std_T2"]))


@pytest.mark.parametrize("batch", [1, 3])
def test_it_is_finite_for_any_scores(batch: int) -> None:
    def loss(student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
        return standardised_kd_loss(student, teacher, 2)

    student, teacher = torch.randn(2, batch, 4)
    for scale in (0.0, 1e-20, 1.0, 1e6):
        finite(loss, scale * student, teacher)
        finite(loss, student, scale * teacher)
    assert float(finite(loss, student, student)) == pytest.approx(0, abs=1e-6)


def test_offset_and_spread_of_the_scores_do_not_matter() -> None:
    student, teacher = torch.randn(2, 3, 5, dtype=torch.float64)
    moved = 10 * student + torch.randn(3, 1, dtype=torch.float64)
    torch.testing.assert_close(
        standardised_kd_loss(moved, teacher, 2), standardised_kd_loss(student, teacher, 2), rtol=1e-5, atol=0
    )


def test_scores_without_spread_pull_at_nothing() -> None:
    student = torch.full((2, 5), 3.0, requires_grad=True)
    standardised_kd_loss(student, torch.randn(2, 5), 2).backward()
    assert student.grad is not None
    assert student.grad.abs().max() == 0


def test_the_method_multiplies_by_the_squared_temperature() -> None:
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    build = method("logit_std").joint(method("logit_std").Settings(temperature=3))
    assert build is not None
    torch.manual_seed(0)
    (term,) = take_step(build(cast_of(teacher, student)), teacher, student, batch=4).values()
    torch.manual_seed(0)
    x = torch.rand(4, 3, 16, 16)
    torch.testing.assert_close(term.value, 9 * standardised_kd_loss(student(x), teacher(x), 3))
