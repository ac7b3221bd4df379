"""Gradient-based attention: which pixels matter."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from studio.methods import input_gradient_loss
from tests.methods.loss_checks import Golden, Perceptron, close
from tests.methods.method_steps import method, network, take_step


def test_it_has_the_golden_value() -> None:
    golden = Golden("jacobian")
    student, teacher = Perceptron(golden, "student"), Perceptron(golden, "teacher")
    loss = input_gradient_loss(student, teacher, golden["x"], golden["labels"])
    close(loss, golden["grad_at_l2"])
    distances = (golden["input_grad_student"] - golden["input_grad_teacher"]).norm(dim=1)
    close(loss, distances.mean())
    loss = input_gradient_loss(student, teacher, golden["x"], golden["labels"])
    loss.backward()
    assert all(weight.grad is None for weight in teacher.weights)


def test_its_gradient_is_that_of_finite_differences() -> None:
    golden = Golden("jacobian")
    student, teacher = Perceptron(golden, "student"), Perceptron(golden, "teacher")
    w1 = student.weights[0]
    (gradient,) = torch.autograd.grad(input_gradient_loss(student, teacher, golden["x"], golden["labels"]), w1)
    direction = torch.randn_like(w1)
    values = []
    for sign in (1, -1):
        student.weights[0] = (w1 + sign * 1e-6 * direction).detach().requires_grad_()
        values.append(input_gradient_loss(student, teacher, golden["x"], golden["labels"]).item())
    assert (values[0] - values[1]) / 2e-6 == pytest.approx((gradient * direction).sum().item(), rel=1e-4)


@pytest.mark.parametrize("shape", [(1, 3, 5, 7), (4, 6)])
@pytest.mark.parametrize("flip", [False, True])
def test_it_is_finite_where_slopes_are_equal_zero_or_scores_are_huge(shape: tuple[int, ...], flip: bool) -> None:
    inputs, size = torch.randn(shape), torch.randn(shape)[0].numel()
    labels = torch.zeros(shape[0], dtype=torch.int64)
    for scale in (0.0, 1e-20, 1.0, 1e5):
        weight = (scale * torch.randn(3, size)).requires_grad_()

        def linear(x: Tensor, w: Tensor = weight) -> Tensor:
            return x.flatten(1) @ w.T

        for teacher in (linear, lambda x: x.flatten(1)[:, :3]):
            loss = input_gradient_loss(linear, teacher, inputs, labels, flip)
            (slope,) = torch.autograd.grad(loss, weight)
            assert loss.isfinite()
            assert slope.isfinite().all()


def test_averaging_with_the_mirror_image_treats_left_and_right_alike() -> None:
    """With it, a picture and its mirror image have the same loss; without, they have not."""
    student, teacher = (
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.Tanh(), nn.Flatten(), nn.Linear(2 * 9, 3)) for _ in range(2)
    )
    x, labels = torch.randn(2, 1, 5, 5), torch.tensor([0, 2])
    for flip in (True, False):
        straight = input_gradient_loss(student, teacher, x, labels, flip)
        mirrored = input_gradient_loss(student, teacher, x.flip(3), labels, flip)
        assert torch.allclose(straight, mirrored) == flip


def test_the_mirror_image_costs_further_passes_only_where_asked() -> None:
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    passes: list[int] = []
    student.register_forward_hook(lambda *_: passes.append(1))
    for flip, expected in ((False, 1), (True, 2)):
        passes.clear()
        build = method("grad_at").joint(method("grad_at").Settings(flip=flip))
        assert build is not None
        take_step(build(None), teacher, student, batch=2)  # type: ignore[arg-type]  # it asks no cast anything
        assert len(passes) == expected
