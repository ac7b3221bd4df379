"""The one sentence everybody reads."""

from __future__ import annotations

import pytest

from studio.core.message import NOTHING, Text, text
from studio.events import State
from studio.runs.files.summary import Accuracy, AccuracyRole
from studio.runs.results.result_text import sentence, without_command
from studio.runs.results.summarise import NO_ALONE
from studio.runs.statistics.gap import Gap


def reached(student: float, alone: float | None, teacher: float | None) -> dict[AccuracyRole, Accuracy | None]:
    """What is known, in percent."""
    shares: dict[AccuracyRole, float | None] = {"student": student, "alone": alone, "teacher": teacher}
    return {role: None if share is None else Accuracy(value=share / 100) for role, share in shares.items()}


@pytest.mark.parametrize(
    ("student", "alone", "teacher", "interval", "said"),
    [
        (
            96.1,
            87.0,
            99.4,
            (0.6, 0.8),
            "The student reached 96.1 %: 73 % of the gap to its teacher is closed (95 % interval: 60 to 80\u00a0%).",
        ),
        (
            60.2,
            60.0,
            70.0,
            (-0.1, 0.2),
            (
                "The student reached 60.2 %: 2 % of the gap to its teacher is closed "
                "(95 % interval: \u221210 to 20\u00a0%), which may be chance."
            ),
        ),
        (
            60.0,
            60.0,
            70.0,
            (-0.1, 0.1),
            "The student reached 60.0 %, as much as alone: none of the gap to its teacher is closed.",
        ),
        (
            46.5,
            64.1,
            98.3,
            (-0.73, -0.34),
            "The student reached 46.5 %, worse than alone (64.1 %): this teaching did harm. A lower weight may help.",
        ),
        (
            63.5,
            64.1,
            98.3,
            (-0.1, 0.1),
            "The student reached 63.5 %, no better than alone (64.1 %): this teaching did not help.",
        ),
        (98.3, 64.1, 98.3, (0.9, 1.1), "The student reached 98.3 %, as much as its teacher: the whole gap is closed."),
        (
            99.0,
            64.1,
            98.3,
            (0.9, 1.1),
            "The student reached 99.0 % and passed its teacher (98.3 %): the whole gap is closed.",
        ),
    ],
)
def test_what_is_said_of_a_gap(
    student: float, alone: float, teacher: float, interval: tuple[float, float], said: str
) -> None:
    gap = Gap((student - alone) / (teacher - alone), *interval)
    known = reached(student, alone, teacher)
    for state in ("finished", "early_stop"):
        assert str(sentence(state, known, gap, NOTHING, NOTHING)) == said


@pytest.mark.parametrize(
    ("state", "why", "reason", "said"),
    [
        ("finished", NO_ALONE, "", f"The student reached 96.1 %. {NO_ALONE}"),
        ("finished", NOTHING, "", "The student reached 96.1 % without a teacher."),
        (
            "stopped",
            NO_ALONE,
            "",
            "Stopped: the student had reached 96.1 % and is kept.",
        ),
        ("failed", NOTHING, "It broke.", "The run failed. It broke."),
        ("interrupted", NOTHING, "", "The run was interrupted."),
        (
            "interrupted",
            NOTHING,
            "The disk is full.",
            "The run was interrupted. The disk is full.",
        ),
    ],
)
def test_what_is_said_without_one(state: State, why: Text, reason: str, said: str) -> None:
    assert str(sentence(state, reached(96.1, None, None), None, why, text(reason))) == said


def test_a_run_stopped_before_there_was_a_student() -> None:
    said = sentence("stopped", {}, None, NOTHING, NOTHING)
    assert str(said) == "Stopped before the student was trained."


def test_sentences_of_earlier_versions_lose_their_command() -> None:
    earlier = text(
        "The run was interrupted. {reason} “studio resume {run}” goes on with it.", reason="Power.", run="r1"
    )
    assert str(without_command(earlier)) == "The run was interrupted. Power."
    assert without_command(NOTHING) == NOTHING
