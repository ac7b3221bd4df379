"""The axis all curves share: epochs, with the stages as bands and the moment as an upright line."""

from __future__ import annotations

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


def moment_line(history: RunHistory, epoch: float | None) -> float | None:
    """Where the moment's line stands, in epochs: at a chosen one, else where a run that still grows is now."""
    live = epoch is None and history.state in ACTIVE and history.step > 0
    return history.step / history.steps_per_epoch if live else epoch
