"""The Boundaries view: are the same neurons on and off in teacher and student?"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.arrays import Arrays
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.base import View
from studio.gui.views.boundaries.agreement_bars import AgreementBar, AgreementBars
from studio.gui.views.boundaries.channel_cells import ChannelCells, ChannelRow
from studio.gui.views.boundaries.group_readings import (
    CONNECTED,
    DIRECTLY,
    OWN,
    channel_arrays,
    compared_groups,
    group_readings,
    own_way,
)
from studio.gui.views.charts.legend import Legend
from studio.gui.views.charts.moments import BUDGET, SnapshotCurvesOfRuns, arrays_of_runs, moment_at
from studio.gui.views.charts.naming import group_name
from studio.gui.views.charts.overlay import OverlayLine
from studio.gui.views.charts.plot import PlotFrame
from studio.gui.views.charts.scale_bar import ScaleBar
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.time_axis import moment_line, stage_bands
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.saving import CsvTable, Value
from studio.gui.widgets.explained_label import ExplainedLabel
from studio.gui.widgets.labels import Label
from studio.gui.widgets.scrolling import frame_focus
from studio.runs.files.snapshot_check import CheckedArrays

_NUMBERS = ("agreement", "chance")


class BoundariesView(View):
    """Agreement of activation boundaries: now, by channel, and over time."""

    key = "boundaries"
    title = str(QT_TRANSLATE_NOOP("views", "Boundaries"))
    question = str(QT_TRANSLATE_NOOP("views", "Do the same neurons fire?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Share of neurons that are on or off together on test pictures. Upright mark: chance. Hollow mark: the student "
            "before training.",
        )
    )
    help_page = "boundaries"
    needs = ("agreement/", "chance/", "channels/", "firing/", "how/", "own/")
    fills_from = ("agreement/", "own/agreement/")
    most = 6

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot_curves = SnapshotCurvesOfRuns()
        self._read: dict[str, CheckedArrays] = {}
        row = QHBoxLayout(self.page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        inner = QWidget()
        left = QVBoxLayout(inner)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(8)
        self._build_bars(left)
        self._build_channels(left)
        row.addWidget(self._scrolling(inner), 60)
        self._over_time = self.tr("Agreement, % by epoch; thin is the run's own way, dotted is chance.")
        history = self.add_card(row, self.tr("When did they begin to agree?"), self._over_time, self._table, 40)
        self._history = QVBoxLayout()
        self._history.setSpacing(2)
        history.body.addLayout(self._history)
        self._plots: dict[str, tuple[QWidget, PlotFrame]] = {}

    def _scrolling(self, inner: QWidget) -> QScrollArea:
        """Bars and cells of many runs are scrolled; the history beside them always shows all groups and the epochs."""
        scroll = QScrollArea()
        frame_focus(scroll)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.setAccessibleName(self.words(self.title))
        return scroll

    def _build_bars(self, left: QVBoxLayout) -> None:
        card = self.add_card(left, self.words(self.question), self.words(self.how_to_read), self._table, 55)
        self.legend = Legend()
        self.bars = AgreementBars()
        self.how = ExplainedLabel("", "explain", lines=5)
        for part in (self.legend, self.bars, self.how):
            card.body.addWidget(part, 1 if part is self.bars else 0)

    def _build_channels(self, left: QVBoxLayout) -> None:
        card = self.add_card(
            left,
            self.tr("Which channels disagree?"),
            self.tr("A cell for each channel, ordered by how often the teacher's channel fires (rare at the left)."),
            self._channel_table,
            45,
        )
        scale = ScaleBar("viridis", self.tr("50 %"), self.tr("100 % agree"))
        self.cells = ChannelCells()
        card.body.addWidget(self.cells, 1)
        card.body.addWidget(scale, 0)

    def lacking_words(self) -> str:
        """Agreement takes two networks."""
        return self.tr("no teacher whose neurons could be compared")

    def empty_reason(self) -> EmptyReason | None:
        """Nothing without a snapshot, a teacher, or neurons to compare."""
        reason = super().empty_reason()
        current = self.current
        if reason is not None or current is None:
            return reason
        self._read_arrays()
        if self._agreeing():
            return None
        arrays = self._read.get(current.history.run)
        if arrays is not None and arrays.lacks("agreement/", "chance/", "own/", "logits/student"):
            return self.damaged_reason()
        if not current.history.moments:
            return self.no_snapshot_reason(self.tr("Agreement is measured when training begins and after its epochs."))
        if current.history.teacher is None and not any("teacher" in key for key in self._arrays(current)):
            return EmptyReason(
                self.tr("There is no teacher to agree with."),
                self.tr("This run learns without a teacher. Pick a method with one and train again."),
                self.tr("Choose a method"),
                "teacher",
            )
        return EmptyReason(
            self.tr("No neurons that can be compared."),
            self.tr("Agreement needs groups that end before a ReLU in both networks, on maps of the same size."),
        )

    def forget_others(self) -> None:
        """The curves of other runs need not be kept."""
        self._snapshot_curves.keep_only(run.history for run in self.runs)

    def draw(self) -> None:
        """Bring bars, cells and curves up to date."""
        current = self.current
        assert current is not None
        runs = self._agreeing()
        complete = self._snapshot_curves.read_on([run.history for run in runs])
        if not complete:
            self.request_redraw()
        loading = self.tr("Loading: the curves are not whole yet. {how_to_read}").format(how_to_read=self._over_time)
        self.cards[-1].set_how_to_read(self._over_time if complete else loading)
        arrays = {run.history.run: self._arrays(run) for run in runs}
        compared = {run.history.run: compared_groups(arrays[run.history.run]) for run in runs}
        groups = list(dict.fromkeys(g for run in runs for g in run.history.groups if g in compared[run.history.run]))
        strokes = [(Stroke("run", run.color_index), run.history.label) for run in runs]
        self.legend.show_names(strokes)
        self.bars.show_groups(tuple((group_name(g), self._bars_of(g, runs, arrays)) for g in groups))
        self.how.setText(self._how_sentence(runs, arrays, groups))
        key = (
            tuple((run.history.run, run.color_index, moment_at(run.history, self.epoch)) for run in runs),
            tuple(groups),
        )
        self.cells.show_groups(tuple((group_name(g), self._channels_of(g, runs, arrays)) for g in groups), key)
        for g in groups:
            self._draw_history(g, groups, runs, current)
        for g, (box, _) in self._plots.items():
            box.setVisible(g in groups)

    def _agreeing(self) -> list[ShownRun]:
        """The runs whose snapshots hold agreement, the current one first."""
        with_agreement = [run for run in self.runs if compared_groups(self._arrays(run))]
        return sorted(with_agreement, key=lambda run: run is not self.current)

    def _read_arrays(self, budget: float = BUDGET) -> None:
        """The arrays of all runs at the moment shown, as many as there is time for; the rest comes in the next refresh."""
        in_order = sorted(self.runs, key=lambda run: run is not self.current)
        self._read, complete = arrays_of_runs((run.history for run in in_order), self.epoch, budget)
        if not complete:
            self.request_redraw()

    def _arrays(self, run: ShownRun) -> Arrays:
        return self._read.get(run.history.run, {})

    def _bars_of(self, group: str, runs: list[ShownRun], arrays: dict[str, Arrays]) -> tuple[AgreementBar, ...]:
        return tuple(
            AgreementBar(run.history.label, Stroke("run", run.color_index), reading)
            for run in runs
            for reading in group_readings(run.history, arrays[run.history.run], group)
        )

    def _channels_of(self, group: str, runs: list[ShownRun], arrays: dict[str, Arrays]) -> tuple[ChannelRow, ...]:
        return tuple(
            ChannelRow(run.history.label, Stroke("run", run.color_index), *found)
            for run in runs
            if (found := channel_arrays(arrays[run.history.run], group)) is not None
        )

    def _how_sentence(self, runs: list[ShownRun], arrays: dict[str, Arrays], groups: list[str]) -> str:
        """How the two were compared: the one way of all runs, and beside it their methods' own."""
        sentences = [
            self.tr(
                "Compare the full bars: the teacher's neurons as a fitted map makes them of the student's, alike for all runs."
            ),
            self.tr(
                "Filled mark: what luck gives. Hollow mark: the student untrained; low groups agree then already, so look "
                "how far above it a bar goes."
            ),
        ]
        ways = {
            CONNECTED: self.tr("behind its connector"),
            DIRECTLY: self.tr("channel by channel"),
        }
        by_way: dict[tuple[str, ...], list[str]] = {}
        for group in groups:
            taken = {own_way(arrays[run.history.run], group) for run in runs}
            told = tuple(words for way, words in ways.items() if way in taken)
            if told:
                by_way.setdefault(told, []).append(group_name(group))
        if by_way:
            sayings = (f"{', '.join(names)} {self.tr(' or ').join(told)}" for told, names in by_way.items())
            sentences.append(self.tr("Outlined: {ways}.").format(ways="; ".join(sayings)))
        old = [
            run.history.label for run in runs if not any(f"agreement/{g}" in arrays[run.history.run] for g in groups)
        ]
        if old:
            words = self.tr("Measured by an earlier version, in its own way alone: {runs}.")
            sentences.append(words.format(runs=", ".join(dict.fromkeys(old))))
        return " ".join(sentences)

    def _draw_history(self, group: str, groups: list[str], runs: list[ShownRun], current: ShownRun) -> None:
        plot = self._plot(group)
        plot.set_x_labels(group == groups[-1])
        lines, end = [], 1.0
        for run in reversed(runs):
            curves, spe = self._snapshot_curves.of(run.history).curves, run.history.steps_per_epoch
            end = max(end, float(run.history.epochs))
            label = run.history.label
            for key, stroke, name in (
                ("chance", Stroke("run", run.color_index, chance=True), self.tr("{run}, chance").format(run=label)),
                (
                    f"{OWN}agreement",
                    Stroke("run", run.color_index, width=1.0),
                    self.tr("{run}, behind its connector").format(run=label),
                ),
                ("agreement", Stroke("run", run.color_index), label),
            ):
                series = curves.get(f"{key}/{group}")
                known = np.isfinite(series.y) if series is not None else np.zeros(0, bool)
                if series is not None and known.any():
                    lines.append(
                        OverlayLine(
                            f"{key} {run.history.run}", series.x[known] / spe, series.y[known], stroke, name=name
                        )
                    )
        low = min([50.0, *(float(line.y.min()) for line in lines)])
        plot.set_ranges((0.0, end), (max(0.0, 10 * np.floor((low - 2) / 10)), 100.0))
        plot.set_bands(stage_bands(current.history))
        plot.set_lines(lines)
        plot.set_moment(moment_line(current.history, self.epoch))

    def _plot(self, group: str) -> PlotFrame:
        if group not in self._plots:
            box, plot = QWidget(), PlotFrame(unit="%")
            column = QVBoxLayout(box)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(Label(group_name(group), "section", "text"))
            column.addWidget(plot, 1)
            box.setMinimumHeight(84)
            plot.setAccessibleName(self.tr("Agreement over time, {group}").format(group=group_name(group)))
            plot.picked.connect(self.pick_epoch)
            self._history.addWidget(box, 1)
            self._plots[group] = (box, plot)
        return self._plots[group][1]

    def _table(self) -> CsvTable:
        self._read_arrays(budget=60.0)
        rows: list[list[Value]] = []
        for run in self._agreeing():
            history = run.history
            read = self._snapshot_curves.of(history)
            read.read_on(history, budget=60.0)
            moments = {told.step: name for name, told in history.key_moments.items()}
            for group in history.groups:
                curves = [read.curves.get(f"{prefix}{name}/{group}") for prefix in ("", OWN) for name in _NUMBERS]
                numbers = [dict(zip(curve.x, curve.y, strict=True)) if curve is not None else {} for curve in curves]
                rows += [
                    [
                        history.run,
                        history.label,
                        group,
                        int(x),
                        *(by_step.get(x) for by_step in numbers),
                        moments.get(int(x)),
                    ]
                    for x in sorted({x for by_step in numbers for x in by_step})
                ]
        heads = ["agreement_percent", "chance_percent", "own_agreement_percent", "own_chance_percent"]
        return CsvTable(["run", "name", "group", "step", *heads, "moment"], rows)

    def _channel_table(self) -> CsvTable:
        self._read_arrays(budget=60.0)
        rows: list[list[Value]] = []
        for run in self._agreeing():
            arrays = self._arrays(run)
            for group in run.history.groups:
                pairs = zip(*(channel_arrays(arrays, group) or ()), strict=True)
                rows += [
                    [run.history.run, run.history.label, group, i + 1, float(percent), float(firing)]
                    for i, (percent, firing) in enumerate(pairs)
                ]
        return CsvTable(["run", "name", "group", "channel", "agreement_percent", "teacher_firing"], rows)


VIEW = BoundariesView
