"""Relational distillation: distances and angles against the golden arrays, and where points coincide."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from studio.methods import angle_loss, distance_loss, rkd
from studio.methods.rkd import steady_angle_loss
from tests.methods.loss_checks import Golden, Loss, check, close, finite
from tests.methods.method_steps import cast, cast_of, method, network, take_step

LOSSES: dict[str, Loss] = {"distances": distance_loss, "angles": angle_loss}
ROLES = ["student", "teacher"]


def test_losses() -> None:
    golden = Golden("rkd")
    student, teacher = golden.student("student"), golden["teacher"]
    check(distance_loss(student, teacher), golden["loss_d_code"], (student, golden["grad_d_code"]))
    check(angle_loss(student, teacher), golden["loss_a_code"], (student, golden["grad_a_code"]))
    close(distance_loss(student, teacher) * len(student) ** 2, golden["loss_d_paper"])
    close(angle_loss(student, teacher) * len(student) ** 3, golden["loss_a_paper"])
    close(25 * distance_loss(student, teacher) + 50 * angle_loss(student, teacher), golden["total_25_50"])


@pytest.mark.parametrize("elements", [1, 60, 100])
def test_angles_in_small_portions_are_the_same(elements: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rkd, "ELEMENTS", elements)
    golden = Golden("rkd")
    student = golden.student("student")
    check(angle_loss(student, golden["teacher"]), golden["loss_a_code"], (student, golden["grad_a_code"]))


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("batch", [1, 2, 5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_they_are_finite_where_it_is_difficult(name: str, batch: int, dtype: torch.dtype) -> None:
    loss = LOSSES[name]
    student, teacher = torch.randn(batch, 4, dtype=dtype), torch.randn(batch, 7, dtype=dtype)
    for scale in (0.0, 1e-20, 1e-7, 1.0, 1e4):
        finite(loss, scale * student, teacher)
        finite(loss, student, scale * teacher)
    finite(loss, 0 * student, 0 * teacher)
    twins = torch.cat([student, student])
    finite(loss, twins, torch.randn(2 * batch, 7, dtype=dtype))
    finite(loss, twins + 1e-7 * torch.randn_like(twins), torch.randn(2 * batch, 7, dtype=dtype))
    assert float(finite(loss, student, student)) == 0
    if batch == 1:
        assert float(finite(loss, student, teacher)) == 0


def twins() -> tuple[Tensor, Tensor]:
    """Embeddings of which the student's first and last are one, and the teacher's are not."""
    student, teacher = torch.randn(5, 4, dtype=torch.float64), torch.randn(6, 7, dtype=torch.float64)
    return torch.cat([student, student[:1]]).requires_grad_(), teacher


@pytest.mark.parametrize("loss", [distance_loss, steady_angle_loss])
def test_points_that_coincide_pull_at_nothing_in_training(loss: Loss) -> None:
    """Twins among the student's points get the slope of their neighbours, not one over almost nothing."""
    student, teacher = twins()
    (gradient,) = torch.autograd.grad(loss(student, teacher), student)
    assert gradient.norm() < 10


def test_apart_from_such_points_training_has_the_authors_angles() -> None:
    golden = Golden("rkd")
    student = golden.student("student")
    check(steady_angle_loss(student, golden["teacher"]), golden["loss_a_code"], (student, golden["grad_a_code"]))
    entry = method("rkd")
    teacher, net = network("mlp-9-8", seed=1), network("mlp-5-4")  # most points lie on one spot in the student
    build = entry.joint(entry.Settings())
    assert build is not None
    terms = take_step(build(cast_of(teacher, net)), teacher, net, 12).values()
    loss = torch.stack([term.weight * term.value for term in terms]).sum()
    loss.backward()
    reached = [parameter.grad for parameter in net.parameters() if parameter.grad is not None]
    assert reached
    assert all(gradient.norm() < 1000 for gradient in reached)


def angles_of_the_code(x: Tensor) -> Tensor:
    """As the authors write it: all difference vectors at once, normalised with PyTorch's floor of 1e-12."""
    arms = torch.nn.functional.normalize(x[None] - x[:, None], p=2, dim=2)
    return torch.bmm(arms, arms.transpose(1, 2))


def test_angles_at_points_that_coincide_are_those_of_the_authors_code() -> None:
    student, teacher = twins()
    expected = torch.nn.functional.smooth_l1_loss(angles_of_the_code(student), angles_of_the_code(teacher))
    (gradient,) = torch.autograd.grad(expected, student)
    assert gradient.isfinite().all()
    check(angle_loss(student, teacher), expected.detach(), (student, gradient))


def test_distances_and_angles_are_the_golden_ones() -> None:
    golden = Golden("rkd")
    close(distance_loss(golden["student"], golden["teacher"]), golden["expect_loss_d"])
    ours, theirs = (
        distances / distances[distances > 0].mean() for distances in (golden[f"dist_{who}"] for who in ROLES)
    )
    close(torch.nn.functional.smooth_l1_loss(ours, theirs), golden["loss_d_code"])
    close(angles_of_the_code(golden["student"]), golden["angle_student"])


@pytest.mark.parametrize("name", LOSSES)
def test_only_relations_count(name: str) -> None:
    x = torch.randn(6, 4, dtype=torch.float64)
    turn, _ = torch.linalg.qr(torch.randn(4, 4, dtype=torch.float64))
    close(1 + LOSSES[name](3 * x @ turn + torch.randn(4, dtype=torch.float64), x), torch.tensor(1.0))


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_half_precision_is_summed_in_float32(name: str, half: torch.dtype) -> None:
    student, teacher = (20 * torch.randn(2, 8, 16)).to(half)
    value = LOSSES[name](student, teacher)
    assert value.dtype == torch.float32
    torch.testing.assert_close(value, LOSSES[name](student.float(), teacher.float()))


def test_no_tensor_of_all_triplets_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither forward nor backward holds B³ numbers."""
    monkeypatch.setattr(rkd, "ELEMENTS", 2**16)
    kept: list[int] = []

    def pack(tensor: Tensor) -> Tensor:
        kept.append(tensor.numel())
        return tensor

    student, teacher = torch.randn(64, 16, requires_grad=True), torch.randn(64, 32)
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        angle_loss(student, teacher).backward()
    assert sum(kept) < 64**3


def test_each_relation_is_a_term_and_can_be_left_out() -> None:
    entry = method("rkd")
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    who = cast_of(teacher, student)
    for settings, expected in (
        ({}, {"distances": 25, "angles": 50}),
        ({"angle_weight": 0}, {"distances": 25}),
        ({"distance_weight": 0, "angle_weight": 2}, {"angles": 2}),
    ):
        build = entry.joint(entry.Settings(**settings))
        assert build is not None
        terms = take_step(build(who), teacher, student)
        assert {name: term.weight for name, term in terms.items()} == expected
    assert entry.joint(entry.Settings(distance_weight=0, angle_weight=0)) is None


def test_it_works_with_any_teacher() -> None:
    entry = method("rkd")
    assert entry.refusal(entry.Settings(), cast("mlp-9-8", "mlp-5-4", classes=9)) is None
    assert entry.refusal(entry.Settings(), cast("wrn-10-2", "cnn-4")) is None
