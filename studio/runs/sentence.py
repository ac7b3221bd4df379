"""What a run reached, in the one sentence everybody reads: window, terminal, summary."""

from __future__ import annotations

from collections.abc import Mapping

from studio.events import State
from studio.runs.gap import Gap
from studio.runs.summary import Accuracy, AccuracyRole
from studio.text import Text, text


def sentence(
    state: State,
    accuracy: Mapping[AccuracyRole, Accuracy | None],
    gap: Gap | None,
    gap_words: Text,
    reason: Text,
    run: str,
) -> Text:
    """The sentence for a run in ``state``.

    Args:
        accuracy: what is known of student, teacher and student alone.
        gap_words: why no share of the gap is given, where ``gap`` is None.
        reason: why it ended.
        run: its id, for what the person may type.
    """
    student = accuracy.get("student")
    if state == "failed":
        return text("The run failed. {reason}", reason=reason)
    if state == "interrupted":
        return text("The run was interrupted. “studio resume {run}” goes on with it.", run=run)
    if student is None:
        if state == "stopped":
            return text("Stopped before the student was trained. “studio resume {run}” goes on with it.", run=run)
        return Text("The student is being trained.")
    reached = 100 * student.value
    if state == "stopped":
        return text(
            "Stopped: the student had reached {accuracy:.1f} % and is kept. “studio resume {run}” goes on with it.",
            accuracy=reached,
            run=run,
        )
    if gap is not None:
        return _of_gap(reached, gap)
    if gap_words:
        return text("The student reached {accuracy:.1f} %. {why}", accuracy=reached, why=gap_words)
    return text("The student reached {accuracy:.1f} % without a teacher.", accuracy=reached)


def _of_gap(reached: float, gap: Gap) -> Text:
    if gap.value < 0:
        return text(
            "The student reached {accuracy:.1f} %: less than it reaches alone. The gap to its teacher grew by "
            "{share:.0f} %.",
            accuracy=reached,
            share=-100 * gap.value,
        )
    if gap.value > 1:
        return text(
            "The student reached {accuracy:.1f} % and passed its teacher: {share:.0f} % of the gap is closed.",
            accuracy=reached,
            share=100 * gap.value,
        )
    return text(
        "The student reached {accuracy:.1f} %: {share:.0f} % of the gap to its teacher is closed.",
        accuracy=reached,
        share=100 * gap.value,
    )
