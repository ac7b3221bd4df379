"""The snapshot of the student alone that stands beside a run's: of the same epoch, on the same examples."""

from __future__ import annotations

import numpy as np

from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.charts.moments import arrays_of, moment_at
from studio.runs.files.history import Moment
from studio.runs.files.snapshot_check import CheckedArrays


def alone_moment(run: ShownRun, epoch: float | None) -> Moment | None:
    """The moment of the student alone at an epoch, None is its latest; None where it has no snapshot."""
    return None if run.alone is None else moment_at(run.alone, epoch)


def alone_arrays(run: ShownRun, epoch: float | None, beside: str, arrays: CheckedArrays) -> CheckedArrays | None:
    """What the student alone shows beside a run.

    Args:
        run: the run in question.
        epoch: the moment on the axis all runs share; None is the latest.
        beside: the array that says what was shown to both: "probe/inputs" or "plane/extent".
        arrays: the run's own.

    Returns:
        None where it has no snapshot, or one of other examples.
    """
    moment = alone_moment(run, epoch)
    if moment is None:
        return None
    found = arrays_of(moment)
    ours, theirs = arrays.get(beside), found.get(beside)
    return found if ours is not None and theirs is not None and np.array_equal(ours, theirs) else None
