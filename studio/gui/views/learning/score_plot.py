"""The test score of all ticked runs by epoch, with the teacher and the student alone as lines to compare with."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from studio.core.score_scale import ACCURACY_SCALE, SHARE, ScoreScale
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.charts.overlay import OverlayBand, OverlayLine
from studio.gui.views.charts.plot import PlotFrame
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.ticks import nice_step
from studio.gui.views.charts.time_axis import ACTIVE, moment_line, stage_bands, with_gaps
from studio.gui.views.learning.gap_bar import Mark
from studio.gui.views.learning.reference_levels import ReferenceLevel, reference_level
from studio.gui.views.learning.seed_curves import seed_curve, seed_groups
from studio.runs.files.history import Reference, RunHistory
from studio.runs.references import ReferenceRole

#: Percent shown below the lowest of what matters: where curves come from is of less interest than where they end.
ROOM_BELOW = 25.0
#: Those that a run is compared with, in the order they are drawn.
_REFERENCES: tuple[ReferenceRole, ...] = ("alone", "teacher")
#: Letters of a name at its line where there is little room; where there is less still, the column of names cuts it.
BRIEF = 24


class ScorePlot(PlotFrame):
    """The curves of the score that counts in the current run, of all runs that have it. ``picked`` gives an epoch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = ACCURACY_SCALE
        self._name_axis()

    def _name_axis(self) -> None:
        self.readout.unit = self._scale.axis_unit
        self.setAccessibleName(self.tr("Test {score} by epoch").format(score=self._scale.name))

    def show_runs(
        self, shown: Sequence[ShownRun], current: ShownRun, epoch: float | None, each_seed: bool = True
    ) -> None:
        """Draw the runs.

        Args:
            shown: everything that is ticked, references included.
            current: the run whose stages and references are drawn.
            epoch: the moment; None draws its line at the current run's last reading.
            each_seed: whether seeds of one experiment are drawn apart, not as their mean.
        """
        if current.history.scale != self._scale:
            self._scale = current.history.scale
            self._name_axis()
        shown = [run for run in shown if run.history.scale == self._scale]
        students = [run for run in shown if run.role == "run"]
        end = max([1.0, *(_epochs(run.history) for run in shown)])
        groups = [(run,) for run in students] if each_seed else seed_groups(students)
        curve = next((runs for runs in groups if current in runs), (current,))
        levels = {role: reference_level(role, curve, students) for role in _REFERENCES}
        lines = self._references(shown, levels, end)
        for runs in groups:
            lines.append(self._line_of(runs[0], current, end) if len(runs) == 1 else self._mean_of(runs, current))
        self.set_ranges((0.0, end), _range(lines, self._scale))
        self.set_bands([*stage_bands(current.history, named=True), *self._spread(levels["alone"])])
        self.set_lines(lines)
        measured = any(len(line.x) for line in lines if line.stroke.role == "run" or line.dot)
        self.set_note("" if measured else not_measured(self._scale))
        self.set_moment(moment_line(current.history, epoch))
        self.setAccessibleDescription("; ".join(line.label for line in lines if line.label))

    def _line_of(self, run: ShownRun, current: ShownRun, end: float) -> OverlayLine:
        history = run.history
        growing = run is current and history.state in ACTIVE
        label = self.tr("{run}, now").format(run=short(history.label)) if growing else short(history.label)
        if run.averaged is not None:
            growing, x, y = (
                False,
                np.array([0.0, end]),
                np.full(2, self._scale.axis_factor * run.averaged.accuracy.value),
            )
        else:
            x, y = _measured(run)
        return OverlayLine(
            history.run,
            x,
            y,
            Stroke("run", run.color_index),
            label,
            bold=run is current,
            dot=growing,
            brief=short(history.label, BRIEF),
            name=history.label,
        )

    def _mean_of(self, runs: tuple[ShownRun, ...], current: ShownRun) -> OverlayLine:
        """The line of several seeds, and their spread."""
        curve = seed_curve(runs, _measured)
        name = self.tr("{run}, {n} seeds").format(run=curve.first.group_label, n=len(curve.runs))
        brief = self.tr("{run}, {n} seeds").format(run=short(curve.first.group_label, BRIEF - 8), n=len(curve.runs))
        spread = (curve.mean - curve.deviation, curve.mean + curve.deviation) if curve.deviation is not None else None
        return OverlayLine(
            " ".join(["seeds", *(run.history.run for run in curve.runs)]),
            curve.x,
            curve.mean,
            Stroke("run", curve.first.color_index),
            short(name),
            bold=curve.first is current,
            brief=brief,
            name=name,
            spread=spread,
        )

    def _references(
        self, shown: Sequence[ShownRun], levels: Mapping[ReferenceRole, ReferenceLevel | None], end: float
    ) -> list[OverlayLine]:
        """A level line where the reference is known, else its growing curve while it is trained."""
        words: dict[ReferenceRole, str] = {
            "teacher": self.tr("Teacher {value}"),
            "alone": self.tr("Student alone {value}"),
        }
        names: dict[ReferenceRole, str] = {"teacher": self.tr("Teacher"), "alone": self.tr("Alone")}
        lines = []
        for role in _REFERENCES:
            runs = [run for run in shown if run.role == role]
            reference = levels[role] or next((known for run in runs if (known := _reached(run.history))), None)
            if reference is not None:
                level = np.full(2, self._scale.axis_factor * reference.mark.value)
                label = reference.named(words[role].format(value=reference.mark.words))
                ends, brief = np.array([0.0, end]), reference.named(names[role])
                lines.append(OverlayLine(role, ends, level, Stroke(role), label, brief=brief, name=brief))
                continue
            for run in runs:
                test, spe = run.history.test_labelled, run.history.steps_per_epoch
                label, brief = words[role].format(value=self.tr("now")), names[role]
                x, y = test.x / spe, self._scale.axis_factor * test.y
                lines.append(OverlayLine(role, x, y, Stroke(role), label, dot=True, brief=brief, name=brief))
        return lines

    def _spread(self, alone: ReferenceLevel | None) -> list[OverlayBand]:
        if alone is None or alone.low is None or alone.high is None:
            return []
        factor = self._scale.axis_factor
        return [OverlayBand(factor * alone.low, factor * alone.high, lying=True)]


def not_measured(scale: ScoreScale) -> str:
    """What is said where there is no reading yet."""
    if scale.is_accuracy:
        return _tr("Accuracy is measured after each epoch that has labels.")
    return _tr("No {score} was measured on the way.").format(score=scale.name)


def mark(reference: Reference, scale: ScoreScale = ACCURACY_SCALE) -> Mark:
    """A reference as the gap bar and labels show it; its spread is half its interval."""
    if reference.low is None or reference.high is None:
        return Mark(reference.value, scale=scale)
    return Mark(reference.value, (reference.high - reference.low) / 2, scale)


def short(label: str, most: int = 26) -> str:
    """A name that fits at a line: its middle goes first, runs often differ at the end, of which whole words stay (", seed 2")."""
    if len(label) <= most:
        return label
    ends = (label[at:] for mark in (", ", " ") if (at := label.rfind(mark)) > 0)
    end = next((end for end in ends if len(end) <= most // 2), label[-(most // 3) :])
    return f"{label[: most - 1 - len(end)].rstrip(' ,')}…{end}"


def _measured(run: ShownRun) -> tuple[np.ndarray, np.ndarray]:
    """Epochs and what is drawn at them."""
    history = run.history
    x, y = with_gaps(history, history.test_labelled.x, history.scale.axis_factor * history.test_labelled.y)
    return x / history.steps_per_epoch, y


def _epochs(history: RunHistory) -> float:
    return max(float(history.epochs), history.step / history.steps_per_epoch)


def _reached(history: RunHistory) -> ReferenceLevel | None:
    """The level of a reference that is drawn itself and has ended."""
    if history.state in ACTIVE or not len(history.test_labelled):
        return None
    return ReferenceLevel(Mark(float(history.test_labelled.y[-1]), scale=history.scale))


def _range(lines: Sequence[OverlayLine], scale: ScoreScale) -> tuple[float, float]:
    """From worse to better than what the curves reach, in whole steps, so that the axis seldom moves.

    Shares are drawn in percent, in steps of ten; others in steps of a quarter or so of where the best of the curves end.
    """
    known = [line.y[np.isfinite(line.y)] for line in lines if np.isfinite(line.y).any()]
    if scale.unit != SHARE:
        return _range_of_numbers(known, scale)
    if not known:
        return 0.0, 100.0
    if scale.better == "lower":
        best = [float(y.min()) for y in known]
        low = max(0.0, 10 * math.floor((min(best) - 1) / 10))
        return low, min(100.0, max(low + 10, 10 * math.ceil((max(best) + ROOM_BELOW) / 10)))
    best = [float(y.max()) for y in known]
    low = max(0.0, 10 * math.floor((min(best) - ROOM_BELOW) / 10))
    high = min(100.0, 10 * math.ceil((max(best) + 1) / 10))
    return low, max(high, low + 10)


def _range_of_numbers(known: Sequence[np.ndarray], scale: ScoreScale) -> tuple[float, float]:
    """As wide as what the curves reach, and half as wide again towards the worse side, where they come from."""
    if not known:
        return 0.0, 1.0
    best = [float(y.min() if scale.better == "lower" else y.max()) for y in known]
    width = (max(best) - min(best)) or abs(best[0]) or 1.0
    below, above = (0.25, 0.75) if scale.better == "lower" else (0.75, 0.25)
    step = nice_step(width / 4)
    low, high = min(best) - below * width, max(best) + above * width
    least = min(float(y.min()) for y in known)
    return step * math.floor((max(low, 0.0) if least >= 0 else low) / step), step * math.ceil(high / step)


def _tr(words: str) -> str:
    return QCoreApplication.translate("learning", words)
