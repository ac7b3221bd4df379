"""Weights that change over a stage: by epochs as published, by steps where a stage is no whole number of epochs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from studio.methods import annealed_weight, boundary_weights
from studio.methods.base import StageMoment
from tests.methods.loss_checks import Golden, close
from tests.methods.method_steps import Readers, build, cast_of, method, network, weighed


def moment(step: int, steps: int, per_epoch: int) -> StageMoment:
    """A step of a stage as the loop describes it."""
    epochs = max(1, -(-steps // per_epoch))
    return StageMoment(epoch=step // per_epoch, epochs=epochs, step=step, steps=steps, steps_per_epoch=per_epoch)


def test_whole_epochs_are_counted_in_epochs_and_all_else_in_steps() -> None:
    assert [(b.period, b.periods) for b in (moment(step, 6, 3) for step in range(6))] == [(0, 2)] * 3 + [(1, 2)] * 3
    for steps, per_epoch in ((7, 3), (3, 3), (2, 3), (1, 1)):
        found = [moment(step, steps, per_epoch) for step in range(steps)]
        assert [(b.period, b.periods) for b in found] == [(step, steps) for step in range(steps)]


def weights(key: str, steps: int, per_epoch: int, **settings: Any) -> list[dict[str, float]]:
    """The weights of a method's last stage at each step of a stage of so many."""
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    who = cast_of(teacher, student)
    entry = method(key)
    objective = build(entry.plan(entry.Settings(**settings), who)[-1], who)
    x, labels = torch.rand(4, *student.source.shape), torch.tensor([0, 1, 2, 3])
    found = []
    with Readers(objective, teacher, student) as readers:
        for step in range(steps):
            read = readers.batch(objective.passes, x, labels)
            now = moment(step, steps, per_epoch)
            terms = weighed(objective(replace(read, **vars(now))), now)
            found.append({name: term.weight for name, term in terms.items()})
    return found


def test_annealed_weights_are_the_golden_ones_at_the_epochs() -> None:
    found = torch.tensor([row["soft targets"] for row in weights("fitnet", 20, 2)], dtype=torch.float64)
    golden = Golden("fitnet_hint")["lambda_schedule_10_epochs"]
    close(found[::2], golden)
    close(found[1::2], golden)


@pytest.mark.parametrize(("steps", "per_epoch"), [(7, 10), (10, 10), (15, 10)])
def test_in_a_short_stage_weights_go_all_the_way_step_by_step(steps: int, per_epoch: int) -> None:
    fitnet = [row["soft targets"] for row in weights("fitnet", steps, per_epoch)]
    assert fitnet == pytest.approx([annealed_weight(step, steps) for step in range(steps)])
    assert (fitnet[0], fitnet[-1]) == (4, 1)
    bss = weights("bss", steps, per_epoch)
    on_pictures, on_samples = zip(*(boundary_weights(step + 1, steps) for step in range(steps)), strict=True)
    assert [row["soft targets"] for row in bss] == pytest.approx(on_pictures)
    assert [row["boundary samples"] for row in bss] == pytest.approx(on_samples)
    assert sum(row["boundary samples"] > 0 for row in bss) >= steps // 2
    assert bss[-1]["boundary samples"] == 0


#: A method, settings that make its weight change over the stage, and what is true of its last weight by its first.
CHANGING: list[tuple[str, dict[str, Any], Callable[[float, float], bool]]] = [
    ("dkd", {"warm_up": 1.0}, lambda first, last: last > 5 * first),
    ("reviewkd", {"warm_up": 1.0}, lambda first, last: last > 5 * first),
    ("at", {"decay": True}, lambda first, last: last < first / 5),
    ("at", {"start": 0.5}, lambda first, last: first == 0 < last),
    ("composed", {"fade": True}, lambda first, last: last < first / 5),
    ("composed", {"rise": 1.0}, lambda first, last: last > 5 * first),
]


@pytest.mark.parametrize(("key", "settings", "changes"), CHANGING)
def test_every_weight_that_changes_does_so_in_a_short_stage(
    key: str, settings: dict[str, Any], changes: Callable[[float, float], bool]
) -> None:
    found = [next(iter(row.values())) for row in weights(key, 8, 10, **settings)]
    assert changes(found[0], found[-1])
