"""Knowledge review: fused levels and the hierarchical context loss."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import adaptive_avg_pool2d

from studio.methods import hierarchical_context_loss
from studio.methods.reviewkd import Fusion
from tests.methods.loss_checks import SHAPES, Golden, check, finite
from tests.methods.method_steps import cast, cast_of, method, network, take_step


def test_it_has_the_golden_value_and_gradient() -> None:
    golden = Golden("extras")
    student = golden.student("feat_s_wide")
    check(hierarchical_context_loss(student, golden["feat_t"]), golden["hcl"], (student, golden["grad_hcl"]))


@pytest.mark.parametrize(("shape", "teacher_shape"), [*SHAPES, ((2, 3, 9, 3), (3, 9, 3))])
def test_it_is_finite_for_any_maps(shape: tuple[int, ...], teacher_shape: tuple[int, ...]) -> None:
    student, teacher = torch.randn(shape), torch.randn(shape[0], *teacher_shape)
    for scale in (0.0, 1e-20, 1.0, 1e4):
        finite(hierarchical_context_loss, scale * student, teacher)
        finite(hierarchical_context_loss, student, scale * teacher)
    assert float(finite(hierarchical_context_loss, student, student)) == 0


def test_coarser_views_count_half_as_much_each() -> None:
    student, teacher = torch.randn(2, 2, 3, 8, 8, dtype=torch.float64)
    levels = [(8, 1.0), (4, 0.5), (2, 0.25), (1, 0.125)]
    distances = [
        weight * (adaptive_avg_pool2d(student, size) - adaptive_avg_pool2d(teacher, size)).square().mean()
        for size, weight in levels
    ]
    torch.testing.assert_close(hierarchical_context_loss(student, teacher), sum(distances) / 1.875)


def test_a_single_pixel_has_no_coarser_view() -> None:
    student, teacher = torch.randn(2, 2, 3, 1, 1)
    torch.testing.assert_close(hierarchical_context_loss(student, teacher), (student - teacher).square().mean())


def test_a_fusion_takes_over_any_size_and_width() -> None:
    fusion = Fusion(3, 5, 7, top=False)
    answer, handed = fusion(torch.randn(2, 3, 9, 7), torch.randn(2, 5, 4, 3), (5, 6))
    assert answer.shape == (2, 7, 5, 6)
    assert handed.shape == (2, 5, 5, 6)


def test_one_picture_of_one_pixel_can_be_fused() -> None:
    fusion = Fusion(3, 5, 7, top=True)
    answer, _ = fusion(torch.randn(1, 3, 1, 1), None, (1, 1))
    assert answer.isfinite().all()


def test_deeper_levels_take_part_in_the_shallower_ones() -> None:
    """What is compared with the teacher's first group depends on all of the student's levels."""
    teacher, student = network("wrn-10-2", seed=1), network("cnn-8")
    build = method("reviewkd").joint(method("reviewkd").Settings())
    assert build is not None
    objective = build(cast_of(teacher, student))
    (term,) = take_step(objective, teacher, student, batch=2).values()
    term.value.backward()
    assert all(parameter.grad is not None for parameter in objective.parameters())


def test_its_weight_rises_over_the_first_epochs() -> None:
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    build = method("reviewkd").joint(method("reviewkd").Settings(warm_up=0.4))
    assert build is not None
    objective = build(cast_of(teacher, student))
    weights = [take_step(objective, teacher, student, epoch=epoch)["review"].weight for epoch in range(4)]
    assert weights == pytest.approx([2.5, 5, 5, 5])


def test_it_needs_maps() -> None:
    assert "works on vectors" in str(method("reviewkd").refusal(method("reviewkd").Settings(), cast("mlp-9", "mlp-5")))
