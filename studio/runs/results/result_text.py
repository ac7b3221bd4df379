"""What a run reached, in the one sentence everybody reads: window, terminal, summary."""

from __future__ import annotations

from collections.abc import Mapping

from studio.core.format import percent
from studio.core.message import Text, text
from studio.events import State
from studio.runs.files.summary import Accuracy, AccuracyRole
from studio.runs.statistics.gap import Gap

#: What sentences of earlier versions end with.
COMMAND = " “studio resume {run}” goes on with it."


def sentence(
    state: State,
    accuracy: Mapping[AccuracyRole, Accuracy | None],
    gap: Gap | None,
    gap_words: Text,
    reason: Text,
) -> Text:
    """The sentence for a run in ``state``.

    Args:
        accuracy: what is known of student, teacher and student alone.
        gap_words: why no share of the gap is given, where ``gap`` is None.
        reason: why it ended.
    """
    student = accuracy.get("student")
    if state == "failed":
        return text("The run failed. {reason}", reason=reason)
    if state == "interrupted":
        return text("The run was interrupted. {reason}", reason=reason) if reason else Text("The run was interrupted.")
    if student is None:
        if state == "stopped":
            return Text("Stopped before the student was trained.")
        return Text("The student is being trained.")
    reached = 100 * student.value
    if state == "stopped":
        return text("Stopped: the student had reached {accuracy:.1f} % and is kept.", accuracy=reached)
    alone, teacher = accuracy.get("alone"), accuracy.get("teacher")
    if gap is not None and alone is not None and teacher is not None:
        return _of_gap(student.value, alone.value, teacher.value, gap)
    if gap_words:
        return text("The student reached {accuracy:.1f} %. {why}", accuracy=reached, why=gap_words)
    return text("The student reached {accuracy:.1f} % without a teacher.", accuracy=reached)


def without_command(told: Text) -> Text:
    """A sentence without the command that earlier versions put at its end: the window has a button for that."""
    return Text(told.template.removesuffix(COMMAND), told.values)


def _of_gap(student: float, alone: float, teacher: float, gap: Gap) -> Text:
    """The sentence for a student between, below or above its references, all as fractions.

    A comparison counts as sure where the interval of the gap lies to one side of it. Numbers are compared as they are
    written, so that the words agree with what stands beside them.
    """
    if _same(student, alone):
        template = "The student reached {student:.1f} %, as much as alone: none of the gap to its teacher is closed."
    elif gap.value < 0:
        template = (
            "The student reached {student:.1f} %, less than alone ({alone:.1f} %): this teaching did harm. "
            "A lower weight may help."
            if gap.high < 0
            else "The student reached {student:.1f} %, no more than alone ({alone:.1f} %): this teaching did not help."
        )
    elif _same(student, teacher):
        template = "The student reached {student:.1f} %, as much as its teacher: the whole gap is closed."
    elif gap.value > 1:
        template = (
            "The student reached {student:.1f} % and passed its teacher ({teacher:.1f} %): the whole gap is closed."
        )
    elif gap.low <= 0:
        template = "The student reached {student:.1f} %: {share:.0f} % of the gap to its teacher is closed, which may be chance."
    else:
        template = "The student reached {student:.1f} %: {share:.0f} % of the gap to its teacher is closed."
    return text(template, student=100 * student, alone=100 * alone, teacher=100 * teacher, share=100 * gap.value)


def _same(first: float, second: float) -> bool:
    """Whether two fractions are written alike."""
    return percent(first) == percent(second)
