"""The axis all curves share: epochs, with the stages as bands and the moment as an upright line."""

from __future__ import annotations

import numpy as np

from studio.gui.views.charts.overlay import OverlayBand
from studio.runs.files.history import RunHistory

#: States in which a run still grows.
ACTIVE = ("running", "paused", "stopping")


def stage_bands(history: RunHistory, named: bool = False) -> list[OverlayBand]:
    """Stages without labels, in epochs: the classifier is untrained there, its accuracy would say nothing."""
    spe = history.steps_per_epoch
    return [
        OverlayBand(stage.begin / spe, stage.end / spe, stage.title if named else "")
        for stage in history.plan
        if not stage.labels
    ]


def with_gaps(history: RunHistory, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A curve with a gap where one training of a chain ends and the next begins, from new weights.

    Args:
        x, y: the curve, (n,) each, x in steps, ascending.

    Returns:
        Both, (m,) each, y NaN in the gaps; the arrays themselves where there is none.
    """
    if not history.is_chain or not len(x):
        return x, y
    borders = np.array([band.begin for band in history.plan if 0 < band.begin < x[-1]], dtype=float)
    if not len(borders):
        return x, y
    places = np.searchsorted(x, borders)
    places += x[np.minimum(places, len(x) - 1)] == borders  # the reading at a border is the last of what ends there
    return np.insert(x, places, borders), np.insert(y, places, np.nan)


def moment_line(history: RunHistory, epoch: float | None) -> float | None:
    """Where the moment's line stands, in epochs: at a chosen one, else where a run that still grows is now."""
    live = epoch is None and history.state in ACTIVE and history.step > 0
    return history.step / history.steps_per_epoch if live else epoch
