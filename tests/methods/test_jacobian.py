"""Jacobian matching: slopes by the input, of the answer and of hidden maps."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from studio.methods import jacobian_loss
from studio.methods.jacobian import hidden_jacobian_loss
from tests.methods.loss_checks import Golden, Perceptron, check, close
from tests.methods.method_steps import cast, cast_of, method, network, take_step


def test_it_has_the_golden_values_and_gradients() -> None:
    golden = Golden("jacobian")
    student, teacher = Perceptron(golden, "student"), Perceptron(golden, "teacher")
    w1, _, w2, _ = student.weights
    check(
        jacobian_loss(student, teacher, golden["x"]),
        golden["loss_normalised"],
        (w1, golden["grad_normalised_W1"]),
        (w2, golden["grad_normalised_W2"]),
    )
    close(jacobian_loss(student, teacher, golden["x"], normalise=False), golden["loss_raw"])
    jacobian_loss(student, teacher, golden["x"]).backward()
    assert all(weight.grad is None for weight in teacher.weights)


def test_inputs_are_left_as_they_are() -> None:
    golden = Golden("jacobian")
    inputs = golden["x"].clone()
    jacobian_loss(Perceptron(golden, "student"), Perceptron(golden, "teacher"), inputs)
    assert not inputs.requires_grad
    assert torch.equal(inputs, golden["x"])


@pytest.mark.parametrize("normalise", [True, False])
@pytest.mark.parametrize("shape", [(1, 3, 5, 7), (4, 6)])
def test_it_is_finite_where_a_slope_is_zero_tiny_or_huge(shape: tuple[int, ...], normalise: bool) -> None:
    inputs, size = torch.randn(shape), torch.randn(shape)[0].numel()
    wanted = torch.randn(3, size)
    for scale in (0.0, 1e-20, 1.0, 1e8):
        weight = (scale * torch.randn(3, size)).requires_grad_()

        def linear(x: Tensor, w: Tensor = weight) -> Tensor:
            return x.flatten(1) @ w.T

        def wished(x: Tensor) -> Tensor:
            return x.flatten(1) @ wanted.T

        loss = jacobian_loss(linear, wished, inputs, normalise)
        loss.backward()
        assert loss.isfinite()
        assert weight.grad is not None
        assert weight.grad.isfinite().all()
        reverse = jacobian_loss(wished, linear, inputs, normalise)
        assert reverse.isfinite()


def test_a_student_without_slope_is_not_thrown_away() -> None:
    weight = torch.zeros(3, 6, requires_grad=True)
    jacobian_loss(lambda x: x @ weight.T, lambda x: x @ torch.ones(6, 3), torch.randn(2, 6)).backward()
    assert weight.grad is not None
    assert weight.grad.abs().max() == 0


def test_the_same_network_costs_nothing() -> None:
    net = network("resnet-8").eval()
    assert jacobian_loss(net, net, torch.rand(2, 3, 16, 16)).item() == 0


def test_hidden_slopes_are_those_of_the_teachers_brightest_place() -> None:
    """A student that copies the teacher there and differs everywhere else."""
    x = torch.rand(2, 1, 4, 4, dtype=torch.float64)
    weight = torch.rand(2, 4, 4, dtype=torch.float64)

    def feature(pixels: Tensor, weight: Tensor) -> Tensor:
        return pixels * weight  # (B, 2, 4, 4): every place is one pixel, weighted

    by_student, by_teacher = x.clone().requires_grad_(), x.clone().requires_grad_()
    teacher = feature(by_teacher, weight)
    brightest = teacher.square().sum(1).flatten(1).argmax(1)
    other = torch.rand(2, 2, 4, 4, dtype=torch.float64)
    for b, place in enumerate(brightest.tolist()):
        other[b].flatten(1)[:, place] = weight.flatten(1)[:, place]
    loss = hidden_jacobian_loss(feature(by_student, other), by_student, teacher, by_teacher)
    assert loss.item() == pytest.approx(0, abs=1e-24)


@pytest.mark.parametrize(("student_size", "teacher_size"), [((4, 4), (4, 4)), ((5, 3), (9, 7)), ((8, 8), (1, 1))])
def test_hidden_maps_may_differ_in_size_and_be_zero(
    student_size: tuple[int, int], teacher_size: tuple[int, int]
) -> None:
    x = torch.rand(1, 1, 8, 8)
    for scale in (0.0, 1.0):
        by_student, by_teacher = x.clone().requires_grad_(), x.clone().requires_grad_()
        weight = torch.full((3, 1, 1), scale, requires_grad=True)
        maps = torch.nn.functional.adaptive_avg_pool2d
        loss = hidden_jacobian_loss(
            maps(by_student, student_size) * weight, by_student, maps(by_teacher, teacher_size).square(), by_teacher
        )
        loss.backward()
        assert loss.isfinite()
        assert weight.grad is not None
        assert weight.grad.isfinite().all()


def test_the_variant_on_maps_adds_attention() -> None:
    teacher, student = network("wrn-10-2", seed=1), network("wrn-10-1")
    who = cast_of(teacher, student)
    build = method("jacobian").joint(method("jacobian").Settings(of="maps"))
    assert build is not None
    objective = build(who)
    assert not objective.needs_logits
    terms = take_step(objective, teacher, student, batch=2)
    assert {name: term.weight for name, term in terms.items()} == {"jacobian": 1, "attention": 1000}
    for term in terms.values():
        (gradient,) = torch.autograd.grad(term.value, student.body.get_parameter("conv1.weight"), retain_graph=True)
        assert gradient.isfinite().all()
        assert gradient.abs().max() > 0


def test_maps_are_needed_only_where_maps_are_compared() -> None:
    entry = method("jacobian")
    assert entry.refusal(entry.Settings(), cast("mlp-9", "mlp-5")) is None
    assert "works on vectors" in str(entry.refusal(entry.Settings(of="maps"), cast("mlp-9", "mlp-5")))
    others = cast("cnn-8", "cnn-4", classes=7)
    assert "teacher knows 7" in str(entry.refusal(entry.Settings(), others))
    assert entry.refusal(entry.Settings(of="maps"), others) is None
