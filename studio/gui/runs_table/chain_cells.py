"""What stands in the cells of chains of trainings, of their steps, and of ensembles, where they differ from other runs'."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.core.format import signed_points
from studio.core.score_scale import SHARE
from studio.gui.run_store.run_store import RunStore
from studio.gui.text.say import say
from studio.runs.files.history import Reference
from studio.runs.results.role_text import average_name, average_text, role_text
from studio.runs.run_info import RunInfo
from studio.runs.statistics.difference import Difference, difference_of_shares


class ChainCells:
    """Words about one run each; empty for a run that is none of these."""

    def __init__(self, run_store: RunStore) -> None:
        self._run_store = run_store

    def name(self, run: RunInfo) -> str:
        """What a step is called below its chain: its role alone, unless somebody gave it a name."""
        if self._chain(run) is None:
            return ""
        return "" if run.is_named else self._role(run)

    def taught_by(self, run: RunInfo) -> str:
        """Which step of its chain has taught a step."""
        if run.members or len(run.teachers) != 1 or self._chain(run) is None:
            return ""
        teacher = self._run_store.find(run.teachers[0])
        if teacher is None or teacher.parent != run.parent:
            return ""
        return _tr("Taught by {teacher}").format(teacher=say(role_text(teacher.role)))

    def networks(self, run: RunInfo) -> str:
        """How many networks an ensemble has."""
        return _tr("{n} networks").format(n=len(run.members)) if run.members else ""

    def against_teacher(self, run: RunInfo) -> str:
        """How much better a chain or a step is than what taught it."""
        gain = self._gain(run)
        if gain is None:
            return ""
        points = f"{100 * abs(gain.value):.1f}"
        if not gain.is_sure or points == "0.0":
            return _tr("within noise")
        return (_tr("{points} over teacher") if gain.value > 0 else _tr("{points} under teacher")).format(points=points)

    def against_teacher_tip(self, run: RunInfo) -> str:
        """The same in a sentence, with how sure it is."""
        gain = self._gain(run)
        if gain is None:
            return ""
        template = (
            _tr("Points more than the first teacher: {value}, 95 % interval {low} to {high}.")
            if run.is_chain
            else _tr("Points more than what taught it: {value}, 95 % interval {low} to {high}.")
        )
        return template.format(
            value=signed_points(gain.value), low=signed_points(gain.low), high=signed_points(gain.high)
        )

    def _chain(self, run: RunInfo) -> RunInfo | None:
        chain = self._run_store.find(run.parent) if run.parent else None
        return chain if chain is not None and chain.is_chain else None

    def _role(self, run: RunInfo) -> str:
        members = [member.role for one in run.members if (member := self._run_store.find(one)) is not None]
        if members and average_name(members) == run.role:
            return say(average_text(members, first=True, most_listed=2))
        return say(role_text(run.role, first=True))

    def _gain(self, run: RunInfo) -> Difference | None:
        if not run.is_chain and self._chain(run) is None:
            return None
        own, teacher = _with_interval(run.reached), _with_interval(run.teacher_reference)
        if run.unit != SHARE or own is None or teacher is None or self._run_store.live(run.id) is not None:
            return None
        return difference_of_shares(own, teacher)


def _with_interval(accuracy: Reference | None) -> tuple[float, float, float] | None:
    if accuracy is None or accuracy.low is None or accuracy.high is None:
        return None
    return accuracy.value, accuracy.low, accuracy.high


def _tr(words: str) -> str:
    return QCoreApplication.translate("runs", words)
