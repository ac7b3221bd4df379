"""Comprehensive overhaul: margins and loss against the golden arrays, and where the margins of a run come from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from studio.methods import partial_l2, relu_margin
from studio.methods.base import Batch, Who
from studio.methods.objectives.comparison import EXAMPLES, Comparison
from studio.networks.base import Network
from studio.networks.taps import TapReader
from tests.methods.loss_checks import SHAPES, Golden, check, close, finite
from tests.methods.method_steps import Readers, cast, cast_of, method, network, take_step

ENTRY = method("ofd")


def test_margins() -> None:
    golden = Golden("ofd")
    for i in range(3):
        close(relu_margin(golden[f"bn_weight_{i}"], golden[f"bn_bias_{i}"]), golden[f"margin_{i}"])


def test_loss() -> None:
    golden = Golden("ofd")
    total = torch.zeros(())
    for i in range(3):
        student = golden.student(f"student_{i}")
        teacher = torch.maximum(golden[f"teacher_{i}"], golden[f"margin_{i}"].view(1, -1, 1, 1))
        loss = partial_l2(student, teacher)
        check(loss, golden["loss_sum"][i], (student, golden[f"grad_sum_{i}"]))
        total = total / 2 + loss.detach()
    close(total, golden["loss_weighted"])
    close(total / 4 / 1000, golden["loss_code"])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_margins_are_finite_and_never_positive(dtype: torch.dtype) -> None:
    values = torch.tensor([0.0, 1e-30, 1e-8, 0.1, 1.0, 50.0, 1e6], dtype=dtype)
    weights, biases = torch.cartesian_prod(torch.cat([-values, values]), torch.cat([-values, values])).unbind(1)
    margins = relu_margin(weights, biases)
    assert margins.dtype == dtype
    assert margins.isfinite().all()
    assert (margins <= 0).all()
    flat = relu_margin(torch.zeros(2), torch.tensor([2.0, -2.0]))
    assert flat.tolist() == [0, -2]


def test_a_margin_is_the_mean_of_the_negative_values() -> None:
    samples = -0.3 + 0.8 * torch.randn(400_000, generator=torch.Generator().manual_seed(0))
    expected = samples[samples < 0].mean()
    torch.testing.assert_close(relu_margin(torch.tensor([-0.8]), torch.tensor([-0.3]))[0], expected, rtol=0.01, atol=0)


@pytest.mark.parametrize(("shape", "other"), SHAPES)
def test_it_is_finite_where_it_is_difficult(shape: tuple[int, ...], other: tuple[int, ...]) -> None:
    student, teacher = torch.randn(shape), torch.randn(shape[0], *other)
    for scale in (0.0, 1e-20, 1.0, 1e3):
        finite(partial_l2, scale * student, teacher)
        finite(partial_l2, student, scale * teacher)
    assert float(finite(partial_l2, student, student)) == 0


def test_holding_back_more_costs_nothing() -> None:
    teacher = torch.tensor([-0.5, -0.5, -0.5, 0.5, 0.5])
    student = torch.tensor([-0.6, -0.4, 0.5, 0.4, -1.0])
    close(partial_l2(student, teacher), torch.tensor(0.1**2 + 1 + 0.1**2 + 1.5**2))


def test_half_precision_is_summed_in_float32() -> None:
    student, teacher = (20 * torch.randn(2, 2, 64, 16, 16)).to(torch.bfloat16)
    assert partial_l2(student, teacher).dtype == torch.float32


def built(teacher: Network, student: Network, **settings: object) -> Comparison:
    build = ENTRY.joint(ENTRY.Settings(**settings))
    assert build is not None
    objective = build(cast_of(teacher, student))
    assert isinstance(objective, Comparison)
    return objective


def prepare(objective: Comparison, teacher: Network, student: Network, count: int = 3) -> list[Tensor]:
    """Prepare it with ``count`` batches of random inputs to choose from; returns those it took. Only the teacher runs."""
    taken: list[Tensor] = []
    with Readers(objective, teacher, student) as readers:

        def batches(passes: frozenset[Who]) -> Iterator[Batch]:
            assert passes == {"teacher"}
            for _ in range(count):
                taken.append(torch.rand(512, *student.source.shape))
                yield readers.batch(passes, taken[-1], torch.zeros(512))

        with torch.no_grad():
            objective.prepare({"teacher": teacher, "student": student}, batches)
    return taken


def margin_of(objective: Comparison, group: str) -> Tensor:
    """The margins of the teacher's channels at a group, not a copy of them."""
    return objective.teacher_side.places[group].get_buffer("margin")


def test_margins_come_from_the_batch_norm_of_the_tap() -> None:
    teacher, student = network("wrn-10-2", seed=1), network("wrn-10-1")
    weight, bias = (teacher.get_parameter(f"body.group2.0.bn1.{name}") for name in ("weight", "bias"))
    with torch.no_grad():
        weight.uniform_(-1, 1)
        bias.uniform_(-1, 1)
    objective = built(teacher, student)
    assert prepare(objective, teacher, student) == []
    torch.testing.assert_close(margin_of(objective, "group1"), relu_margin(weight, bias).detach())


@pytest.mark.parametrize(
    ("pair", "settings"), [(("mlp-9-8", "mlp-5-4"), {}), (("cnn-8", "cnn-4"), {"margin": "measured"})]
)
def test_margins_are_measured_where_there_is_no_batch_norm(pair: tuple[str, str], settings: dict[str, str]) -> None:
    teacher, student = network(pair[0], seed=1), network(pair[1])
    objective = built(teacher, student, **settings)
    taken = prepare(objective, teacher, student)
    assert sum(map(len, taken)) == EXAMPLES
    refs = [ref for ref in objective.taps() if ref.who == "teacher"]
    with TapReader(teacher, refs, full=False) as reader, torch.no_grad():
        values = reader.run(torch.cat(taken)).pre(refs[0].group)
    for channel in range(values.shape[1]):
        negative = values[:, channel][values[:, channel] < 0]
        expected = negative.mean() if len(negative) else torch.zeros(())
        torch.testing.assert_close(margin_of(objective, "group1")[channel], expected)


def test_each_level_counts_half_of_the_one_above() -> None:
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    objective = built(teacher, student)
    margin_of(objective, "group1").fill_(-0.1)
    losses: list[Tensor] = []
    torch.manual_seed(0)
    term = take_step(objective, teacher, student, 4)["features"]
    assert term.weight == 0.001
    torch.manual_seed(0)
    x = torch.rand(4, *student.source.shape)
    with TapReader(teacher, objective.taps()[::2]) as theirs, TapReader(student, objective.taps()[1::2]) as ours:
        t, s = theirs.run(x), ours.run(x)
        for group in ("group1", "group2", "group3"):
            teacher_features = torch.maximum(t.pre(group), margin_of(objective, group).view(1, -1, 1, 1))
            losses.append(partial_l2(objective.student_side.places[group](s.pre(group)), teacher_features))
    torch.testing.assert_close(term.value, (losses[0] / 4 + losses[1] / 2 + losses[2]) / 4)


def test_maps_of_other_sizes_are_pooled() -> None:
    teacher, student = network("wrn-10-1", seed=1), network("cnn-4")
    assert ENTRY.refusal(ENTRY.Settings(), cast("wrn-10-1", "cnn-4")) is None
    from dataclasses import replace

    who = replace(cast_of(teacher, student), pairs=(("group1", "group3"), ("group3", "group1")))
    build = ENTRY.joint(ENTRY.Settings())
    assert build is not None
    assert torch.isfinite(take_step(build(who), teacher, student)["features"].value)


def test_its_connector_is_there_even_between_equal_widths() -> None:
    objective = built(network("wrn-16-1", seed=1), network("wrn-10-1")).eval()
    connected = objective.connect("group2", torch.rand(2, 32, 8, 8))
    assert connected is not None
    assert connected.shape == (2, 32, 8, 8)
    assert objective.connect("stem", torch.rand(2, 16, 16, 16)) is None
    assert [tuple(p.shape) for p in objective.student_side.places["group2"].parameters()] == [
        (32, 32, 1, 1),
        (32,),
        (32,),
    ]
