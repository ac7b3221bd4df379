"""The levels that curves are compared with: what student alone and teacher reached, of a run or of several seeds together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.learning.gap_bar import Mark
from studio.runs.files.history import Reference
from studio.runs.references import ReferenceRole
from studio.runs.results.seed_group import SeedMean


@dataclass(frozen=True)
class ReferenceLevel:
    """What a reference reached.

    Attributes:
        mark: its score; of several seeds their mean, with the sample standard deviation where they differ.
        low, high: the ends of what is tinted around it; None where nothing is known of how far it may be off.
        whose: which seeds it is of, where that does not go without saying: ``3 seeds``, ``seed 2``; else empty.
    """

    mark: Mark
    low: float | None = None
    high: float | None = None
    whose: str = ""

    def named(self, name: str) -> str:
        """A name with whose it is: ``Alone, 3 seeds``."""
        return f"{name}, {self.whose}" if self.whose else name


def reference_level(role: ReferenceRole, curve: Sequence[ShownRun], drawn: Sequence[ShownRun]) -> ReferenceLevel | None:
    """The level of a reference; None where it is not known of each of the seeds.

    Args:
        curve: whose curve it is compared with: a run, or the seeds whose mean is drawn.
        drawn: all runs that are drawn. Where those of other seeds have other references, it is said whose it is.
    """
    references = [known for run in curve if (known := _reference(run, role)) is not None]
    if not references or len(references) < len(curve):
        return None
    scale = curve[0].history.scale
    values = [reference.value for reference in references]
    several = {reference.value for run in drawn if (reference := _reference(run, role)) is not None} | set(values)
    if len(curve) > 1:
        # one teacher that taught all seeds is one measurement, not several that agree
        mean = SeedMean.of(values if len(set(values)) > 1 else values[:1], scale)
        assert mean is not None
        whose = _tr("{n} seeds").format(n=len(curve)) if len(several) > 1 else ""
        mark = Mark(mean.value, mean.deviation, scale)
        if mean.deviation is None:
            return ReferenceLevel(mark, whose=whose)
        return ReferenceLevel(mark, mean.value - mean.deviation, mean.value + mean.deviation, whose)
    reference, info = references[0], curve[0].info
    seeds = {run.info.seed for run in drawn if run.info is not None}
    whose = _tr("seed {n}").format(n=info.seed) if info is not None and len(seeds) > 1 and len(several) > 1 else ""
    spread = (reference.high - reference.low) / 2 if reference.low is not None and reference.high is not None else None
    return ReferenceLevel(Mark(reference.value, spread, scale), reference.low, reference.high, whose)


def _reference(run: ShownRun, role: ReferenceRole) -> Reference | None:
    return run.history.alone if role == "alone" else run.history.teacher


def _tr(words: str) -> str:
    return QCoreApplication.translate("learning", words)
