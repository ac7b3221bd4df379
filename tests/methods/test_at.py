"""Attention transfer: when its weight counts, and whole activations instead of maps."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from studio.methods.base import Objective
from tests.methods.method_steps import cast_of, method, network, take_step


def objective(student: str = "cnn-4", teacher: str = "cnn-8", **settings: object) -> tuple[Objective, list[float]]:
    """The objective, and the weight of its term in each of five epochs."""
    nets = network(teacher, seed=1), network(student)
    build = method("at").joint(method("at").Settings(**settings))
    assert build is not None
    made = build(cast_of(*nets))
    terms = [next(iter(take_step(made, *nets, epoch=epoch).values())) for epoch in range(5)]
    assert all(term.value.isfinite() for term in terms)
    return made, [term.weight for term in terms]


def test_it_can_fade_and_begin_late() -> None:
    assert objective(decay=True)[1] == pytest.approx([1000, 800, 600, 400, 200])
    assert objective(start=0.6)[1] == pytest.approx([0, 0, 0, 1000, 1000])
    assert objective(start=0.4, decay=True)[1] == pytest.approx([0, 0, 600, 400, 200])


def test_whole_activations_are_compared_behind_a_convolution_where_widths_differ() -> None:
    made, weights = objective(kind="full", full_weight=2)
    assert weights == [2] * 5
    assert sum(isinstance(module, nn.Conv2d) for module in made.modules()) == 3
    assert not list(objective("wrn-10-1", "wrn-16-1", kind="full")[0].parameters())


def test_whole_activations_of_a_copy_cost_nothing() -> None:
    net = network("wrn-10-1").eval()
    build = method("at").joint(method("at").Settings(kind="full"))
    assert build is not None
    (term,) = take_step(build(cast_of(net, net)), net, net).values()
    assert term.value.item() == 0


def test_whole_activations_of_other_sizes_are_pooled() -> None:
    teacher, student = network("cnn-8", seed=1), network("cnn-8")
    student.body.get_submodule("group1").get_submodule("conv").stride = (2, 2)  # type: ignore[assignment]  # a module, as torch types it
    build = method("at").joint(method("at").Settings(kind="full"))
    assert build is not None
    torch.manual_seed(0)
    (term,) = take_step(build(cast_of(teacher, student)), teacher, student).values()
    assert term.value.isfinite()
