"""What the headline says of a chain of trainings: of the step at a moment beside the one that taught it, and of the best."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from studio.events import StageBand
from studio.gui.text.say import say
from studio.runs.files.history import RunHistory
from studio.runs.results.role_text import role_text


def chain_headline(history: RunHistory, epoch: float | None, score: float | None) -> str:
    """A sentence or two.

    Args:
        epoch: the moment; None is now.
        score: the last reading at that moment; None where there is none yet.
    """
    band = _band_at(history, math.inf if epoch is None else epoch * history.steps_per_epoch)
    if band is None:
        return say(history.phase) or _tr("Its first network has not begun yet.")
    if score is None:
        return _tr("{step} has not been tested yet.").format(step=_title(band.name))
    said = _tr("{step}: {accuracy}.").format(step=_title(band.name), accuracy=history.scale.told(score))
    teacher = history.models.get(band.taught_by or "")
    if teacher is None:
        return said
    reached = history.scale.words(teacher.reached.value)
    taught_by = _tr("It is taught by {teacher}, which reached {accuracy}.")
    return f"{said} {taught_by.format(teacher=say(role_text(teacher.role)), accuracy=reached)}"


def best_step(history: RunHistory) -> tuple[float, str] | None:
    """The best score of a network of the chain that has learnt, and which one that is; None before."""
    learnt = [told for told in history.models.values() if not told.members]
    best = max(learnt, key=lambda told: history.scale.gain(told.reached.value, 0.0), default=None)
    return (best.reached.value, say(role_text(best.role))) if best is not None else None


def _band_at(history: RunHistory, step: float) -> StageBand | None:
    """That of the last reading at or before ``step``."""
    x = history.test.x
    read = x[x <= step + 1e-6]
    if len(read):
        return next((band for band in history.plan if band.begin < read[-1] <= band.end), history.plan[0])
    return history.plan[0] if history.step > 0 and history.plan else None


def _title(role: str) -> str:
    return say(role_text(role, first=True))


def _tr(words: str) -> str:
    return QCoreApplication.translate("learning", words)
