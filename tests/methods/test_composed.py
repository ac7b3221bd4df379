"""Composed methods: the named ones are made of the same parts, and every combination that is offered works."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import torch
from pydantic import ValidationError

from studio.methods.base import Stage
from studio.methods.parts import registry
from studio.methods.parts.compatibility import ASPECTS, checks, options, picked
from studio.methods.parts.formula import formula
from studio.methods.parts.made_of_parts import MadeOfParts
from studio.networks.base import Network
from tests.methods.method_steps import build, cast, cast_of, method, network, take_step

ENTRY = method("composed")

#: (method, its settings, teacher, student): widths equal and different, with and without batch norm.
NAMED = [
    ("ofd", {}, "wrn-10-2", "wrn-10-1"),
    ("ofd", {}, "wrn-16-1", "wrn-10-1"),
    ("ab", {}, "wrn-10-2", "wrn-10-1"),
    ("ab", {"margin": 0.5, "weight": 2.0}, "wrn-16-1", "wrn-10-1"),
    ("at", {}, "wrn-10-2", "wrn-10-1"),
    ("at", {"kind": "max2", "start": 0.5, "decay": True}, "cnn-8", "cnn-4"),
    ("at", {"kind": "full"}, "wrn-10-2", "wrn-10-1"),
    ("fitnet", {}, "wrn-10-2", "wrn-10-1"),
    ("fitnet", {"hint": "3"}, "wrn-10-2", "cnn-4"),
    ("ft", {}, "wrn-10-2", "wrn-10-1"),
    ("ft", {"p": 2, "ratio": 0.75}, "cnn-8", "cnn-4"),
    ("fsp", {}, "resnet-14", "resnet-8"),
    ("fsp", {"pool": "avg", "stages": "one"}, "wrn-16-1", "wrn-10-1"),
]


def made_of_parts(key: str) -> Any:
    """A named method that the composer can open."""
    entry = method(key)
    assert isinstance(entry, MadeOfParts)
    return entry


@pytest.mark.parametrize(("key", "settings", "teacher", "student"), NAMED)
def test_the_parts_of_a_named_method_make_its_loss(
    key: str, settings: dict[str, Any], teacher: str, student: str
) -> None:
    entry = made_of_parts(key)
    chosen = entry.Settings(**settings)
    t, s = network(teacher, seed=1), network(student)
    who = cast_of(t, s)
    made = entry.as_composed(chosen, who)
    assert made is not None
    composed = ENTRY.Settings(**made.settings)
    assert ENTRY.refusal(composed, who) is None

    named, own = entry.plan(chosen, who), ENTRY.plan(composed, who)
    assert len(named) == len(own)
    assert [stage.share for stage in named] == pytest.approx([stage.share for stage in own])
    teaching = [(theirs, ours) for theirs, ours in zip(named, own, strict=True) if ours.objective is not None]
    assert teaching
    for theirs, ours in teaching:
        assert (theirs.labels, theirs.inherits, set(theirs.trains)) == (ours.labels, ours.inherits, _trains(ours))
        assert theirs.objective is not None
        expected, found = (_value(stage, t, s) for stage in (theirs, ours))
        torch.testing.assert_close(found, expected, rtol=1e-6, atol=0)  # summed in float32


def _trains(stage: Stage) -> set[str]:
    """The named methods have no other modules than the student's side, and say so in one word."""
    return {"objective" if name == "objective.student_side" and not stage.inherits else name for name in stage.trains}


def _value(stage: Stage, teacher: Network, student: Network) -> torch.Tensor:
    """(2,): the weighted loss of a stage and the length of its gradient, from fixed initial weights and pictures."""
    torch.manual_seed(0)
    objective = build(stage, cast_of(teacher, student))
    torch.manual_seed(1)
    (term,) = take_step(objective, teacher, student, 4).values()
    loss = term.weight * term.value
    slopes = torch.autograd.grad(loss, [*student.parameters(), *objective.parameters()], allow_unused=True)
    length = torch.stack([slope.double().square().sum() for slope in slopes if slope is not None]).sum().sqrt()
    return torch.stack([loss.detach().double(), length])


@pytest.mark.parametrize(
    ("teacher", "student"), [("wrn-10-2", "wrn-10-1"), ("resnet-14", "resnet-8"), ("mlp-9-8", "mlp-5-4")]
)
def test_every_combination_that_can_be_picked_takes_a_step(teacher: str, student: str) -> None:
    t, s = network(teacher, seed=1), network(student)
    who = cast_of(t, s)
    tried = set()
    for aspect in ASPECTS:
        for option in options(ENTRY.Settings(), who)[aspect]:
            settings = picked(ENTRY.Settings(), aspect, option.key, who)
            assert getattr(settings, aspect) == option.key
            if aspect == "position":
                assert (ENTRY.refusal(settings, who) is None) == (option.refusal is None)
            keys = tuple(getattr(settings, each) for each in ASPECTS)
            if ENTRY.refusal(settings, who) is not None or keys in tried:
                continue
            tried.add(keys)
            for stage in ENTRY.plan(settings, who):
                assert stage.objective is not None
                terms = take_step(stage.objective(who), t, s, 4)
                assert all(torch.isfinite(term.value) for term in terms.values()), keys
            assert formula(settings, who).loss.startswith("L = 1 · ")
            assert all(check.holds for check in checks(settings, who)), keys
    assert len(tried) >= 5


def test_what_does_not_work_says_why_in_a_few_words() -> None:
    who = cast("wrn-10-2", "wrn-10-1")
    found = options(ENTRY.Settings(), who)
    sides = {option.key: str(option.refusal) for option in found["student_side"] if option.refusal is not None}
    assert sides["as_is"] == "16 channels against 32"
    assert "softened" in sides
    reason = ENTRY.refusal(ENTRY.Settings(student_side="as_is"), who)
    assert "channels against" in str(reason)
    assert not all(check.holds for check in checks(ENTRY.Settings(student_side="as_is"), who))


def test_a_pick_changes_as_little_else_as_it_can() -> None:
    who = cast("wrn-10-2", "wrn-10-1")
    maps = picked(ENTRY.Settings(), "teacher_side", "attention", who)
    assert (maps.position, maps.teacher_side, maps.student_side, maps.distance) == (
        "groups", "attention", "attention", "l2",
    )  # fmt: skip
    signs = picked(ENTRY.Settings(position="neurons"), "distance", "marginal", who)
    assert (signs.position, signs.teacher_side, signs.student_side) == ("neurons", "on_off", "conv_bn")


def test_two_stages_leave_the_classifier_alone() -> None:
    who = cast("wrn-10-2", "wrn-10-1")
    transfer, task = ENTRY.plan(ENTRY.Settings(stages="two", transfer_share=0.3), who)
    assert not transfer.labels
    assert "student.head" not in transfer.trains
    assert "student" not in transfer.trains
    assert (task.objective, task.labels) == (None, True)
    assert (transfer.share, task.share) == pytest.approx((0.3, 0.7))


def test_unknown_parts_are_refused_with_those_there_are() -> None:
    with pytest.raises(ValidationError, match="There is no distance “l3”; there are"):
        ENTRY.Settings(distance="l3")


def test_the_formula_says_what_its_symbols_mean() -> None:
    who = cast("wrn-10-2", "wrn-10-1")
    entry = made_of_parts("ab")
    made = entry.as_composed(entry.Settings(), who)
    assert made is not None
    found = formula(ENTRY.Settings(**made.settings), who)
    assert found.loss == (
        "L = 0.003 · Σₗ wₗ · 1/B · Σ [ ρ(tₗ) · max(0, μ − c(sₗ))² + (1 − ρ(tₗ)) · max(0, μ + c(sₗ))² ]"
    )
    assert "wₗ = ¼, ½, 1 from the lowest layer to the last" in found.notes
    assert "μ is the margin" in found.notes


def test_a_run_is_called_by_the_name_given() -> None:
    assert ENTRY.name(ENTRY.Settings(name="Mine")) == "Mine"
    assert ENTRY.name(ENTRY.Settings()) == "Your own method"


@pytest.mark.parametrize(("teacher", "student"), [("wrn-10-2", "wrn-10-1"), ("mlp-9-8", "mlp-5-4")])
def test_what_is_offered_is_what_is_not_refused(teacher: str, student: str) -> None:
    """Of every position the bench offers exactly those sides and distances that stand in a combination that works."""
    who = cast(teacher, student)
    possible = [where for where in registry.positions() if where.refusal(who, ENTRY.Settings()) is None]
    assert possible
    for where in possible:
        here = ENTRY.Settings(position=where.key)
        working = {
            tuple(part.key for part in parts)
            for parts in product(registry.sides("teacher"), registry.sides("student"), registry.distances())
            if registry.parts_refusal(where, *parts, who, here) is None
        }
        found = options(here, who)
        for place, aspect in enumerate(ASPECTS[1:]):
            offered = {option.key for option in found[aspect] if option.refusal is None}
            assert offered == {keys[place] for keys in working}, (where.key, aspect)
