"""How a run stands: what its folder says of that, whether it ended with a last word or was killed."""

from __future__ import annotations

from typing import NamedTuple

from studio.core.message import NOTHING, Text
from studio.core.score_scale import ACCURACY
from studio.events import State
from studio.runs.files.event_glance import glance
from studio.runs.files.folder import RunFolder
from studio.runs.files.history import Reference
from studio.runs.files.lock import is_held
from studio.runs.files.summary import Summary
from studio.runs.unchecked_experiment import MAX_WHOLE


class RunState(NamedTuple):
    """How a run stands.

    Attributes:
        state: what it is now: running, or how it ended; "interrupted" where it ended without a word.
        reason: why.
        reached: the headline score of its student; None where it was not measured.
        step: the last one it told of.
        planned: how many steps it has; where it has come to its end, those it took.
    """

    state: State
    reason: Text
    reached: Reference | None
    step: int
    planned: int

    @property
    def progress(self) -> float:
        """How far it has come, 0 to 1; the numbers are what its events say."""
        if self.state in ("finished", "early_stop"):
            return 1.0
        told = 0 <= self.step <= MAX_WHOLE and 0 < self.planned <= MAX_WHOLE
        return min(1.0, self.step / self.planned) if told else 0.0


def state_of(folder: RunFolder, summary: Summary, *, ours: bool) -> RunState:
    """How a run stands.

    Args:
        summary: what it wrote of itself last.
        ours: the caller holds the run and does not run it yet: that it is held does not mean it is running.
    """
    student, told = summary.reached("student"), summary.told("reason")
    if summary.state in ("finished", "early_stop"):
        return RunState(summary.state, told, student, summary.steps, summary.steps)
    begun, ended, step = glance(folder)
    planned = summary.steps if begun is None else begun.steps
    if summary.state != "interrupted":
        return RunState(summary.state, told, student, summary.steps or step, planned)
    if not ours and is_held(folder.lock):
        return RunState("running", NOTHING, student, step, planned)
    if ended is not None:  # killed between its last word and its summary
        accuracy = ended.test_accuracy if summary.headline == ACCURACY else None
        reached = Reference(accuracy) if accuracy is not None and 0 <= accuracy <= 1 else student
        return RunState(ended.state, ended.reason, reached, step, planned)
    return RunState("interrupted", told, student, step, planned)
