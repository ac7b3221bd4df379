"""Methods: what their stages train, what their objectives look at, and what they refuse."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from pydantic import ValidationError

from studio import catalog
from studio.methods.base import AnyMethod, History, Stage, StageRecord, TapRef
from studio.training.trainable_parts import trained_blocks, trained_parts
from tests.methods.method_steps import cast, cast_for, cast_of, method, network, student_for, take_step

PAIRS = [
    ("wrn-16-2", "wrn-10-1"),
    ("resnet-14", "resnet-8"),
    ("wrn-10-1", "cnn-4"),
    ("cnn-16", "cnn-16"),
    ("mlp-9-8", "mlp-5-4"),
]
METHODS: list[AnyMethod] = catalog.entries("method")


def refusal_of(entry: AnyMethod, pair: tuple[str, str]) -> str:
    """Why a method with its defaults cannot work with a pair, empty where it can."""
    return str(entry.refusal(entry.Settings(), cast_for(entry, *pair)) or "")


COMBINATIONS = {f"{entry.key}-{pair[0]}-{pair[1]}": (entry, pair) for entry in METHODS for pair in PAIRS}
REFUSED = {name: combined for name, combined in COMBINATIONS.items() if refusal_of(*combined)}
FITTING = {name: combined for name, combined in COMBINATIONS.items() if name not in REFUSED}


def finished(stage: Stage) -> StageRecord:
    return StageRecord(stage.name, 1, 1)


@pytest.mark.parametrize("entry", METHODS, ids=lambda entry: entry.key)
def test_its_card_and_settings_are_complete(entry: AnyMethod) -> None:
    assert entry.title
    assert entry.words.endswith(".")
    assert entry.source.title
    if entry.source.year is not None:
        assert str(entry.source.year) in entry.source.venue
    schema = entry.Settings.model_json_schema()["properties"] if entry.Settings.model_fields else {}
    for name, setting in schema.items():
        assert setting["description"], name
        assert setting["label"], name
        assert setting.get("level", "beginner") in {"beginner", "expert", "composer"}
        if setting.get("type") in {"number", "integer"}:
            assert {"maximum", "exclusiveMaximum"} & set(setting), name
            assert {"minimum", "exclusiveMinimum"} & set(setting), name
            assert setting["step"] > 0
    with pytest.raises(ValidationError):
        entry.Settings.model_validate({"nonsense": 1})


@pytest.mark.parametrize(("entry", "pair"), REFUSED.values(), ids=REFUSED.keys())
def test_it_refuses_vectors_and_channels_alone(entry: AnyMethod, pair: tuple[str, str]) -> None:
    if not ((entry.needs.pictures or entry.needs.made_from_teacher) and pair[0].startswith("mlp")):
        assert "channels" in refusal_of(entry, pair)
    else:
        assert refusal_of(entry, pair).endswith(".")


def test_every_method_fits_one_of_the_pairs() -> None:
    assert {entry.key for entry, _ in FITTING.values()} == {entry.key for entry in METHODS}


@pytest.mark.parametrize(("entry", "pair"), FITTING.values(), ids=FITTING.keys())
def test_its_stages_fit_the_pair_and_fill_the_budget(entry: AnyMethod, pair: tuple[str, str]) -> None:
    settings, who = entry.Settings(), cast_for(entry, *pair)
    plan = entry.plan(settings, who)
    assert sum(stage.share for stage in plan) == pytest.approx(1)
    assert len({stage.name for stage in plan}) == len(plan)
    inside = (*who.student.parts, *(each.block.name for each in who.student.blocks))
    names = {"student", "objective", *(f"student.{part}" for part in inside)}
    for stage in plan:
        assert {name for name in stage.trains if not name.startswith("objective.")} <= names
    assert plan[-1].labels
    done: list[StageRecord] = []
    for stage in plan:
        following = entry.next_stage(settings, History(who, tuple(done)))
        assert following is not None
        assert (following.name, following.share, following.trains) == (stage.name, stage.share, stage.trains)
        done.append(finished(stage))
    assert entry.next_stage(settings, History(who, tuple(done))) is None


TEACHING = {name: combined for name, combined in FITTING.items() if combined[0].needs.teacher}


@pytest.mark.parametrize(("entry", "pair"), TEACHING.values(), ids=TEACHING.keys())
def test_every_stage_teaches_exactly_what_it_trains(entry: AnyMethod, pair: tuple[str, str]) -> None:
    settings, teacher, student = entry.Settings(), network(pair[0], seed=1), network(student_for(entry, *pair))
    who = cast_of(teacher, student)
    builders = [(stage, stage.objective) for stage in entry.plan(settings, who) if stage.objective is not None]
    assert builders
    for stage, build in builders:
        objective = build(who)
        student.zero_grad(set_to_none=True)
        for batch in (1, 4) if pair[1].startswith("mlp") else (2, 4):
            terms = take_step(objective, teacher, student, batch)
            assert terms
            for term in terms.values():
                assert term.value.shape == ()
                assert torch.isfinite(term.value)
                assert term.kind == "transfer"
            total = sum((term.weight * term.value for term in terms.values()), torch.zeros(()))
            total.backward()
        if "student" not in stage.trains:
            parts, blocks = trained_parts(student, stage.trains), trained_blocks(student, stage.trains)
            touched = [name for name, parameter in student.named_parameters() if parameter.grad is not None]
            assert all(student.part_of(name) in parts or student.block_of(name) in blocks for name in touched)
        own = [name.removeprefix("objective").lstrip(".") for name in stage.trains if name.startswith("objective")]
        learning = {name for name, parameter in objective.named_parameters() if parameter.grad is not None}
        assert learning == {name for name, _ in objective.named_parameters() if name.startswith(tuple(own))}
        assert all(parameter.grad is None for parameter in teacher.parameters())


@pytest.mark.parametrize("key", ["ab", "fitnet"])
def test_a_transfer_stage_has_no_labels_and_leaves_the_classifier_alone(key: str) -> None:
    first = method(key).plan(method(key).Settings(), cast("wrn-16-2", "wrn-10-1"))[0]
    assert not first.labels
    assert "student" not in first.trains
    assert "student.head" not in first.trains
    assert "objective" in first.trains


def test_defaults_are_those_of_the_papers() -> None:
    assert {key: method(key).task_weight for key in ("none", "logits", "kd", "fitnet", "at", "ab")} == {
        "none": 1, "logits": 0, "kd": 0.1, "fitnet": 1, "at": 1, "ab": 1
    }  # fmt: skip
    shares = [stage.share for stage in method("ab").plan(method("ab").Settings(), cast("wrn-10-1", "wrn-10-1"))]
    assert shares == [pytest.approx(1 / 6), pytest.approx(5 / 6)]


def test_the_catalogue_lists_them_from_the_outputs_inwards() -> None:
    listed = [entry.key for entry in METHODS]
    assert listed[:7] == ["none", "logits", "kd", "born_again", "fitnet", "at", "ab"]


def test_only_the_student_alone_needs_no_teacher() -> None:
    for entry in METHODS:
        refusal = entry.refusal(entry.Settings(), cast(None, "cnn-4"))
        assert (refusal is None) == (entry.key == "none")


def test_reasons_name_what_does_not_fit() -> None:
    assert "teacher knows 7" in str(method("kd").refusal(method("kd").Settings(), cast("cnn-8", "cnn-4", classes=7)))
    assert "mlp-5 works on vectors" in str(method("at").refusal(method("at").Settings(), cast("mlp-9", "mlp-5")))
    settings = method("fitnet").Settings(hint="group7")
    assert "group1, group2, group3" in str(method("fitnet").refusal(settings, cast("cnn-8", "cnn-4")))
    small = cast("cnn-8", "cnn-4")
    taps = tuple(replace(tap, height=2 * tap.height) for tap in small.student.taps)
    other = replace(small, student=replace(small.student, taps=taps))
    assert "maps of equal size at group1" in str(method("ab").refusal(method("ab").Settings(), other))
    unactivated = replace(
        small, teacher=replace(small.student, taps=tuple(replace(t, pre=False) for t in small.student.taps))
    )
    assert "before their ReLU" in str(method("ab").refusal(method("ab").Settings(), unactivated))
    flat = replace(
        small, student=replace(small.student, taps=tuple(replace(t, height=1, width=1) for t in small.student.taps))
    )
    assert "the other vectors" in str(method("fitnet").refusal(method("fitnet").Settings(), flat))


@pytest.mark.parametrize(("hint", "group"), [("middle", "group2"), ("1", "group1"), ("group3", "group3")])
def test_the_hint_group_can_be_chosen(hint: str, group: str) -> None:
    entry = method("fitnet")
    stage = entry.plan(entry.Settings(hint=hint), cast("wrn-16-2", "wrn-10-1"))[0]
    assert stage.trains[-2:] == (f"student.{group}", "objective")


def test_hints_of_other_sizes_are_brought_together() -> None:
    from studio.methods.objectives.connectors import hint_regressor
    from studio.networks.base import TapShape

    for student, teacher in (((9, 7), (9, 7)), ((9, 7), (4, 7)), ((4, 3), (8, 5)), ((5, 5), (1, 1))):
        regressor = hint_regressor(TapShape("g", 3, *student, True, True), TapShape("g", 6, *teacher, True, True))
        assert regressor(torch.rand(2, 3, *student)).shape == (2, 6, *teacher)


def test_fitnets_soft_targets_fade_from_four_to_one() -> None:
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    who = cast_of(teacher, student)
    build = method("fitnet").plan(method("fitnet").Settings(), who)[1].objective
    assert build is not None
    weights = [take_step(build(who), teacher, student, epoch=epoch)["soft targets"].weight for epoch in range(5)]
    assert weights == [4, 3.25, 2.5, 1.75, 1]


def test_the_boundary_connector_is_exposed_and_absent_where_widths_are_equal() -> None:
    build = method("ab").joint(method("ab").Settings())
    assert build is not None
    objective = build(cast("wrn-10-2", "wrn-10-1")).eval()
    connected = objective.connect("group2", torch.rand(2, 32, 8, 8))
    assert connected is not None
    assert connected.shape == (2, 64, 8, 8)
    assert objective.connect("stem", torch.rand(2, 16, 16, 16)) is None
    equal = build(cast("wrn-16-1", "wrn-10-1"))
    assert equal.connect("group2", torch.rand(2, 32, 8, 8)) is None
    assert not list(equal.parameters())


@pytest.mark.parametrize("distance", ["boundary", "l2", "l1", "l0.5"])
def test_boundaries_and_responses_can_be_learnt(distance: str) -> None:
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    who = cast_of(teacher, student)
    build = method("ab").joint(method("ab").Settings(distance=distance))
    assert build is not None
    torch.manual_seed(0)
    objective = build(who)
    optimizer = torch.optim.SGD([*student.parameters(), *objective.parameters()], lr=0.05, momentum=0.9)
    values = []
    for _ in range(25):
        (term,) = take_step(objective, teacher, student, 16).values()
        values.append(term.value.item())
        optimizer.zero_grad()
        term.value.backward()
        optimizer.step()
    assert values[-1] < 0.9 * values[0]


def test_what_no_loss_reads_is_not_run() -> None:
    who = cast("wrn-10-1", "wrn-10-1")
    for key in ("at", "ab", "fitnet"):
        build = method(key).plan(method(key).Settings(), who)[0].objective
        assert build is not None
        assert not build(who).needs_logits
    build = method("fitnet").plan(method("fitnet").Settings(), who)[0].objective
    assert build is not None
    assert set(build(who).taps()) == {TapRef("student", "group2", "out"), TapRef("teacher", "group2", "out")}
