"""What is optimised: a strip for each named loss term, each with its own logarithmic axis, every run a line in it."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio.gui.presenters.shown_run import ShownRun
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.views.charts.curve_thinning import GrowingCurve
from studio.gui.views.charts.epoch_ruler import HEIGHT as RULER_HEIGHT
from studio.gui.views.charts.epoch_ruler import EpochRuler
from studio.gui.views.charts.moments import BUDGET
from studio.gui.views.charts.overlay import OverlayLine
from studio.gui.views.charts.plot import PlotFrame
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.ticks import nice_step, number
from studio.gui.views.charts.time_axis import moment_line, stage_bands, with_gaps
from studio.gui.views.learning.seed_curves import SeedCurve, seed_curve, seed_groups
from studio.gui.widgets.labels import ElidedLabel, Label
from studio.gui.widgets.scrolling import frame_focus
from studio.gui.widgets.swatch import Swatch
from studio.runs.files.history import RunHistory

#: The least height of a strip; more terms than fit are scrolled to.
LEAST_HEIGHT = 58
#: The axis shows no more powers of ten than this below the largest value; what is smaller, zero included, lies on its floor.
MOST_DECADES = 6.0


class TermStrips(GuardedOverrides, QScrollArea):
    """One strip a term, in the order the current run first named them; strips are used again for other terms.

    The epochs stand below all of them, however far they are scrolled.
    """

    picked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        frame_focus(self)
        self.verticalScrollBar().rangeChanged.connect(self._follow_room)
        self.setAccessibleName(self.tr("Loss terms"))
        self._column = QWidget()
        self._layout = QVBoxLayout(self._column)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self.setWidget(self._column)
        self.ruler = EpochRuler(self)
        self.setViewportMargins(0, 0, 0, RULER_HEIGHT)
        self._strips: list[TermStrip] = []
        self._names: list[str] = []
        self._curves = _TermCurves()

    def forget_others(self, runs: Sequence[ShownRun]) -> None:
        """Let go of the curves of other runs."""
        self._curves.keep_only(runs)

    def show_runs(
        self,
        runs: Sequence[ShownRun],
        current: ShownRun,
        epoch: float | None,
        weighted: bool,
        each_seed: bool = True,
    ) -> bool:
        """Draw the terms of all runs at an epoch (None is now), times their weight or not, and each seed or their mean.

        Returns:
            Whether all was drawn. Of very long curves some of the end may be missing: they are read within a budget.
        """
        in_order = [current, *(run for run in runs if run is not current)]
        names = list(dict.fromkeys(name for run in in_order for name in run.history.terms))
        self._names = names
        while len(self._strips) < len(names):
            self._strips.append(TermStrip())
            self._strips[-1].plot.picked.connect(self.picked)
            self._layout.addWidget(self._strips[-1])
        for strip in self._strips[len(names) :]:
            strip.hide()
        complete = self._curves.read_on(in_order, weighted)
        end = max([1.0, *(float(run.history.epochs) for run in runs)])
        for name, strip in self.strips.items():
            strip.set_name(name)
            with_term = [run for run in in_order if name in run.history.terms]
            groups = [(run,) for run in with_term] if each_seed else seed_groups(with_term)
            curves = [seed_curve(group, partial(self._curves.of, name=name)) for group in groups]
            strip.show_curves(curves, current, epoch, end, weighted)
            strip.show()
        self._lay_ruler()
        return complete

    def _follow_room(self, _low: int, high: int) -> None:
        """A stop of the keyboard where there is something to scroll."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if high > 0 else Qt.FocusPolicy.NoFocus)

    def _lay_ruler(self) -> None:
        """Below the curves of the first strip; those of all begin and end where its do."""
        if not self._names:
            return
        plot = self._strips[0].plot
        area = plot.area().translated(plot.mapTo(self, QPoint(0, 0)).toPointF())
        self.ruler.setGeometry(0, self.height() - RULER_HEIGHT, self.width(), RULER_HEIGHT)
        self.ruler.show_range(plot.ranges[0], area.left(), area.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_ruler()
        QTimer.singleShot(0, self, self._lay_ruler)  # the strips get their place after this

    @property
    def strips(self) -> dict[str, TermStrip]:
        """The strips that are shown, by the name of their term."""
        return dict(zip(self._names, self._strips, strict=False))


class TermStrip(QWidget):
    """One term: its name and weight, its value at the moment, its curves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._title = ElidedLabel("", "section", "text")
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._detail = ElidedLabel("", "axis")
        self._detail.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._swatch = Swatch()
        self._value = Label("", "section", "text")
        self.plot = PlotFrame(log_y=True, left=42, x_labels=False)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._title)
        head.addWidget(self._detail, 1)
        head.addWidget(self._swatch)
        head.addWidget(self._value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.plot, 1)

    def set_name(self, name: str) -> None:
        """Show this term."""
        if name != self._name:
            self._name = name
            self._title.setText(name.replace("_", " "))
            self.plot.setAccessibleName(name)

    def show_curves(
        self,
        curves: Sequence[SeedCurve],
        current: ShownRun,
        epoch: float | None,
        end: float,
        weighted: bool,
    ) -> None:
        """Draw the runs that have this term, epochs and values; the first one's value stands in the head."""
        self.plot.log_y = not any((curve.mean < 0).any() for curve in curves)
        low, high = _range([curve.mean for curve in curves], self.plot.log_y)
        # the first run is drawn last, above the others
        lines = [self._line(curve, low, curve.first is current) for curve in reversed(curves)]
        self.plot.set_ranges((0.0, end), (low, high))
        self.plot.set_bands(stage_bands(current.history))
        self.plot.set_lines(lines)
        self.plot.set_moment(moment_line(current.history, epoch))
        self._show_head(curves[0].first, epoch, weighted)

    def _line(self, curve: SeedCurve, low: float, bold: bool) -> OverlayLine:
        """A run, or several seeds with their spread."""
        run, key, name, spread = curve.first, curve.first.history.run, curve.first.history.label, None
        if curve.deviation is not None:
            key = " ".join(["seeds", *(one.history.run for one in curve.runs)])
            name = self.tr("{run}, {n} seeds").format(run=run.group_label, n=len(curve.runs))
            spread = (
                self._scaled(curve.mean - curve.deviation, low),
                self._scaled(curve.mean + curve.deviation, low),
            )
        stroke = Stroke(run.role, run.color_index)
        return OverlayLine(key, curve.x, self._scaled(curve.mean, low), stroke, bold=bold, name=name, spread=spread)

    def _scaled(self, values: np.ndarray, low: float) -> np.ndarray:
        """As the axis has them; what is smaller than its least lies on its floor."""
        return np.log10(np.maximum(values, 10.0**low)) if self.plot.log_y else values

    def _show_head(self, run: ShownRun, epoch: float | None, weighted: bool) -> None:
        term = run.history.terms[self._name]
        step = math.inf if epoch is None else (epoch + 1e-9) * run.history.steps_per_epoch
        value, weight = term.raw.at(step), term.weight.at(step)
        words = "–"
        if value is not None and weight is not None:
            words = number(float(f"{value * weight if weighted else value:.2g}"))
        elif len(term.weight):
            weight = float(term.weight.y[0])
        self._swatch.show_run(run.role, run.color_index)
        self._value.setText(words)
        self._detail.setText(self.tr("weight {w}").format(w=number(weight)) if weight is not None else "")
        self.plot.setAccessibleDescription(f"{run.history.label}: {words}")


class _TermCurves:
    """The curves of all terms of the shown runs, thinned for the screen, weighted or not."""

    def __init__(self) -> None:
        self._weighted = True
        self._kept: dict[tuple[str, str], tuple[RunHistory, GrowingCurve]] = {}

    def keep_only(self, runs: Sequence[ShownRun]) -> None:
        """Forget the curves of other runs."""
        shown = {run.history.run for run in runs}
        self._kept = {key: kept for key, kept in self._kept.items() if key[0] in shown}

    def read_on(self, runs: Sequence[ShownRun], weighted: bool) -> bool:
        """Take in what has come, for about :data:`BUDGET`; what is short at once. Returns whether all is taken in."""
        if weighted != self._weighted:
            self._weighted = weighted
            self._kept.clear()
        until = time.perf_counter() + BUDGET
        complete = True
        for run in runs:
            for name, term in run.history.terms.items():
                curve = self._curve(run.history, name)
                factor = term.weight.y if weighted else None
                read = curve.read_on(term.raw.x, term.raw.y, factor)
                while not read and time.perf_counter() < until:
                    read = curve.read_on(term.raw.x, term.raw.y, factor)
                complete &= read
        return complete

    def of(self, run: ShownRun, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Epochs and values of a term."""
        curve = self._curve(run.history, name)
        x, y = with_gaps(run.history, curve.x, curve.y)
        return x / run.history.steps_per_epoch, y

    def _curve(self, history: RunHistory, name: str) -> GrowingCurve:
        kept = self._kept.get((history.run, name))
        if kept is None or kept[0] is not history:
            kept = self._kept[history.run, name] = (history, GrowingCurve())
        return kept[1]


def _range(values: Sequence[np.ndarray], log: bool) -> tuple[float, float]:
    """The range of the axis, snapped so that it seldom moves: quarters of a decade, or nice steps."""
    known = [v[np.isfinite(v)] for v in values]
    lows = [float(v.min()) for k in known if len(v := k[k > 0] if log else k)]
    if not lows:
        return 0.0, 1.0
    low, high = min(lows), max(float(k.max()) for k in known if len(k))
    if not log:
        step = nice_step(max(high - low, 1e-9, 1e-6 * abs(low)) / 4)
        return step * math.floor(low / step), step * math.ceil(high / step + 1e-9)
    top = math.ceil(4 * math.log10(high) + 0.2) / 4
    bottom = max(math.floor(4 * math.log10(low) - 0.2) / 4, top - MOST_DECADES)
    return min(bottom, top - 0.5), top
