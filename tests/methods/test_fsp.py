"""Flow of solution: matrices and loss against the golden arrays, and what the method trains and refuses."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from studio.methods import fsp_loss, fsp_matrix
from studio.methods.base import Cast, Needs, Objective, unmet
from studio.methods.ops.sizes import Pool
from studio.networks.base import TapKind
from studio.networks.taps import TapPoint, TapReader
from tests.methods.loss_checks import SHAPES, UNEQUAL, Golden, check, close, finite
from tests.methods.method_steps import cast, cast_of, method, network, take_step

POOLS: tuple[Pool, ...] = ("max", "avg")
TWO: tuple[TapKind, ...] = ("first", "out")


def levels(golden: Golden) -> tuple[list[Tensor], list[Tensor]]:
    return [golden.student(f"student_{i}") for i in range(4)], [golden[f"teacher_{i}"] for i in range(4)]


@pytest.mark.parametrize("pool", POOLS)
def test_matrices_and_loss(pool: Pool) -> None:
    golden = Golden("fsp")
    students, teachers = levels(golden)
    for i in range(3):
        close(fsp_matrix(students[i], students[i + 1], pool), golden[f"fsp_{pool}_student_{i}"])
    loss = fsp_loss(students, teachers, pool)
    check(loss, golden[f"loss_paper_{pool}"], *((s, golden[f"grad_paper_{pool}_{i}"]) for i, s in enumerate(students)))


def test_the_mean_of_other_codes_is_the_sum_divided_by_the_matrix_size() -> None:
    golden = Golden("fsp")
    students, teachers = levels(golden)
    for i in range(3):
        size = students[i].shape[1] * students[i + 1].shape[1]
        found = fsp_loss(students, teachers, "avg", [(i, i + 1)]) / size
        close(found, golden["loss_code_avg_pairs"][i])


def test_pairs_are_neighbours_unless_given() -> None:
    students, teachers = levels(Golden("fsp"))
    torch.testing.assert_close(
        fsp_loss(students, teachers), fsp_loss(students, teachers, pairs=[(0, 1), (1, 2), (2, 3)])
    )
    across = fsp_loss(students, teachers, pairs=[(0, 3)])
    expected = (fsp_matrix(teachers[0], teachers[3]) - fsp_matrix(students[0], students[3])).square().sum() / 4
    torch.testing.assert_close(across, expected)


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (3, 9)])
@pytest.mark.parametrize("batch", [1, 3])
def test_it_is_finite_where_it_is_difficult(pool: Pool, size: tuple[int, int], batch: int) -> None:
    def loss(student: Tensor, teacher: Tensor) -> Tensor:
        return fsp_loss([student, student[..., :1, :1].square()], [teacher, teacher[..., :1, :1].square()], pool)

    student, teacher = torch.randn(2, batch, 4, *size)
    for scale in (0.0, 1e-20, 1.0, 1e3):
        finite(loss, scale * student, teacher)
        finite(loss, student, scale * teacher)
    assert float(finite(loss, student, student)) == 0


@pytest.mark.parametrize(("shape", "other"), [*SHAPES, *UNEQUAL])
def test_layers_of_any_sizes_make_a_matrix(shape: tuple[int, ...], other: tuple[int, ...]) -> None:
    lower, upper = torch.randn(shape), torch.randn(shape[0], *other)
    for pool in POOLS:
        assert fsp_matrix(lower, upper, pool).shape == (shape[0], shape[1], other[0])
        torch.testing.assert_close(fsp_matrix(lower, upper, pool), fsp_matrix(upper, lower, pool).mT)


def test_where_things_are_does_not_matter() -> None:
    lower, upper = torch.randn(2, 3, 16), torch.randn(2, 5, 16)
    order = torch.randperm(16)
    moved = fsp_matrix(lower[..., order].view(2, 3, 4, 4), upper[..., order].view(2, 5, 4, 4))
    torch.testing.assert_close(moved, fsp_matrix(lower.view(2, 3, 4, 4), upper.view(2, 5, 4, 4)))


def test_half_precision_is_summed_in_float32() -> None:
    features = [(20 * torch.randn(2, 4, 16, 16)).to(torch.bfloat16) for _ in range(4)]
    value = fsp_loss(features[:2], features[2:])
    assert value.dtype == torch.float32
    torch.testing.assert_close(value, fsp_loss([f.float() for f in features[:2]], [f.float() for f in features[2:]]))


def build(who: Cast, stage: int = 0, **settings: object) -> Objective:
    entry = method("fsp")
    objective = entry.plan(entry.Settings(**settings), who)[stage].objective
    assert objective is not None
    return objective(who)


def test_the_first_stage_leaves_the_classifier_and_the_second_has_the_labels_alone() -> None:
    entry = method("fsp")
    first, second = entry.plan(entry.Settings(), cast("wrn-16-1", "wrn-10-1"))
    assert first.trains == ("student.stem", "student.group1", "student.group2", "student.group3", "objective")
    assert not first.labels
    assert second.objective is None
    assert second.labels
    (joint,) = entry.plan(entry.Settings(stages="one"), cast("wrn-16-1", "wrn-10-1"))
    assert joint.labels
    assert joint.share == 1


@pytest.mark.parametrize("pair", [("resnet-14", "resnet-8"), ("wrn-16-1", "wrn-10-1")])
def test_it_relates_the_first_and_the_last_layer_of_each_group(pair: tuple[str, str]) -> None:
    teacher, student = network(pair[0], seed=1), network(pair[1])
    objective = build(cast_of(teacher, student))
    groups = ("group1", "group2", "group3")
    assert [(ref.group, ref.kind) for ref in objective.taps() if ref.who == "student"] == [
        (group, kind) for group in groups for kind in ("first", "out")
    ]
    torch.manual_seed(3)
    term = take_step(objective, teacher, student, 4)["flow"]
    torch.manual_seed(3)
    inputs = torch.rand(4, *student.source.shape)
    layers: list[list[Tensor]] = []
    for net in (student, teacher):
        wanted = [TapPoint(group, kind) for group in groups for kind in TWO]
        with TapReader(net, wanted, full=False) as reader, torch.no_grad():
            outputs = reader.run(inputs)
        layers.append([layer for group in groups for layer in (outputs.first(group), outputs.out(group))])
    expected = fsp_loss(layers[0], layers[1], pairs=[(0, 1), (2, 3), (4, 5)])
    torch.testing.assert_close(term.value, expected)
    sizes = [16 * 16, 32 * 32, 64 * 64]
    assert term.weight == pytest.approx(3 / sum(sizes))


def test_with_a_single_layer_in_a_group_the_ends_of_groups_are_related() -> None:
    entry = method("fsp")
    who = cast("cnn-8", "cnn-8")
    assert entry.refusal(entry.Settings(), who) is None
    assert {ref.kind for ref in build(who).taps()} == {"out"}
    assert "has a single layer" in str(unmet(Needs(taps="first"), who))


def test_it_can_relate_the_stem_and_the_ends_of_the_groups() -> None:
    objective = build(cast("resnet-14", "resnet-8"), between="ends")
    assert {ref.group for ref in objective.taps()} == {"stem", "group1", "group2", "group3"}
    assert {ref.kind for ref in objective.taps()} == {"out"}
    assert not objective.needs_logits
    assert not list(objective.parameters())
    assert {ref.group for ref in build(cast("cnn-8", "cnn-8")).taps()} == {"group1", "group2", "group3"}


def test_other_widths_need_a_bridge() -> None:
    entry, who = method("fsp"), cast("wrn-10-2", "wrn-10-1")
    reason = str(entry.refusal(entry.Settings(), who))
    assert "At group1 the teacher has 32 channels and the student 16" in reason
    assert "Bridge widths" in reason
    assert entry.refusal(entry.Settings(connectors=True), who) is None
    objective = build(who, connectors=True)
    bridges = [(32, 16, 1, 1), (64, 32, 1, 1), (128, 64, 1, 1)]
    assert [tuple(p.shape) for p in objective.parameters() if p.dim() == 4] == [b for b in bridges for _ in range(2)]
    ends = build(who, connectors=True, between="ends")
    assert [tuple(p.shape) for p in ends.parameters() if p.dim() == 4] == bridges


def test_vectors_have_no_flow() -> None:
    entry = method("fsp")
    assert "works on vectors" in str(entry.refusal(entry.Settings(), cast("mlp-9-8", "mlp-5-4")))


def test_the_weight_means_the_same_for_narrow_and_wide_networks() -> None:
    for key, sizes in (("wrn-10-1", [16 * 16, 16 * 32, 32 * 64]), ("wrn-10-2", [16 * 32, 32 * 64, 64 * 128])):
        teacher, student = network(key, seed=1), network(key)
        term = take_step(build(cast_of(teacher, student), weight=2.0, between="ends"), teacher, student)["flow"]
        assert term.weight == pytest.approx(2 / (sum(sizes) / 3))


@pytest.mark.parametrize("pair", [("cnn-8", "cnn-8"), ("cnn-8", "cnn-4")])
def test_the_flow_can_be_learnt(pair: tuple[str, str]) -> None:
    torch.manual_seed(0)
    teacher, student = network(pair[0], seed=1), network(pair[1])
    objective = build(cast_of(teacher, student), connectors=True)
    optimiser = torch.optim.SGD([*student.parameters(), *objective.parameters()], lr=0.05, momentum=0.9)
    values = []
    for _ in range(25):
        term = take_step(objective, teacher, student, 16)["flow"]
        values.append(term.value.item())
        optimiser.zero_grad()
        (term.weight * term.value).backward()
        optimiser.step()
    assert values[-1] < 0.5 * values[0]
