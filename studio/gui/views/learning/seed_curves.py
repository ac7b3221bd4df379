"""The seeds of an experiment as one curve: their mean, and their spread around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.charts.time_axis import ACTIVE

Curve = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class SeedCurve:
    """A curve of one run, or the mean of several seeds.

    Attributes:
        runs: whose it is; the one in question first, where it is among them.
        x, mean: the curve, (n,) each.
        deviation: the spread of the seeds at each point, (n,); None of a single run.
    """

    runs: tuple[ShownRun, ...]
    x: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray | None = None

    @property
    def first(self) -> ShownRun:
        """The run in question where it is among them, whose colour the curve has."""
        return self.runs[0]


def seed_groups(runs: Sequence[ShownRun]) -> list[tuple[ShownRun, ...]]:
    """The runs, those of one experiment that differ in their seed together, in the order of the first of each.

    A run that still trains stands for itself until it has ended: a mean that ends where the last one is would hide what
    the others reached. So do chains, whose networks begin anew, averages, for which nothing was trained, and a seed that
    was trained once more: it is the same draw again.
    """
    seen: set[tuple[str, int]] = set()
    groups: dict[str, list[ShownRun]] = {}
    for run in sorted(runs, key=lambda run: not run.current):
        history = run.history
        draw = (run.group, run.info.seed) if run.info is not None else None
        alone = not run.group or history.state in ACTIVE or history.is_chain or run.averaged is not None or draw in seen
        if draw is not None and not alone:
            seen.add(draw)
        groups.setdefault(f"run {history.run}" if alone else f"group {run.group}", []).append(run)
    place = {run.history.run: index for index, run in enumerate(runs)}
    return sorted(map(tuple, groups.values()), key=lambda group: min(place[run.history.run] for run in group))


def seed_curve(runs: tuple[ShownRun, ...], curve_of: Callable[[ShownRun], Curve]) -> SeedCurve:
    """The curve of a run, or the mean of several.

    Where seeds were read at other places, they are taken at those of the first, between its neighbours; the mean goes as
    far as all of them do.

    Args:
        curve_of: x, ascending, and y of a run, (n,) each.
    """
    curves = [(run, *curve_of(run)) for run in runs]
    curves = [one for one in curves if len(one[1])] or curves[:1]
    x, y = curves[0][1:]
    if len(curves) == 1:
        return SeedCurve((curves[0][0],), x, y)
    begin, end = max(float(one[1][0]) for one in curves), min(float(one[1][-1]) for one in curves)
    x = x[(x >= begin) & (x <= end)]
    values = np.stack([np.interp(x, *one[1:]) for one in curves])
    return SeedCurve(tuple(one[0] for one in curves), x, values.mean(axis=0), values.std(axis=0, ddof=1))
