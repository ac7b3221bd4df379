"""Inter-channel correlation: which channels light up together."""

from __future__ import annotations

import pytest
import torch

from studio.methods import channel_correlation_loss
from tests.methods.loss_checks import SHAPES, Golden, check, finite
from tests.methods.method_steps import cast, method


def test_it_has_the_golden_value_and_gradient() -> None:
    golden = Golden("extras")
    student = golden.student("feat_s_wide")
    check(channel_correlation_loss(student, golden["feat_t"]), golden["ickd"], (student, golden["grad_ickd"]))


@pytest.mark.parametrize(("shape", "teacher_shape"), SHAPES)
def test_it_is_finite_for_any_maps(shape: tuple[int, ...], teacher_shape: tuple[int, ...]) -> None:
    student, teacher = torch.randn(shape), torch.randn(shape[0], *teacher_shape)
    for scale in (0.0, 1e-20, 1.0, 1e4):
        finite(channel_correlation_loss, scale * student, teacher)
        finite(channel_correlation_loss, student, scale * teacher)
    finite(channel_correlation_loss, torch.zeros(shape), torch.zeros(shape[0], *teacher_shape))
    assert float(finite(channel_correlation_loss, student, student)) == 0


def test_places_do_not_matter_and_sizes_may_differ() -> None:
    student, teacher = torch.randn(2, 3, 16, dtype=torch.float64), torch.randn(2, 3, 5, 7, dtype=torch.float64)
    shuffled = student[:, :, torch.randperm(16)]
    torch.testing.assert_close(
        channel_correlation_loss(student.view(2, 3, 4, 4), teacher),
        channel_correlation_loss(shuffled.view(2, 3, 2, 8), teacher),
    )


def test_a_connector_stands_only_where_widths_differ() -> None:
    build = method("ickd").joint(method("ickd").Settings())
    assert build is not None
    assert list(build(cast("wrn-10-2", "wrn-10-1")).parameters())
    assert not list(build(cast("wrn-16-1", "wrn-10-1")).parameters())
