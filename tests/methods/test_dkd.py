"""Decoupled soft targets: the right class and the others apart."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from studio.methods import decoupled_kd_loss, kd_loss
from studio.methods.dkd import other_classes_loss, target_class_loss
from tests.methods.loss_checks import Golden, check, finite
from tests.methods.method_steps import cast_of, method, network, take_step


def test_it_has_the_golden_value_and_gradient() -> None:
    golden = Golden("extras")
    student = golden.student("logits_s")
    loss = decoupled_kd_loss(student, golden["logits_t"], golden["labels"])
    check(loss, golden["dkd"], (student, golden["grad_dkd"]))


@pytest.mark.parametrize(("batch", "classes"), [(1, 4), (3, 4), (3, 2)])
def test_it_is_finite_for_any_scores(batch: int, classes: int) -> None:
    labels = torch.randint(classes, (batch,))

    def loss(student: Tensor, teacher: Tensor) -> Tensor:
        return decoupled_kd_loss(student, teacher, labels)

    student, teacher = torch.randn(2, batch, classes)
    for scale in (0.0, 1e-20, 1.0, 1e4):
        finite(loss, scale * student, teacher)
        finite(loss, student, scale * teacher)
        finite(loss, scale * student, -scale * student)
    assert float(finite(loss, student, student)) == pytest.approx(0, abs=1e-5)


def test_its_parts_make_up_the_usual_soft_targets() -> None:
    """KD = TCKD + (1 − p_t) NCKD, equation 7 of the paper, picture by picture."""
    student, teacher = torch.randn(2, 1, 5, dtype=torch.float64)
    labels, t = torch.tensor([3]), 4.0
    p_right = (teacher / t).softmax(1)[0, 3]
    whole = target_class_loss(student, teacher, labels, t) + (1 - p_right) * other_classes_loss(
        student, teacher, labels, t
    )
    torch.testing.assert_close(whole, kd_loss(student, teacher, t))


def test_the_score_of_the_right_class_does_not_move_the_others() -> None:
    student, teacher = torch.randn(2, 2, 5)
    labels = torch.tensor([1, 4])
    moved = student.clone()
    moved[0, 1] += 100
    torch.testing.assert_close(
        other_classes_loss(moved, teacher, labels, 4), other_classes_loss(student, teacher, labels, 4)
    )


def test_its_weights_rise_over_the_first_epochs() -> None:
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    build = method("dkd").joint(method("dkd").Settings(warm_up=0.6))
    assert build is not None
    objective = build(cast_of(teacher, student))
    steps = [take_step(objective, teacher, student, epoch=epoch) for epoch in range(5)]
    assert [step["other classes"].weight for step in steps] == pytest.approx([8 / 3, 16 / 3, 8, 8, 8])
    assert [step["right class"].weight for step in steps] == pytest.approx([1 / 3, 2 / 3, 1, 1, 1])
