"""Network recasting: which forms it gives which networks, its stages, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from studio.core.errors import Invalid
from studio.experiment import validated
from studio.insight.network_and_data_info import cast_of, network_info
from studio.methods.base import Cast, Stage
from studio.methods.recast import NetworkRecasting, RecastSettings
from studio.networks.exchange import exchange
from tests.methods.method_steps import network

CIFAR = (3, 32, 32)
COUNTS = json.loads((Path(__file__).parents[1] / "golden" / "param_counts.json").read_text())
METHOD = NetworkRecasting()


def form(teacher: str, **settings: Any) -> str:
    return METHOD.student_network(RecastSettings(**settings), teacher, "recast")


def cast_for(teacher: str, **settings: Any) -> Cast:
    return replace(cast_of(teacher, teacher, CIFAR, 10), made_from_teacher=True)


def plan(teacher: str, **settings: Any) -> list[Stage]:
    return METHOD.plan(RecastSettings(**settings), cast_for(teacher))


def kinds(key: str) -> list[str]:
    return [each.block.kind for each in network_info(key, CIFAR, 10).blocks]


@pytest.mark.parametrize(
    ("teacher", "settings", "expected"),
    [
        (
            "densenet-bc-22-4",
            {"target": "basic"},
            ["stem", "basic", "transition", "basic", "transition", "basic", "head"],
        ),
        ("densenet-bc-22-4", {"target": "conv"}, ["stem", "conv", "transition", "conv", "transition", "conv", "head"]),
        ("resnet-8", {"target": "conv"}, ["stem", "conv", "conv", "conv", "head"]),
        ("resnet-8", {"target": "basic", "ratio": 0.5}, ["stem", "basic", "basic", "basic", "head"]),
        ("resnet-11b", {"target": "conv"}, ["stem", "conv", "conv", "conv", "head"]),
        ("resnet-20b", {"groups": "conv, conv, bottleneck"}, ["stem", *["conv"] * 4, *["bottleneck"] * 2, "head"]),
        ("resnet-20b", {"groups": "conv,conv,keep"}, ["stem", *["conv"] * 4, *["bottleneck"] * 2, "head"]),
        ("cnn-8", {"groups": "conv-0.5,conv-0.7,keep"}, ["conv", "conv", "conv", "head"]),
    ],
)
def test_each_way_of_recasting_gives_the_form_it_should(
    teacher: str, settings: dict[str, Any], expected: list[str]
) -> None:
    assert kinds(form(teacher, **settings)) == expected
    assert METHOD.refusal(RecastSettings(**settings), cast_for(teacher)) is None


def test_the_vgg_of_the_deck_has_its_counts() -> None:
    facts = network_info(form("vgg-16", ratio=0.4), CIFAR, 10)
    assert facts.parameters == 2_362_664
    assert facts.macs / 1e6 == pytest.approx(50.63, abs=0.01)
    assert facts.blocks == network_info("vgg-16-0.4", CIFAR, 10).blocks


def test_a_wide_resnet_at_a_fifth_is_the_narrow_one() -> None:
    facts = network_info(form("wrn-28-10", target="basic", ratio=0.2), CIFAR, 10)
    narrow = network_info("wrn-28-2", CIFAR, 10)
    assert (facts.parameters, facts.macs) == (narrow.parameters, narrow.macs)
    assert facts.parameters / 1e6 == pytest.approx(1.46, abs=0.01)


def test_a_bottleneck_becomes_as_wide_as_its_middle() -> None:
    before, after = network_info("resnet-11b", CIFAR, 10), network_info(form("resnet-11b"), CIFAR, 10)
    assert [each.block.width for each in after.blocks[1:-1]] == [each.block.inner for each in before.blocks[1:-1]]


def test_there_is_a_stage_for_each_block_and_one_with_labels_in_the_published_proportion() -> None:
    stages = plan("cnn-8")
    assert [stage.name for stage in stages] == ["group1", "group2", "group3", "task"]
    assert [stage.labels for stage in stages] == [False, False, False, True]
    assert [280 * stage.share for stage in stages] == pytest.approx([60, 60, 60, 100])
    assert stages[0].trains == ("student.group1", "student.group2")
    assert stages[2].trains == ("student",), "the classifier is the block behind the last"
    counted = plan("cnn-8", block_epochs=7)
    assert [(stage.epochs, stage.share) for stage in counted][-2:] == [(7, counted[0].share), (None, 1.0)]
    assert [stage.name for stage in plan("cnn-8", order="simultaneous")] == ["blocks", "task"]


def test_stage_by_stage_the_student_becomes_the_form_that_was_planned() -> None:
    teacher = network("resnet-8")
    student = exchange(teacher, {}, 0, key=teacher.key)
    for stage in plan("resnet-8", ratio=0.5)[:-1]:
        assert stage.prepare is not None
        student = stage.prepare({"teacher": teacher, "student": student}, 1)
    assert student.key == form("resnet-8", ratio=0.5)
    assert [b.width for b in student.blocks] == [
        b.block.width for b in network_info(student.key, (3, 16, 16), 4).blocks
    ]


@pytest.mark.parametrize(
    ("teacher", "settings", "said"),
    [
        ("mlp-20-10", {}, "linear layers"),
        ("cnn-8", {"target": "basic"}, "no way from there to a basic block"),
        ("cnn-8", {"groups": "conv,keep"}, "names 2 groups, and the network has 3"),
        ("cnn-8", {"groups": "keep"}, "all are to be kept"),
        ("resnet-8", {"target": "bottleneck"}, "no way from there to a bottleneck"),
    ],
)
def test_what_cannot_be_recast_is_refused_with_the_reason(teacher: str, settings: dict[str, Any], said: str) -> None:
    shape = (2,) if teacher.startswith("mlp") else CIFAR
    who = replace(cast_of(teacher, teacher, shape, 10), made_from_teacher=True)
    assert said in str(METHOD.refusal(RecastSettings(**settings), who))


def test_it_takes_only_a_student_made_from_the_teacher_and_no_other_method_takes_one() -> None:
    assert "Made from the teacher" in str(METHOD.refusal(RecastSettings(), cast_of("cnn-8", "cnn-4", CIFAR, 10)))
    picked = {"dataset": {"key": "digits"}, "teacher": {"key": "cnn-8"}}
    for student, method in (("cnn-4", "recast"), ("recast", "kd"), ("recast", "none")):
        with pytest.raises(Invalid, match="student"):
            validated({**picked, "student": {"key": student}, "method": {"key": method}})
    with pytest.raises(Invalid, match="cannot join"):
        validated({**picked, "student": {"key": "cnn-4"}, "method": {"key": "kd", "also": [{"key": "recast"}]}})


@pytest.mark.parametrize("groups", ["convolution", "conv-2", "conv,,keep", "keep-0.5", "conv-0"])
def test_a_plan_that_is_none_is_refused_in_words(groups: str) -> None:
    with pytest.raises(ValidationError, match="Groups are named by conv, basic, bottleneck or keep"):
        RecastSettings(groups=groups)


def test_forms_can_be_recast_again_and_counts_are_as_published() -> None:
    again = form(form("vgg-16", ratio=0.4), ratio=0.5)
    assert again == "recast:conv-0.5:recast:conv-0.4:vgg-16"
    assert network_info(again, CIFAR, 10).parameters < 2_362_664 / 3
    assert COUNTS["built: VGG16 recast .4 nofc"] == {"params": 2_362_664, "macs": 50_633_422}
