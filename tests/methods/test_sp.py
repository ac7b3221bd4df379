"""Similarity preserving: which pictures are alike."""

from __future__ import annotations

import pytest
import torch

from studio.methods import similarity_loss
from tests.methods.loss_checks import SHAPES, UNEQUAL, Golden, check, finite


def test_it_has_the_golden_value_and_gradient() -> None:
    golden = Golden("extras")
    student = golden.student("feat_s")
    check(similarity_loss(student, golden["feat_t"]), golden["sp"], (student, golden["grad_sp"]))


@pytest.mark.parametrize(("shape", "teacher_shape"), [*SHAPES, *UNEQUAL])
def test_it_is_finite_for_any_sizes(shape: tuple[int, ...], teacher_shape: tuple[int, ...]) -> None:
    student, teacher = torch.randn(shape), torch.randn(shape[0], *teacher_shape)
    for scale in (0.0, 1e-20, 1.0, 1e4):
        finite(similarity_loss, scale * student, teacher)
        finite(similarity_loss, student, scale * teacher)
    assert float(finite(similarity_loss, student, student)) == 0


def test_it_reads_vectors() -> None:
    finite(similarity_loss, torch.randn(4, 3), torch.randn(4, 7))


def test_only_relations_between_pictures_count() -> None:
    """Scaling all features, or mixing the channels by a rotation, changes nothing."""
    student, teacher = torch.randn(5, 4, 3, 3, dtype=torch.float64), torch.randn(5, 6, 3, 3, dtype=torch.float64)
    rotation = torch.linalg.qr(torch.randn(4, 4, dtype=torch.float64))[0]
    expected = similarity_loss(student, teacher)
    torch.testing.assert_close(similarity_loss(7 * student, teacher), expected)
    torch.testing.assert_close(similarity_loss(torch.einsum("ij,bjhw->bihw", rotation, student), teacher), expected)


def test_the_same_picture_twice_costs_nothing_where_the_teacher_sees_no_difference_either() -> None:
    student, teacher = torch.randn(1, 2, 3, 3).expand(4, -1, -1, -1), torch.randn(1, 5, 3, 3).expand(4, -1, -1, -1)
    assert float(finite(similarity_loss, student, teacher)) == pytest.approx(0, abs=1e-12)
