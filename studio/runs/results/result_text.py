"""What a run reached, in the one sentence everybody reads: window, terminal, summary."""

from __future__ import annotations

from collections.abc import Mapping

from studio.core.message import Text, text
from studio.core.score_scale import ACCURACY_SCALE, ScoreScale
from studio.events import State
from studio.runs.files.history import Reference
from studio.runs.files.summary import Accuracy, AccuracyRole
from studio.runs.statistics.gap import Gap

#: What sentences of earlier versions end with.
COMMAND = " “studio resume {run}” goes on with it."


def sentence(
    state: State,
    known: Mapping[AccuracyRole, Accuracy | Reference | None],
    gap: Gap | None,
    gap_words: Text,
    reason: Text,
    scale: ScoreScale = ACCURACY_SCALE,
) -> Text:
    """The sentence for a run in ``state``.

    Args:
        known: the headline scores of student, teacher and student alone, as far as they are known.
        gap_words: why no share of the gap is given, where ``gap`` is None.
        reason: why it ended.
        scale: of the headline score.
    """
    student = known.get("student")
    if state == "failed":
        return text("The run failed. {reason}", reason=reason)
    if state == "interrupted":
        return text("The run was interrupted. {reason}", reason=reason) if reason else Text("The run was interrupted.")
    if student is None:
        if state == "stopped":
            return Text("Stopped before the student was trained.")
        return Text("The student is being trained.")
    reached = scale.told(student.value)
    if state == "stopped":
        return text("Stopped: the student had reached {reached} and is kept.", reached=reached)
    alone, teacher = known.get("alone"), known.get("teacher")
    if gap is not None and alone is not None and teacher is not None:
        return _of_gap(student.value, alone.value, teacher.value, gap, scale)
    if gap_words:
        return text("The student reached {reached}. {why}", reached=reached, why=gap_words)
    return text("The student reached {reached} without a teacher.", reached=reached)


def without_command(told: Text) -> Text:
    """A sentence without the command that earlier versions put at its end: the window has a button for that."""
    return Text(told.template.removesuffix(COMMAND), told.values)


def _of_gap(student: float, alone: float, teacher: float, gap: Gap, scale: ScoreScale) -> Text:
    """The sentence for a student between, below or above its references.

    A comparison counts as sure where the interval of the gap lies to one side of it. Numbers are compared as they are
    written, so that the words agree with what stands beside them.
    """
    if scale.are_alike(student, alone):
        template = "The student reached {student}, as much as alone: none of the gap to its teacher is closed."
    elif gap.value < 0:
        template = (
            "The student reached {student}, worse than alone ({alone}): this teaching did harm. "
            "A lower weight may help."
            if gap.high < 0
            else "The student reached {student}, no better than alone ({alone}): this teaching did not help."
        )
    elif scale.are_alike(student, teacher):
        template = "The student reached {student}, as much as its teacher: the whole gap is closed."
    elif gap.value > 1:
        template = "The student reached {student} and passed its teacher ({teacher}): the whole gap is closed."
    elif gap.low <= 0:
        template = (
            "The student reached {student}: {share:.0f} % of the gap to its teacher is closed ({interval}), which may be "
            "chance."
        )
    else:
        template = "The student reached {student}: {share:.0f} % of the gap to its teacher is closed ({interval})."
    told = {"student": scale.told(student), "alone": scale.told(alone), "teacher": scale.told(teacher)}
    return text(template, share=100 * gap.value, interval=gap.interval_words, **told)
