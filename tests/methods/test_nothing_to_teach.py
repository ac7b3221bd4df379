"""Where what a method compares is the same whatever the networks are, it is refused; elsewhere it has something to teach."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import torch
from torch import Tensor

from studio import catalog
from studio.methods.base import Cast, Stage
from studio.networks.base import Network
from studio.networks.build import build_network
from tests.methods.method_steps import PICTURES, POINTS, cast_of, method, take_step

#: Methods of one training with a teacher; generations have a student of their own making.
KEYS = [entry.key for entry in catalog.entries("method") if entry.needs.teacher]
PAIRS = [("resnet-14", "resnet-8"), ("mlp-9-8", "mlp-5-4")]
RELATIONS = {"position": "pooled", "teacher_side": "relations", "student_side": "relations", "distance": "huber"}
#: Below this part of its slope on a usual batch a method teaches nothing: what is left is rounding and floors of divisors.
NOTHING = 1e-3


def network(key: str, classes: int, seed: int) -> Network:
    source = POINTS if key.startswith("mlp") else PICTURES
    return build_network(key, source, tuple(map(str, range(classes))), seed)


def slope(stage: Stage, who: Cast, teacher: Network, student: Network, batch: int) -> float:
    """The length of the gradient at the student of what a stage brings beside the labels, the largest of three batches."""
    if stage.objective is None:
        return 0.0
    lengths: list[Tensor] = [torch.zeros(())]
    for seed in range(3):
        torch.manual_seed(seed)
        terms = take_step(stage.objective(who), teacher, student, batch).values()
        loss = torch.stack([term.weight * term.value for term in terms]).sum()
        if not loss.requires_grad:
            continue
        slopes = torch.autograd.grad(loss, list(student.parameters()), allow_unused=True)
        found = [gradient.double().square().sum() for gradient in slopes if gradient is not None]
        lengths.append(torch.stack(found).sum().sqrt() if found else torch.zeros(()))
    return max(float(length) for length in lengths)


@cache
def usual(key: str, pair: tuple[str, str]) -> float:
    """The largest slope of a stage on a usual batch of four classes."""
    teacher, student = network(pair[0], 4, 1), network(pair[1], 4, 0)
    who = cast_of(teacher, student)
    entry = method(key)
    return max(slope(stage, who, teacher, student, 12) for stage in entry.plan(entry.Settings(), who))


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("classes", "batch"), [(2, 12), (2, 2), (3, 1), (3, 2), (3, 3)])
@pytest.mark.parametrize("pair", PAIRS)
def test_a_method_is_refused_exactly_where_it_has_nothing_to_teach(
    key: str, classes: int, batch: int, pair: tuple[str, str]
) -> None:
    entry = method(key)
    if entry.refusal(entry.Settings(), cast_of(network(pair[0], 4, 1), network(pair[1], 4, 0))) is not None:
        pytest.skip("it cannot work with this pair")
    teacher, student = network(pair[0], classes, 1), network(pair[1], classes, 0)
    who = replace(cast_of(teacher, student), batch=batch)
    found = max(slope(stage, who, teacher, student, batch) for stage in entry.plan(entry.Settings(), who))
    teaches = found > NOTHING * usual(key, pair)
    assert (entry.refusal(entry.Settings(), who) is None) == teaches


@pytest.mark.parametrize(
    ("key", "settings", "pair", "changes", "said"),
    [
        ("logit_std", {}, PAIRS[0], {"classes": 2}, "Choose soft targets, or data of 3 classes or more"),
        ("rkd", {}, PAIRS[0], {"batch": 2}, "take a batch of 3 or more"),
        ("rkd", {"distance_weight": 0}, ("mlp-9-8", "mlp-5-1"), {}, "Give the distances a weight"),
        ("sp", {}, PAIRS[1], {"batch": 1}, "take a batch of 2 or more"),
        ("pkt", {}, ("mlp-9-8", "mlp-5-1"), {}, "Choose a student that is wider there"),
        ("dist", {"class_weight": 0}, PAIRS[0], {"batch": 2}, "3 pictures or more in a step"),
        ("dist", {"picture_weight": 0}, PAIRS[0], {"classes": 2}, "3 classes or more"),
        ("dkd", {"alpha": 0}, PAIRS[0], {"classes": 2}, "Give the right class a weight"),
        ("composed", RELATIONS, PAIRS[0], {"batch": 2}, "take a batch of 3 or more"),
    ],
)
def test_the_refusal_says_why_and_what_to_do(
    key: str, settings: dict[str, Any], pair: tuple[str, str], changes: dict[str, Any], said: str
) -> None:
    entry = method(key)
    who = cast_of(network(pair[0], 4, 1), network(pair[1], 4, 0))
    assert said in str(entry.refusal(entry.Settings(**settings), replace(who, **changes)))
    usual_settings = {} if not changes else settings
    wide = who if changes else cast_of(network(PAIRS[1][0], 4, 1), network(PAIRS[1][1], 4, 0))
    assert entry.refusal(entry.Settings(**usual_settings), wide) is None


def test_a_factor_of_a_single_number_is_refused() -> None:
    entry, who = method("ft"), cast_of(network("resnet-14", 4, 1), network("resnet-8", 4, 0))
    assert who.teacher is not None
    taps = tuple(replace(tap, height=2, width=2) for tap in who.teacher.taps)
    small = replace(who, teacher=replace(who.teacher, taps=tuple(replace(tap, channels=16) for tap in taps)))
    single = entry.Settings(paraphraser="narrowing", ratio=0.05)
    assert "Raise the paraphrase ratio" in str(entry.refusal(single, small))
    assert entry.refusal(entry.Settings(paraphraser="narrowing"), small) is None


def test_a_batch_that_is_not_known_yet_refuses_nothing() -> None:
    entry, who = method("rkd"), cast_of(network("cnn-8", 4, 1), network("cnn-4", 4, 0))
    assert who.batch is None
    assert entry.refusal(entry.Settings(), who) is None
