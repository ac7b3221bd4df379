"""Correlation congruence: how neighbours in the batch differ from the teacher."""

from __future__ import annotations

import pytest
import torch

from studio.methods import correlation_loss
from studio.methods.objectives.comparison import Comparison
from tests.methods.loss_checks import Golden, check, finite
from tests.methods.method_steps import cast_of, method, network


def test_it_has_the_golden_value_and_gradient() -> None:
    golden = Golden("extras")
    student = golden.student("emb_s")
    check(correlation_loss(student, golden["emb_t"]), golden["cc"], (student, golden["grad_cc"]))


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_it_is_finite_for_any_vectors(batch: int) -> None:
    student, teacher = torch.randn(2, batch, 6)
    for scale in (0.0, 1e-20, 1.0, 1e6):
        finite(correlation_loss, scale * student, teacher)
        finite(correlation_loss, student, scale * teacher)
    assert float(finite(correlation_loss, student, student)) == 0


def test_one_picture_has_no_neighbour() -> None:
    assert float(finite(correlation_loss, torch.randn(1, 4), torch.randn(1, 4))) == 0


def test_the_teachers_image_is_fixed_and_keeps_distances() -> None:
    teacher, student = network("wrn-10-2", seed=1), network("cnn-4")
    build = method("cc").joint(method("cc").Settings())
    assert build is not None
    objective = build(cast_of(teacher, student))
    assert isinstance(objective, Comparison)
    (image,) = objective.teacher_side.places.values()
    assert list(image.parameters()) == []
    assert len(list(objective.student_side.parameters())) == 2
    vectors = torch.randn(50, teacher.get_parameter("body.fc.weight").shape[1])
    scale = image(vectors).norm(dim=1) / vectors.norm(dim=1)
    assert float(scale.std() / scale.mean()) < 0.15
