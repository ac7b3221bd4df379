"""What can be compared of what is drawn: the runs of an experiment together, or each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.charts.strokes import Stroke
from studio.runs.references import ENDED_WELL
from studio.runs.run_info import RunInfo


@dataclass(frozen=True, eq=False)
class ComparedGroup:
    """One side there is to choose.

    Attributes:
        key: names it as long as its runs are drawn.
        runs: of one experiment, one a seed or more.
    """

    key: str
    runs: tuple[ShownRun, ...]

    @property
    def stroke(self) -> Stroke:
        """What it is drawn in: as the first of its runs is."""
        return Stroke(self.runs[0].role, self.runs[0].color_index)

    @property
    def label(self) -> str:
        """What it is called in a list: the name of its run, or what its runs are called together."""
        first = self.runs[0]
        return (first.group_label if len(self.runs) > 1 else "") or first.history.label

    @property
    def is_current(self) -> bool:
        """Whether the run in question is one of its."""
        return any(run.current for run in self.runs)

    @property
    def has_ended(self) -> bool:
        """Whether there is a result of one of its runs."""
        return any(info.state in ENDED_WELL for info in self.infos)

    @property
    def infos(self) -> tuple[RunInfo, ...]:
        """What their folders say."""
        return tuple(run.info for run in self.runs if run.info is not None)


def compared_groups(shown: Sequence[ShownRun]) -> list[ComparedGroup]:
    """The sides there are to choose, students before references.

    Runs of one experiment are one side, over their seeds. Where all that is drawn is of one experiment, its seeds are
    compared with each other.
    """
    listed = [run for run in shown if run.info is not None]
    listed.sort(key=lambda run: run.role != "run")
    groups: dict[str, list[ShownRun]] = {}
    for run in listed:
        groups.setdefault(run.group or run.history.run, []).append(run)
    if len(groups) == 1:
        groups = {run.history.run: [run] for run in listed}
    return [ComparedGroup(key, tuple(runs)) for key, runs in groups.items()]
