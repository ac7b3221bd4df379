"""Activation boundary from a teacher of other classes: its scores through a head of the student's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from studio.methods.base import Cast
from studio.methods.objectives.auxiliary_head import AuxiliaryHead
from tests.methods.method_steps import build, cast, cast_of, method, network, take_step

AB = method("ab")
PAIR = ("cnn-4", "cnn-4")


def settings(**changes: object) -> Any:
    return AB.Settings(other_classes=True, **changes)


def of_other_classes() -> Cast:
    return cast(*PAIR, classes=7)


def by_hand(student: Tensor, teacher: Tensor) -> Tensor:
    """10 · mean((z_T − mean_k z_T) − (z_S − mean_k z_S))², element by element."""
    total = torch.zeros((), dtype=torch.float64)
    for s, t in zip(student, teacher, strict=True):
        for k in range(len(s)):
            total = total + ((t[k] - sum(t) / len(t)) - (s[k] - sum(s) / len(s))) ** 2
    return 10 * total / student.numel()


class Given:
    """A batch whose networks have already been run."""

    def __init__(self, embedding: Tensor, scores: Tensor) -> None:
        self.student = type("Seen", (), {"embedding": embedding})()
        self.teacher = type("Seen", (), {"logits": scores})()


def test_the_scores_are_compared_as_written_by_hand() -> None:
    torch.manual_seed(3)
    who = of_other_classes()
    objective = AuxiliaryHead(who, 2.5).double()
    embedding = torch.randn(5, who.student.embedding, dtype=torch.float64, requires_grad=True)
    scores = torch.randn(5, 7, dtype=torch.float64)
    term = objective(Given(embedding, scores))[AuxiliaryHead.TERM]
    expected = by_hand(embedding @ objective.head.weight.T + objective.head.bias, scores)
    assert term.value.dtype == torch.float64
    assert torch.allclose(term.value, expected, rtol=1e-12)
    assert term.weight == 2.5
    wanted = torch.autograd.grad(expected, [embedding, *objective.parameters()], retain_graph=True)
    found = torch.autograd.grad(term.value, [embedding, *objective.parameters()])
    assert all(torch.allclose(a, b, rtol=1e-9, atol=1e-12) for a, b in zip(wanted, found, strict=True))


def test_both_stages_learn_the_scores_and_only_the_second_the_labels() -> None:
    who = of_other_classes()
    first, second = AB.plan(settings(), who)
    assert (first.labels, second.labels) == (False, True)
    assert second.inherits == ("head",)
    assert "student.head" not in first.trains
    teacher, student = network("cnn-4", 7, seed=1), network("cnn-4")
    terms = [take_step(build(stage, who), teacher, student) for stage in (first, second)]
    assert list(terms[0]) == ["activation boundary", AuxiliaryHead.TERM]
    assert list(terms[1]) == [AuxiliaryHead.TERM]


def test_the_boundaries_have_the_scale_of_the_authors_transfer_code() -> None:
    teacher, student = network("cnn-4", 7, seed=1), network("cnn-4")
    who = cast_of(teacher, student)
    values = []
    for other_classes in (True, False):
        objective = build(AB.plan(AB.Settings(other_classes=other_classes), who)[0], who)
        torch.manual_seed(5)
        values.append(take_step(objective, teacher, student)["activation boundary"].value)
    torch.testing.assert_close(3 * values[0], values[1])


def test_the_boundaries_beside_the_scores_are_those_without_them() -> None:
    torch.manual_seed(0)
    who = cast("cnn-8", "cnn-4", classes=7)
    teacher, student = network("cnn-8", 7, seed=1), network("cnn-4")
    objective = build(AB.plan(settings(), who)[0], who)
    assert objective.connects
    torch.manual_seed(5)
    together = take_step(objective, teacher, student)
    torch.manual_seed(5)
    alone = take_step(objective.beside, teacher, student)
    assert torch.equal(together["activation boundary"].value, alone["activation boundary"].value)
    pre = torch.randn(2, 4, 16, 16)
    assert torch.equal(objective.connect("group1", pre), objective.beside.connect("group1", pre))


def test_the_head_has_the_teachers_classes_and_is_no_part_of_the_student() -> None:
    who = cast_of(network("cnn-4", 7), network("cnn-4"))
    first, second = (build(stage, who) for stage in AB.plan(settings(), who))
    for objective in (first, second):
        assert objective.head.weight.shape == (7, who.student.embedding)
    assert who.student.parameters == sum(p.numel() for p in network("cnn-4").parameters())


def test_other_classes_are_refused_unless_that_is_meant() -> None:
    reason = str(AB.refusal(AB.Settings(), of_other_classes()))
    assert "teacher knows 7" in reason
    assert f"switch on “{AB.Settings.model_fields['other_classes'].json_schema_extra['label']}”" in reason
    assert AB.refusal(settings(), of_other_classes()) is None
    taps = tuple(replace(tap, height=2 * tap.height) for tap in of_other_classes().student.taps)
    uneven = replace(of_other_classes(), student=replace(of_other_classes().student, taps=taps))
    assert "maps of equal size" in str(AB.refusal(settings(), uneven))


@pytest.mark.parametrize(("key", "values"), [("jacobian", {"of": "maps"}), ("composed", {"position": "neurons"})])
def test_what_compares_no_answers_needs_no_equal_classes(key: str, values: dict[str, str]) -> None:
    entry = method(key)
    assert not entry.needed(entry.Settings(**values)).same_classes


def test_a_composed_comparison_of_answers_needs_equal_classes() -> None:
    composed = method("composed")
    assert composed.needed(composed.Settings.model_construct(position="scores")).same_classes


def test_both_terms_have_their_own_weight() -> None:
    who = of_other_classes()
    teacher, student = network("cnn-4", 7, seed=1), network("cnn-4")
    objective = build(AB.plan(settings(score_weight=0.5, weight=2.0), who)[0], who)
    assert [term.weight for term in take_step(objective, teacher, student).values()] == [2.0, 0.5]
