"""The student's error by made-up cases, or by hidden units: of the ticked runs those that differ in nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Literal

from studio.core.format import short_number
from studio.gui.presenters.compression_reading import Compared, Compression
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.charts.error_chart import ErrorContent, ErrorLevel, ErrorLine, LevelRole

Size = Literal["cases", "units"]
#: Of the models beside the student, how each is drawn.
LEVELS: dict[Compared, LevelRole] = {"ensemble": "teacher", "best": "best", "alone": "alone"}


def error_by_size(runs: Sequence[ShownRun], lead: ShownRun, size: Size, names: Mapping[Compared, str]) -> ErrorContent:
    """Points of the runs whose other size is that of the lead, in its colour; the lead is the one that is chosen.

    Several runs of one size, seeds of one experiment, are one point: their mean, but at the size of the lead its own error.

    Args:
        names: of the models whose errors are reference lines: those of the lead.
    """
    found = lead.compression
    if found is None:
        return ErrorContent(percent=False)
    same = (run.compression for run in runs if _same_but(run.compression, found, size))
    own, errors_at = _point(found, size), defaultdict[float, list[float]](list)
    for at, reached in (point for one in same if (point := _point(one, size)) is not None):
        errors_at[at].append(reached)
    levels = tuple(
        ErrorLevel(error, role, f"{names[key]} {short_number(error, 3)}")
        for key, role in LEVELS.items()
        if (error := found.model(key).squared_error) is not None
    )
    if own is None:
        return ErrorContent(levels=levels, percent=False)
    points = [own if at == own[0] else (at, fmean(errors)) for at, errors in sorted(errors_at.items())]
    sizes, errors = zip(*points, strict=True)
    line = ErrorLine(sizes, errors, lead.color_index, points.index(own))
    return ErrorContent(
        (line,), levels, percent=False, spoken="; ".join(f"{at:g}: {error:.4g}" for at, error in points)
    )


def _point(found: Compression | None, size: Size) -> tuple[float, float] | None:
    if found is None:
        return None
    at, error = found.cases if size == "cases" else found.units, found.model("student").squared_error
    return (float(at), error) if at and error is not None else None


def _same_but(found: Compression | None, lead: Compression, size: Size) -> bool:
    if found is None:
        return False
    return found.units == lead.units if size == "cases" else found.cases == lead.cases
