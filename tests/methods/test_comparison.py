"""Comparisons: a position, two sides and any distances of them make the terms of a stage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from studio.methods.base import Objective
from studio.methods.objectives.comparison import Comparison, Elementwise, Side, compare, each, squared
from studio.methods.objectives.positions import POOLED, SCORES, Groups
from studio.methods.ops.logit_losses import kd_loss
from tests.methods.method_steps import cast_of, method, network, take_step


def ones(*shape: int) -> Tensor:
    return torch.ones(shape)


@pytest.mark.parametrize(
    ("distance", "value"),
    [
        (Elementwise(squared), 4.0),
        (Elementwise(squared, "picture"), 24.0),
        (Elementwise(squared, "picture", scale=0.5), 12.0),
        (lambda student, teacher: (student - teacher).abs().amax(), 2.0),
    ],
    ids=["mean", "picture", "scaled", "any loss"],
)
def test_a_distance_is_any_loss_of_two_tensors(distance: Callable[[Tensor, Tensor], Tensor], value: float) -> None:
    assert float(compare([3 * ones(2, 6)], [ones(2, 6)], distance)) == value


def test_places_count_alike_or_each_twice_as_much_as_the_one_below() -> None:
    students, teachers = [ones(1, 1) * n for n in (1, 2, 3)], [torch.zeros(1, 1)] * 3
    assert float(compare(students, teachers, Elementwise(squared))) == 1 + 4 + 9
    assert float(compare(students, teachers, Elementwise(squared), layers="later")) == 1 / 4 + 4 / 2 + 9


def test_the_larger_map_is_pooled_unless_the_distance_takes_any_size() -> None:
    student, teacher = torch.rand(2, 3, 4, 4), torch.rand(2, 3, 8, 8)
    seen: list[tuple[int, ...]] = []

    def note(student: Tensor, teacher: Tensor) -> Tensor:
        seen.append((*student.shape[2:], *teacher.shape[2:]))
        return student.sum()

    compare([student], [teacher], note)
    compare([student], [teacher], note, pool=None)
    assert seen == [(4, 4, 4, 4), (4, 4, 8, 8)]


def test_each_distance_of_the_same_two_sides_is_a_term() -> None:
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    doubled = Side(transform=each(lambda logits: 2 * logits))
    objective = Comparison(
        SCORES,
        {
            "soft": (lambda s, t: kd_loss(s, t, 1), 0.5),
            "far": (Elementwise(squared), lambda batch: batch.epoch / batch.epochs),
        },
        student=doubled,
        teacher=doubled,
    )
    terms = take_step(objective, teacher, student, epoch=2)
    assert {name: term.weight for name, term in terms.items()} == {"soft": 0.5, "far": 0.4}
    assert all(term.value.requires_grad for term in terms.values())


def test_where_it_looks_says_what_must_run() -> None:
    groups = Groups((("group1", "group1"),), "pre")
    assert not Comparison(groups, {}).needs_logits
    assert [(ref.who, ref.kind) for ref in Comparison(groups, {}).taps()] == [("teacher", "pre"), ("student", "pre")]
    for end in (SCORES, POOLED):
        assert Comparison(end, {}).needs_logits
        assert Comparison(end, {}).taps() == ()


def earlier(objective: Objective, names: dict[str, str]) -> dict[str, Tensor]:
    """The state of an objective as an earlier version wrote it."""
    state = objective.state_dict()
    for now, before in names.items():
        state = {key.replace(now, before): value for key, value in state.items()}
    return state


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("cc", {"student_side.places.image.": "student_image.", "teacher_side.places.image.weight": "teacher_image"}),
        ("ickd", {"student_side.places.": "connectors."}),
    ],
)
def test_what_an_earlier_version_learnt_is_gone_on_with(key: str, names: dict[str, str]) -> None:
    who = cast_of(network("cnn-8"), network("cnn-4"))
    build = method(key).joint(method(key).Settings())
    assert build is not None
    torch.manual_seed(1)
    old = nn.ModuleList([build(who)])  # as the stage keeps it: below a name of its own
    torch.manual_seed(2)
    new = nn.ModuleList([build(who)])
    state = earlier(old, names)  # type: ignore[arg-type]  # which is made of modules
    assert state.keys().isdisjoint(old.state_dict())
    new.load_state_dict(state)
    assert all(torch.equal(value, old.state_dict()[name]) for name, value in new.state_dict().items())
