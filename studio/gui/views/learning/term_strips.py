"""What is optimised: a strip for each named loss term, each with its own logarithmic axis, every run a line in it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.charts.overlay import OverlayLine
from studio.gui.views.charts.plot import PlotFrame
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.ticks import nice_step, number
from studio.gui.views.charts.time_axis import moment_line, stage_bands
from studio.gui.widgets.labels import ElidedLabel, Label
from studio.gui.widgets.swatch import Swatch

#: The least height of a strip; more terms than fit are scrolled to.
LEAST_HEIGHT = 58
#: The axis shows no more powers of ten than this below the largest value; what is smaller, zero included, lies on its floor.
MOST_DECADES = 6.0


class TermStrips(QScrollArea):
    """One strip a term, in the order the current run first named them."""

    picked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Loss terms"))
        self._column = QWidget()
        self._layout = QVBoxLayout(self._column)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self.setWidget(self._column)
        self._strips: dict[str, TermStrip] = {}

    def show_runs(self, runs: Sequence[ShownRun], current: ShownRun, epoch: float | None, weighted: bool) -> None:
        """Draw the terms of all runs at an epoch (None is now), times their weight or not."""
        in_order = [current, *(run for run in runs if run is not current)]
        names = list(dict.fromkeys(name for run in in_order for name in run.history.terms))
        for name in names:
            if name not in self._strips:
                self._strips[name] = TermStrip(name)
                self._strips[name].plot.picked.connect(self.picked)
                self._layout.addWidget(self._strips[name])
        end = max([1.0, *(float(run.history.epochs) for run in runs)])
        for name, strip in self._strips.items():
            strip.setVisible(name in names)
            if name in names:
                strip.set_last(name == names[-1])
                strip.show_runs([run for run in in_order if name in run.history.terms], current, epoch, end, weighted)

    @property
    def strips(self) -> dict[str, TermStrip]:
        """The strips by the name of their term."""
        return self._strips


class TermStrip(QWidget):
    """One term: its name and weight, its value at the moment, its curves."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._title = ElidedLabel(name.replace("_", " "), "section", "text")
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._detail = ElidedLabel("", "axis")
        self._detail.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._swatch = Swatch()
        self._value = Label("", "section", "text")
        self.plot = PlotFrame(log_y=True, left=42, x_labels=False)
        self.plot.setAccessibleName(name)
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

    def set_last(self, last: bool) -> None:
        """Only the lowest strip names the epochs: all share one axis."""
        self.plot.set_x_labels(last)

    def show_runs(
        self, runs: Sequence[ShownRun], current: ShownRun, epoch: float | None, end: float, weighted: bool
    ) -> None:
        """Draw the runs that have this term; the first one's value stands in the head."""
        curves = [(run, *_curve(run, self._name, weighted)) for run in runs]
        self.plot.log_y = all(float(y.min()) >= 0 for _, _, y in curves if len(y))
        low, high = _range([y for _, _, y in curves], self.plot.log_y)
        lines = []
        for run, x, y in reversed(curves):  # the first run is drawn last, above the others
            drawn = np.log10(np.maximum(y, 10.0**low)) if self.plot.log_y else y
            lines.append(OverlayLine(run.history.run, x, drawn, Stroke(run.role, run.color_index)))
        self.plot.set_ranges((0.0, end), (low, high))
        self.plot.set_bands(stage_bands(current.history))
        self.plot.set_lines(lines)
        self.plot.set_moment(moment_line(current.history, epoch))
        self._show_head(*curves[0], epoch)

    def _show_head(self, run: ShownRun, x: np.ndarray, y: np.ndarray, epoch: float | None) -> None:
        at = len(x) - 1 if epoch is None else int(np.searchsorted(x, epoch + 1e-9, side="right")) - 1
        value = number(float(f"{y[at]:.2g}")) if at >= 0 else "–"
        weights = run.history.terms[self._name].weight.y
        self._swatch.show_run(run.role, run.color_index)
        self._value.setText(value)
        self._detail.setText(self.tr("weight {w}").format(w=number(float(weights[max(at, 0)]))) if len(weights) else "")
        self.plot.setAccessibleDescription(f"{run.history.label}: {value}")


def _curve(run: ShownRun, name: str, weighted: bool) -> tuple[np.ndarray, np.ndarray]:
    """Epochs and values of a term."""
    term = run.history.terms[name]
    return term.raw.x / run.history.steps_per_epoch, term.raw.y * term.weight.y if weighted else term.raw.y


def _range(values: Sequence[np.ndarray], log: bool) -> tuple[float, float]:
    """The range of the axis, snapped so that it seldom moves: quarters of a decade, or nice steps."""
    known = [v[np.isfinite(v)] for v in values]
    lows = [float(v.min()) for k in known if len(v := k[k > 0] if log else k)]
    if not lows:
        return 0.0, 1.0
    low, high = min(lows), max(float(k.max()) for k in known if len(k))
    if not log:
        step = nice_step(max(high - low, 1e-9) / 4)
        return step * math.floor(low / step), step * math.ceil(high / step + 1e-9)
    top = math.ceil(4 * math.log10(high) + 0.2) / 4
    bottom = max(math.floor(4 * math.log10(low) - 0.2) / 4, top - MOST_DECADES)
    return min(bottom, top - 0.5), top
