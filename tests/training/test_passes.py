"""Which network sees what, and in which order: no pass that nobody looks at."""

from __future__ import annotations

from typing import Any

import pytest
from small_runs import Run, small
from torch import Tensor

from studio.training.forward_pass import ForwardPass

STEPS = 4


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who was asked, pass by pass."""
    asked: list[str] = []
    look = ForwardPass.look

    def watched(eyes: ForwardPass, who: Any, inputs: Tensor) -> Any:
        asked.append(who)
        return look(eyes, who, inputs)

    monkeypatch.setattr(ForwardPass, "look", watched)
    return asked


def test_the_teacher_goes_first_once_it_was_looked_at(run: Run, passes: list[str]) -> None:
    run(small("kd", training={"steps": STEPS}))
    assert passes == ["student", "teacher", *["teacher", "student"] * (STEPS - 1)]


@pytest.mark.parametrize("method", ["jacobian", "grad_at"])
def test_a_teacher_asked_about_other_inputs_alone_does_not_see_the_batch(
    run: Run, passes: list[str], method: str
) -> None:
    run(small(method, training={"steps": STEPS}))
    assert passes.count("teacher") == STEPS
    assert passes.count("student") == 2 * STEPS


def test_alone_asks_no_teacher(run: Run, passes: list[str]) -> None:
    run(small("none", training={"steps": STEPS}))
    assert passes == ["student"] * STEPS
