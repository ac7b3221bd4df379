"""Which network runs on what, and in which order: no pass that nobody reads."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from studio.methods.base import Batch
from studio.training.forward_pass import ForwardPass
from tests.training.small_runs import Run, small

STEPS = 4


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who ran, pass by pass."""
    ran: list[str] = []
    again = ForwardPass.again

    def counted(forward_pass: ForwardPass, who: Any, inputs: Tensor) -> Any:
        ran.append(who)
        return again(forward_pass, who, inputs)

    monkeypatch.setattr(ForwardPass, "again", counted)
    return ran


def test_the_teacher_goes_first(run: Run, passes: list[str]) -> None:
    run(small("kd", training={"steps": STEPS}))
    assert passes == ["teacher", "student"] * STEPS


INPUT_SLOPES = {
    "key": "composed",
    "settings": {"position": "input", "teacher_side": "as_is", "student_side": "as_is"},
}


@pytest.mark.parametrize("method", ["jacobian", "grad_at", INPUT_SLOPES])
def test_a_teacher_asked_about_other_inputs_alone_does_not_run_on_the_batch(
    run: Run, passes: list[str], method: str | dict[str, Any]
) -> None:
    run(small(method, training={"steps": STEPS}))
    assert passes.count("teacher") == STEPS
    assert passes.count("student") == 2 * STEPS  # the labels' own pass


def test_a_paraphraser_learns_from_the_teacher_alone(run: Run, passes: list[str]) -> None:
    method = {"key": "ft", "settings": {"transfer_share": 0.5}}
    run(small(method, training={"steps": STEPS}))
    assert passes == ["teacher"] * 2 + ["teacher", "student"] * 2


def test_margins_are_measured_on_the_teacher_alone(run: Run, passes: list[str]) -> None:
    method = {"key": "ofd", "settings": {"margin": "measured"}}
    run(small(method, training={"steps": STEPS}))
    assert passes[: -2 * STEPS] == ["teacher"] * 3  # the batches of an epoch
    assert passes[-2 * STEPS :] == ["teacher", "student"] * STEPS


def test_alone_asks_no_teacher(run: Run, passes: list[str]) -> None:
    run(small("none", training={"steps": STEPS}))
    assert passes == ["student"] * STEPS


def test_outputs_of_a_network_that_did_not_run_are_refused_by_name() -> None:
    again: Any = None
    batch = Batch(torch.zeros(0), None, epoch=0, epochs=1, step=0, steps=1, steps_per_epoch=1, outputs={}, again=again)
    with pytest.raises(LookupError, match="the teacher did not run"):
        _ = batch.teacher
