"""Factor transfer: the loss against the golden arrays, the auto-encoder, its stages and its ablations."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from studio.methods import factor_loss
from studio.methods.base import TapRef
from studio.methods.ft import factor_directions
from studio.methods.objectives.comparison import Comparison
from studio.methods.objectives.paraphraser import Paraphraser, Reconstruction
from tests.methods.loss_checks import SHAPES, Golden, check, close, finite
from tests.methods.method_steps import cast, cast_of, method, network, take_step

ENTRY = method("ft")
KINDS = ["plain", "narrowing", "sparse"]


def test_loss() -> None:
    golden = Golden("ft")
    student, teacher = golden.student("student_factor"), golden["teacher_factor"]
    loss = factor_loss(student, teacher)
    check(loss, golden["loss_code_p1"], (student, golden["grad_code_p1"]))
    close(loss * student[0].numel(), golden["loss_paper_p1"])
    each = torch.stack([factor_loss(s[None], t[None], p=2) for s, t in zip(student, teacher, strict=True)])
    close((each * student[0].numel()).sqrt().mean(), golden["loss_paper_p2"])


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize(("shape", "other"), SHAPES)
def test_it_is_finite_where_it_is_difficult(p: int, shape: tuple[int, ...], other: tuple[int, ...]) -> None:
    def loss(student: Tensor, teacher: Tensor) -> Tensor:
        return factor_loss(student, teacher, p)

    student, teacher = torch.randn(shape), torch.randn(shape[0], *other)
    for scale in (0.0, 1e-20, 1.0, 1e3):
        finite(loss, scale * student, teacher)
        finite(loss, student, scale * teacher)
    finite(loss, 0 * student, 0 * teacher)
    assert float(finite(loss, student, student)) == 0
    torch.testing.assert_close(loss(5 * student, teacher), loss(student, teacher))


def test_a_factor_of_nothing_has_the_slope_of_the_authors_code() -> None:
    student = torch.zeros(4, 5, 3, 2, dtype=torch.float64, requires_grad=True)
    teacher = torch.randn(4, 5, 3, 2, dtype=torch.float64)
    ours, theirs = (torch.nn.functional.normalize(factor.flatten(1)) for factor in (student, teacher))
    expected = torch.nn.functional.l1_loss(ours, theirs)
    (gradient,) = torch.autograd.grad(expected, student)
    assert gradient.isfinite().all()
    check(factor_loss(student, teacher), expected.detach(), (student, gradient))
    steady = factor_directions([student, teacher])
    (gradient,) = torch.autograd.grad((steady[0] - steady[1]).abs().mean(), student)
    assert gradient.abs().max() == 0


def test_half_precision_is_summed_in_float32() -> None:
    student, teacher = (20 * torch.randn(2, 2, 64, 16, 16)).to(torch.float16)
    assert factor_loss(student, teacher).dtype == torch.float32


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("size", [(8, 8), (7, 5), (1, 1)])
def test_the_paraphraser_rebuilds_what_it_reads(narrow: bool, size: tuple[int, int]) -> None:
    paraphraser, features = Paraphraser(6, 3, narrow=narrow), torch.randn(2, 6, *size)
    factor = paraphraser(features)
    expected = tuple((n + 1) // 2 for n in size) if narrow else size
    assert factor.shape == (2, 3, *expected)
    assert paraphraser.rebuilt(factor, features).shape == (2, 6, *size)


def test_its_layers_are_those_of_the_authors() -> None:
    shapes = [tuple(p.shape) for p in Paraphraser(6, 3).parameters() if p.dim() == 4]
    assert shapes == [(6, 6, 3, 3), (3, 6, 3, 3), (3, 3, 3, 3), (3, 3, 3, 3), (3, 6, 3, 3), (6, 6, 3, 3)]
    plan = ENTRY.plan(ENTRY.Settings(ratio=0.5), cast("wrn-10-2", "wrn-10-1"))
    assert plan[1].objective is not None
    objective = plan[1].objective(cast("wrn-10-2", "wrn-10-1"))
    assert isinstance(objective, Comparison)
    shapes = [tuple(p.shape) for p in objective.student_side.parameters() if p.dim() == 4]
    assert shapes == [(64, 64, 3, 3), (64, 64, 3, 3), (64, 64, 3, 3)]
    assert all(p.dim() == 4 or p.dim() == 1 for p in objective.parameters())


def test_the_paraphraser_learns_first_without_student_and_labels_and_is_then_frozen() -> None:
    who = cast("resnet-14", "resnet-8")
    first, second = ENTRY.plan(ENTRY.Settings(), who)
    assert (first.labels, first.trains) == (False, ("objective",))
    assert (second.labels, second.trains) == (True, ("student", "objective.student_side"))
    assert second.inherits == ("teacher_side",)
    assert first.objective is not None
    objective = first.objective(who)
    assert isinstance(objective, Reconstruction)
    assert objective.taps() == (TapRef("teacher", "group3", "out"),)
    assert not objective.needs_logits


@pytest.mark.parametrize("kind", KINDS)
def test_reconstruction_can_be_learnt(kind: str) -> None:
    torch.manual_seed(0)
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    build = ENTRY.plan(ENTRY.Settings(paraphraser=kind), cast_of(teacher, student))[0].objective
    assert build is not None
    objective = build(cast_of(teacher, student))
    optimiser = torch.optim.SGD(objective.parameters(), lr=0.1, momentum=0.9)
    values = []
    for _ in range(30):
        terms = take_step(objective, teacher, student, 16)
        assert set(terms) == ({"reconstruction", "sparsity"} if kind == "sparse" else {"reconstruction"})
        values.append(terms["reconstruction"].value.item())
        optimiser.zero_grad()
        sum((term.weight * term.value for term in terms.values()), torch.zeros(())).backward()
        optimiser.step()
    assert values[-1] < 0.8 * values[0]
    assert all(parameter.grad is None for parameter in student.parameters())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pair", [("cnn-8", "cnn-4"), ("wrn-10-1", "cnn-4")])
def test_factors_are_compared_at_one_size(kind: str, pair: tuple[str, str]) -> None:
    teacher, student = network(pair[0], seed=1), network(pair[1])
    who = cast_of(teacher, student)
    build = ENTRY.plan(ENTRY.Settings(paraphraser=kind, p=2), who)[1].objective
    assert build is not None
    term = take_step(build(who), teacher, student)["factors"]
    assert torch.isfinite(term.value)
    assert term.weight == 500


def test_without_paraphraser_there_is_one_stage_and_the_factor_is_the_feature() -> None:
    who = cast("wrn-10-2", "wrn-10-1")
    (stage,) = ENTRY.plan(ENTRY.Settings(paraphraser="none"), who)
    assert stage.objective is not None
    objective = stage.objective(who)
    assert not [name for name, _ in objective.named_parameters() if "teacher_side" in name]
    assert [tuple(p.shape) for p in objective.parameters() if p.dim() == 4][-1] == (128, 128, 3, 3)


def test_beside_another_method_nothing_untrained_paraphrases() -> None:
    build = ENTRY.joint(ENTRY.Settings())
    assert build is not None
    objective = build(cast("wrn-10-2", "wrn-10-1"))
    assert isinstance(objective, Comparison)
    assert not list(objective.teacher_side.parameters())


def test_without_translator_the_widths_must_fit() -> None:
    who = cast("wrn-10-2", "wrn-10-1")
    reason = str(ENTRY.refusal(ENTRY.Settings(translator=False, ratio=1), who))
    assert "it has 128 channels, the student 64" in reason
    assert "ratio of 0.5" in reason
    assert ENTRY.refusal(ENTRY.Settings(translator=False, ratio=0.5), who) is None
    neither = ENTRY.Settings(translator=False, paraphraser="none")
    assert "teacher's has 128 channels" in str(ENTRY.refusal(neither, who))
    assert ENTRY.refusal(neither, cast("resnet-14", "resnet-8")) is None
