"""Snapshots as views read them: the arrays of one moment, and single numbers of all moments over time."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from studio.runs.files.history import Moment, RunHistory, Series
from studio.runs.files.snapshot_check import CheckedArrays

#: Seconds a view may read snapshots for within one refresh; the rest is read in the next.
BUDGET = 0.008
#: The most snapshots that are kept in memory once they were read.
MOST_KEPT = 12


def moment_at(history: RunHistory, epoch: float | None) -> Moment | None:
    """The last snapshot at or before an epoch; the first one where all are later; None where there is none.

    Args:
        history: of the run.
        epoch: the moment on the axis all runs share; None is the latest.
    """
    if not history.moments:
        return None
    if epoch is None:
        return history.moments[-1]
    steps = [moment.step for moment in history.moments]
    return history.moments[max(0, bisect_right(steps, epoch * history.steps_per_epoch + 1e-6) - 1)]


def moments_back(history: RunHistory, epoch: float | None) -> Iterator[Moment]:
    """The moment at an epoch, then the key moments before it, the latest first, then the first there is: some arrays are
    kept at key moments alone."""
    now = moment_at(history, epoch)
    if now is None:
        return
    yield now
    key = {snapshot.step for snapshot in history.key_moments.values()}
    yield from (moment for moment in reversed(history.moments) if moment.step in key and moment.step < now.step)
    if history.moments[0].step not in key and history.moments[0] is not now:
        yield history.moments[0]


def arrays_of(moment: Moment) -> CheckedArrays:
    """The arrays of a snapshot, read once; none where its file is gone or damaged."""
    kept = _kept()
    if moment not in kept:
        kept[moment] = _read(moment)
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    kept.move_to_end(moment)
    return kept[moment]


@lru_cache(maxsize=1)
def _kept() -> OrderedDict[Moment, CheckedArrays]:
    """The snapshots read last."""
    return OrderedDict()


def arrays_of_runs(
    runs: Iterable[RunHistory], epoch: float | None, budget: float = BUDGET
) -> tuple[dict[str, CheckedArrays], bool]:
    """The arrays of several runs at an epoch (None is the latest), by run id; the first run's at any rate.

    Returns:
        What was read within ``budget`` seconds, and whether that is all.
    """
    end = time.perf_counter() + budget
    found: dict[str, CheckedArrays] = {}
    complete = True
    for history in runs:
        moment = moment_at(history, epoch)
        if moment is None:
            continue
        if found and moment not in _kept() and time.perf_counter() > end:
            complete = False
        else:
            found[history.run] = arrays_of(moment)
    return found, complete


def _read(moment: Moment) -> CheckedArrays:
    try:
        return moment.load()
    except (OSError, ValueError, KeyError):
        return CheckedArrays({})


class SnapshotCurves:
    """The arrays of one number in a run's snapshots as curves over steps, read a few at a time."""

    def __init__(self) -> None:
        self.curves: dict[str, Series] = {}
        self._moments: list[Moment] = []

    def read_on(self, history: RunHistory, budget: float = BUDGET) -> bool:
        """Read snapshots that came since the last call, for at most ``budget`` seconds.

        Returns:
            Whether all are read.
        """
        moments = history.moments
        known = len(self._moments)
        if known > len(moments) or any(a is not b for a, b in zip(self._moments, moments, strict=False)):
            self.curves, self._moments, known = {}, [], 0  # the run went on from an earlier step, or was thinned
        end = time.perf_counter() + budget
        for moment in moments[known:]:
            if time.perf_counter() > end:
                return False
            for key, value in _read(moment).items():
                if value.size == 1 and value.dtype.kind in "biuf":  # single numbers, whatever a file may hold
                    self.curves.setdefault(key, Series()).append(moment.step, float(value.item()))
            self._moments.append(moment)
        return True


class SnapshotCurvesOfRuns:
    """:class:`SnapshotCurves` of several runs, kept as long as the same history is shown."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[RunHistory, SnapshotCurves]] = {}

    def of(self, history: RunHistory) -> SnapshotCurves:
        """The curves of a run; new ones where its history was read anew."""
        kept = self._kept.get(history.run)
        if kept is None or kept[0] is not history:
            kept = self._kept[history.run] = (history, SnapshotCurves())
        return kept[1]

    def keep_only(self, histories: Iterable[RunHistory]) -> None:
        """Forget the curves of other runs."""
        shown = {history.run for history in histories}
        self._kept = {run: kept for run, kept in self._kept.items() if run in shown}

    def read_on(self, histories: list[RunHistory], budget: float = BUDGET) -> bool:
        """Read on for all runs, within one budget. Returns whether all is read."""
        end = time.perf_counter() + budget
        complete = True
        for history in histories:
            complete &= self.of(history).read_on(history, end - time.perf_counter())
        return complete
