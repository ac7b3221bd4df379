"""Dense flow: its steps climb from the bottom, repeat in cycles, and hand their connectors on."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from studio.methods import fsp_loss
from studio.methods.base import Cast
from studio.methods.objectives.comparison import Comparison
from tests.methods.method_steps import cast, cast_of, method, network, take_step

ENTRY = method("flow")


def test_steps_climb_from_the_bottom_and_the_labels_come_last() -> None:
    who = cast("resnet-14", "resnet-8")
    plan = ENTRY.plan(ENTRY.Settings(), who)
    assert [stage.name for stage in plan] == ["flow-1-1", "flow-1-2", "flow-1-3", "task"]
    assert [stage.trains[-2] for stage in plan[:3]] == ["student.group1", "student.group2", "student.group3"]
    assert [stage.labels for stage in plan] == [False, False, False, True]
    assert plan[-1].objective is None
    assert [stage.share for stage in plan] == pytest.approx([1 / 12, 1 / 12, 1 / 12, 3 / 4])
    for step, stage in enumerate(plan[:3], 1):
        assert stage.objective is not None
        objective = stage.objective(who)
        assert isinstance(objective, Comparison)
        layers = [torch.rand(1, 1 + number, 2, 2) for number in range(step + 1)]
        shapes = [tuple(flow.shape[1:]) for flow in objective.student_side.transform(layers)]
        assert shapes == [(1 + i, 1 + j) for i in range(step + 1) for j in range(i + 1, step + 1)]
        assert {ref.group for ref in objective.taps()} == {"stem", *(f"group{i + 1}" for i in range(step))}


def test_cycles_repeat_the_steps_within_the_same_share() -> None:
    plan = ENTRY.plan(ENTRY.Settings(cycles=2, transfer_share=0.3), cast("resnet-14", "resnet-8"))
    assert [stage.name for stage in plan[:-1]] == [f"flow-{cycle}-{step}" for cycle in (1, 2) for step in (1, 2, 3)]
    assert [stage.share for stage in plan] == pytest.approx([0.05] * 6 + [0.7])


def test_connectors_are_handed_on_from_step_to_step() -> None:
    plan = ENTRY.plan(ENTRY.Settings(cycles=2, connectors=True), cast("wrn-10-2", "wrn-10-1"))
    groups = [f"student_side.places.{group}" for group in ("stem", "group1", "group2", "group3")]
    assert [list(stage.inherits) for stage in plan] == [
        [], groups[:2], groups[:3], groups[:2], groups[:3], groups, []
    ]  # fmt: skip


def test_the_last_step_is_the_loss_over_all_pairs() -> None:
    teacher, student = network("cnn-8", seed=1), network("cnn-8")
    stage = ENTRY.plan(ENTRY.Settings(), cast_of(teacher, student))[1]
    assert stage.objective is not None
    objective = stage.objective(cast_of(teacher, student))
    torch.manual_seed(3)
    found = take_step(objective, teacher, student)["flow"].value
    torch.manual_seed(3)
    x = torch.rand(3, *student.source.shape)
    ours: list[Tensor] = []
    theirs: list[Tensor] = []
    for net, maps in ((student, ours), (teacher, theirs)):
        x_ = net.input(x)
        for group in (net.get_submodule(f"body.group{number}") for number in (1, 2, 3)):
            maps.append(group(x_))
            x_ = torch.nn.functional.max_pool2d(maps[-1], 2)
    torch.testing.assert_close(found, fsp_loss(ours, theirs, pairs=[(0, 1), (0, 2), (1, 2)]))


def test_widths_must_agree_or_be_bridged() -> None:
    who = cast("wrn-10-2", "wrn-10-1")
    assert "At group1 the teacher has 32 channels" in str(ENTRY.refusal(ENTRY.Settings(), who))
    assert ENTRY.refusal(ENTRY.Settings(connectors=True), who) is None
    assert "only one in common" in str(ENTRY.refusal(ENTRY.Settings(), single()))


def single() -> Cast:
    from dataclasses import replace

    who = cast("cnn-8", "cnn-8")
    return replace(who, pairs=who.pairs[-1:])
