"""DIST: correlations of the answers over classes and over pictures."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from studio.methods import dist_loss
from tests.methods.loss_checks import Golden, check, finite
from tests.methods.method_steps import cast_of, method, network, take_step


def test_it_has_the_golden_value_and_gradient() -> None:
    golden = Golden("extras")
    student = golden.student("logits_s")
    check(dist_loss(student, golden["logits_t"]), golden["dist"], (student, golden["grad_dist"]))


def test_it_is_made_of_pearsons_correlations() -> None:
    student, teacher = torch.randn(2, 6, 4, dtype=torch.float64)
    s, t = student.softmax(1).numpy(), teacher.softmax(1).numpy()
    over_classes = np.mean([np.corrcoef(s[b], t[b])[0, 1] for b in range(6)])
    over_pictures = np.mean([np.corrcoef(s[:, k], t[:, k])[0, 1] for k in range(4)])
    assert float(dist_loss(student, teacher)) == pytest.approx(2 - over_classes - over_pictures, rel=1e-6)


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_it_is_finite_for_any_scores(batch: int) -> None:
    student, teacher = torch.randn(2, batch, 4)
    for scale in (0.0, 1e-20, 1.0, 1e4):
        finite(dist_loss, scale * student, teacher)
        finite(dist_loss, student, scale * teacher)
        finite(dist_loss, scale * student, -scale * student)


def test_the_correlation_of_a_constant_is_zero_and_pulls_at_nothing() -> None:
    student = torch.zeros(3, 4, requires_grad=True)
    loss = dist_loss(student, torch.randn(3, 4))
    loss.backward()
    assert loss.item() == 2
    assert student.grad is not None
    assert student.grad.abs().max() == 0
    same = torch.randn(1, 4).expand(3, -1)
    assert float(finite(dist_loss, same, same)) == pytest.approx(1, abs=1e-5)


def test_its_two_parts_are_drawn_apart_and_scaled_by_the_temperature() -> None:
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    build = method("dist").joint(method("dist").Settings(temperature=4, class_weight=2))
    assert build is not None
    terms = take_step(build(cast_of(teacher, student)), teacher, student, batch=4)
    assert {name: term.weight for name, term in terms.items()} == {"between classes": 2, "between pictures": 1}
    assert all(0 <= term.value.item() <= 2 * 4**2 for term in terms.values())
