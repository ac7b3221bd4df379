"""Boundary supporting samples: the walk to the boundary, who is chosen for it, and the schedule."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Literal

import pytest
import torch
from torch import Tensor

from studio.methods import boundary_samples, boundary_weights, select_base_samples
from studio.methods.bss import BoundaryTargets
from studio.methods.ops.boundary_walk import BoundaryAttack, base_scores, boundary_walk, input_walk
from tests.methods.loss_checks import Golden, close
from tests.methods.method_steps import cast_of, method, network, take_step


def teacher_of(golden: Golden) -> Callable[[Tensor], Tensor]:
    def teacher(x: Tensor) -> Tensor:
        hidden = (x.flatten(1) @ golden["teacher_W1"].T + golden["teacher_b1"]).relu()
        return hidden @ golden["teacher_W2"].T + golden["teacher_b2"]

    return teacher


def test_the_samples_are_the_golden_ones() -> None:
    golden = Golden("bss")
    given = teacher_of(golden), golden["x"], golden["base"], golden["target"]
    close(boundary_samples(*given), golden["adversarial"])
    assert len(list(boundary_walk(*given))) == int(golden["steps_used"])


def test_the_choice_is_the_golden_one() -> None:
    golden = Golden("bss")
    given = golden["sel_student_logits"], golden["sel_teacher_logits"], golden["sel_labels"]
    close(base_scores(*given), golden["sel_score"])
    assert select_base_samples(*given, 4).tolist() == golden["sel_top4"].tolist()
    assert sorted(select_base_samples(*given, 99).tolist()) == torch.nonzero(golden["sel_score"] >= 0)[:, 0].tolist()


def test_the_schedule_is_the_golden_one() -> None:
    golden = Golden("bss")
    weights = torch.tensor([boundary_weights(epoch, 80) for epoch in range(1, 81)], dtype=torch.float64)
    close(weights[:, 0], golden["kd_weight_80_epochs"])
    close(weights[:, 1], golden["bss_weight_80_epochs"])


def line(x: Tensor) -> Tensor:
    """A teacher whose boundary is x₀ = 0."""
    return torch.stack([-x[:, 0], x[:, 0]], 1)


def test_a_sample_stops_just_behind_the_boundary() -> None:
    x = torch.tensor([[-1.0, 5.0], [-0.1, 0.0], [2.0, 0.0]])
    base, target = torch.tensor([0, 0, 1]), torch.tensor([1, 1, 0])
    walked = boundary_samples(line, x, base, target, step=0.5, max_steps=100)
    assert (line(walked).argmax(1) == target).all()
    assert walked[:, 0].abs().max() < 1e-3
    assert walked[:, 1].tolist() == [2.5, 0.0, 0.0]
    assert x[0, 1] == 5


def test_a_sample_already_across_stays_where_it_is() -> None:
    x = torch.tensor([[3.0, 1.0]])
    assert torch.equal(boundary_samples(line, x, torch.tensor([0]), torch.tensor([1])), x)


def test_a_teacher_without_slope_moves_nothing() -> None:
    x = torch.rand(2, 3)
    flat = boundary_samples(
        lambda x: 0 * x[:, :2] + torch.tensor([1.0, 0.0]), x, torch.zeros(2).long(), torch.ones(2).long()
    )
    assert torch.equal(flat, x)


def test_nobody_and_no_step_are_allowed() -> None:
    none = torch.zeros(0, dtype=torch.int64)
    assert boundary_samples(line, torch.zeros(0, 2), none, none).shape == (0, 2)
    x = torch.randn(2, 2)
    assert torch.equal(boundary_samples(line, x, none.new_zeros(2), none.new_ones(2), max_steps=0), x)


def test_the_walk_leaves_the_teachers_weights_without_gradient() -> None:
    teacher = network("cnn-4").eval()
    x = torch.rand(2, 3, 16, 16)
    base = teacher(x).argmax(1)
    boundary_samples(teacher, x, base, (base + 1) % 4)
    assert all(parameter.grad is None for parameter in teacher.parameters())


def test_the_walk_can_be_watched_step_by_step() -> None:
    x = torch.tensor([[-2.0, 0.0]])
    walk = list(boundary_walk(line, x, torch.tensor([0]), torch.tensor([1])))
    places = [-2.0, *(step[0, 0].item() for step in walk)]
    assert len(walk) == 10
    assert places == sorted(places)
    assert torch.equal(walk[-1], boundary_samples(line, x, torch.tensor([0]), torch.tensor([1])))


class Agreed:
    """A batch on which a linear student and teacher get all right, or all wrong."""

    period, periods = 0, 5

    def __init__(self, *, right: bool) -> None:
        self.inputs = torch.rand(8, 3)
        self.weight = torch.randn(3, 3, requires_grad=True)
        self.student, self.teacher = self.again("student", self.inputs), self.again("teacher", self.inputs)
        shift = 0 if right else 1
        self.labels = (self.teacher.logits.argmax(1) + shift) % 3
        self.asked: list[tuple[str, int]] = []

    def again(self, who: str, inputs: Tensor) -> Any:
        if hasattr(self, "asked"):
            self.asked.append((who, len(inputs)))
        return SimpleNamespace(logits=inputs @ (self.weight if who == "student" else self.weight.detach()))


def objective(**settings: float) -> BoundaryTargets:
    build = method("bss").joint(method("bss").Settings(**settings))
    assert build is not None
    teacher, student = network("mlp-4"), network("mlp-4")
    made = build(cast_of(teacher, student))
    assert isinstance(made, BoundaryTargets)
    return made


def test_at_most_a_quarter_of_the_batch_is_pushed() -> None:
    batch = Agreed(right=True)
    terms = objective()(batch)
    assert {count for who, count in batch.asked if who == "student"} == {2}
    assert max(count for _, count in batch.asked) == 2
    assert terms["boundary samples"].value.requires_grad
    assert terms["boundary samples"].weight == pytest.approx(boundary_weights(1, 5)[1])
    assert terms["soft targets"].weight == pytest.approx(boundary_weights(1, 5)[0])


def test_where_nobody_is_fit_the_term_is_there_and_zero() -> None:
    batch = Agreed(right=False)
    term = objective()(batch)["boundary samples"]
    assert term.value.item() == 0
    assert not batch.asked


def test_when_its_weight_is_gone_nothing_is_pushed() -> None:
    batch = Agreed(right=True)
    batch.period = 4
    terms = objective()(batch)
    assert terms["boundary samples"].weight == 0
    assert not batch.asked


def test_a_teacher_that_is_completely_sure_still_names_a_target() -> None:
    batch = Agreed(right=True)
    batch.teacher.logits = 1e4 * batch.teacher.logits
    samples = objective(share=1.0).samples(batch)  # type: ignore[arg-type]  # as much of a batch as it looks at
    assert samples is not None
    assert samples.isfinite().all()


def test_it_takes_a_step_with_pictures() -> None:
    torch.manual_seed(0)
    net = network("cnn-4", seed=1)
    terms = take_step(objective(share=1.0), net, net, batch=16)
    assert all(term.value.isfinite() for term in terms.values())


def steep(x: Tensor) -> Tensor:
    """As :func:`line`, and very sure of itself."""
    return 50 * line(x)


def test_steps_divided_by_the_square_do_not_leap_over_a_steep_boundary() -> None:
    x = torch.tensor([[-0.8, 0.0], [-0.9, 1.0]])
    base, target, spread = torch.tensor([0, 0]), torch.tensor([1, 1]), (torch.zeros(1, 2), torch.ones(1, 2))
    *_, last = input_walk(steep, x, base, target, spread, BoundaryAttack(0.3, 10, "square"))
    assert torch.allclose(last[:, 0], 0.7**10 * x[:, 0], atol=1e-4)  # a share of what is left, at every step
    *_, last = input_walk(steep, x, base, target, spread, BoundaryAttack(0.3, 10, "length"))
    assert (last[:, 0] > 2).all()


def test_vectors_are_pushed_by_the_square_and_pictures_by_length_unless_told_otherwise() -> None:
    base, target = torch.tensor([0, 0]), torch.tensor([1, 1])
    points = torch.tensor([[-0.8, 0.0], [-0.9, 1.0]])
    flat = (torch.zeros(1, 2), torch.ones(1, 2))
    pictures, deep = points[:, :, None, None], (torch.zeros(1, 2, 1, 1), torch.ones(1, 2, 1, 1))

    def end(inputs: Tensor, spread: tuple[Tensor, Tensor], divide: Literal["auto", "length", "square"]) -> Tensor:
        return list(
            input_walk(lambda x: steep(x.flatten(1)), inputs, base, target, spread, BoundaryAttack(0.3, 10, divide))
        )[-1]

    assert torch.equal(end(points, flat, "auto"), end(points, flat, "square"))
    assert torch.equal(end(pictures, deep, "auto"), end(pictures, deep, "length"))
