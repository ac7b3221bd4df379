"""The one sentence everybody reads."""

from __future__ import annotations

import pytest

from studio.events import State
from studio.runs.conclusion import NO_ALONE
from studio.runs.gap import Gap
from studio.runs.sentence import sentence
from studio.runs.summary import Accuracy, AccuracyRole
from studio.text import NOTHING, Text

REACHED: dict[AccuracyRole, Accuracy | None] = {"student": Accuracy(value=0.961), "teacher": None, "alone": None}


@pytest.mark.parametrize(
    ("state", "gap", "why", "said"),
    [
        (
            "finished",
            Gap(0.73, 0.6, 0.8),
            NOTHING,
            "The student reached 96.1 %: 73 % of the gap to its teacher is closed.",
        ),
        (
            "finished",
            Gap(1.2, 1.1, 1.3),
            NOTHING,
            "The student reached 96.1 % and passed its teacher: 120 % of the gap is closed.",
        ),
        (
            "finished",
            Gap(-0.2, -0.3, -0.1),
            NOTHING,
            "The student reached 96.1 %: less than it reaches alone. The gap to its teacher grew by 20 %.",
        ),
        (
            "early_stop",
            None,
            NO_ALONE,
            f"The student reached 96.1 %. {NO_ALONE}",
        ),
        ("finished", None, NOTHING, "The student reached 96.1 % without a teacher."),
        (
            "stopped",
            None,
            NO_ALONE,
            "Stopped: the student had reached 96.1 % and is kept. “studio resume r1” goes on with it.",
        ),
        ("failed", None, NOTHING, "The run failed. It broke."),
        ("interrupted", None, NOTHING, "The run was interrupted. “studio resume r1” goes on with it."),
    ],
)
def test_what_is_said(state: State, gap: Gap | None, why: Text, said: str) -> None:
    assert str(sentence(state, REACHED, gap, why, Text("It broke."), "r1")) == said


def test_a_run_stopped_before_there_was_a_student() -> None:
    said = sentence("stopped", {}, None, NOTHING, NOTHING, "r1")
    assert str(said) == "Stopped before the student was trained. “studio resume r1” goes on with it."
