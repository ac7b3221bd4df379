"""The Boundaries view: are the same neurons on and off in teacher and student?"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.base import View
from studio.gui.views.boundaries.agreement_bars import AgreementBar, AgreementBars
from studio.gui.views.boundaries.channel_cells import ChannelCells, ChannelRow
from studio.gui.views.charts.legend import Legend
from studio.gui.views.charts.moments import SnapshotCurvesOfRuns, arrays_of, moment_at
from studio.gui.views.charts.naming import group_name
from studio.gui.views.charts.overlay import OverlayLine
from studio.gui.views.charts.plot import PlotFrame
from studio.gui.views.charts.scale_bar import ScaleBar
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.time_axis import moment_line, stage_bands
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.saving import CsvTable, Value
from studio.gui.widgets.labels import ClampedLabel, Label
from studio.runs.files.history import Arrays


class BoundariesView(View):
    """Agreement of activation boundaries: now, by channel, and over time."""

    key = "boundaries"
    title = str(QT_TRANSLATE_NOOP("views", "Boundaries"))
    question = str(QT_TRANSLATE_NOOP("views", "Do the same neurons fire?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Share of neurons that are on or off together, on test pictures. The upright mark is what chance alone would give "
            "at the firing rates measured.",
        )
    )
    help_page = "boundaries"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot_curves = SnapshotCurvesOfRuns()
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        left = QVBoxLayout()
        left.setSpacing(8)
        row.addLayout(left, 60)
        self._build_bars(left)
        self._build_channels(left)
        history = self.add_card(
            row,
            self.tr("When did they begin to agree?"),
            self.tr("Agreement, % by epoch; dotted is chance."),
            self._table,
            40,
        )
        self._history = QVBoxLayout()
        self._history.setSpacing(2)
        history.body.addLayout(self._history)
        self._plots: dict[str, tuple[QWidget, PlotFrame]] = {}
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.setAccessibleName(self.words(self.title))
        page = QVBoxLayout(self.page)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(scroll)

    def _build_bars(self, left: QVBoxLayout) -> None:
        card = self.add_card(left, self.words(self.question), self.words(self.how_to_read), self._table, 55)
        self.legend = Legend()
        self.bars = AgreementBars()
        self.how = ClampedLabel("", "explain", lines=2)
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

    def empty_reason(self) -> EmptyReason | None:
        """Nothing without a snapshot, a teacher, or neurons to compare."""
        reason = super().empty_reason()
        current = self.current
        if reason is not None or current is None:
            return reason
        if self._agreeing():
            return None
        if current.history.teacher is None and not any("teacher" in key for key in self._arrays(current)):
            return EmptyReason(
                self.tr("There is no teacher to agree with."),
                self.tr("This run learns without a teacher. Pick a method with one and train again."),
                self.tr("Choose a method"),
                "teacher",
            )
        if not current.history.moments:
            return EmptyReason(
                self.tr("No snapshot yet."), self.tr("Agreement is measured when training begins and after its epochs.")
            )
        return EmptyReason(
            self.tr("No neurons that can be compared."),
            self.tr("Agreement needs groups that end before a ReLU in both networks, on maps of the same size."),
        )

    def draw(self) -> None:
        """Bring bars, cells and curves up to date."""
        current = self.current
        assert current is not None
        runs = self._agreeing()
        if not self._snapshot_curves.read_on([run.history for run in runs]):
            self.request_redraw()
        arrays = {run.history.run: self._arrays(run) for run in runs}
        groups = list(
            dict.fromkeys(g for run in runs for g in run.history.groups if f"agreement/{g}" in arrays[run.history.run])
        )
        strokes = [(Stroke("run", run.color_index), run.history.label) for run in runs]
        self.legend.show_names(strokes)
        self.bars.show_groups(tuple((group_name(g), self._bars_of(g, runs, arrays)) for g in groups))
        self.how.setText(
            self._how_sentence(arrays[current.history.run] if current in runs else arrays[runs[0].history.run], groups)
        )
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
        with_agreement = [run for run in self.runs if any(key.startswith("agreement/") for key in self._arrays(run))]
        return sorted(with_agreement, key=lambda run: run is not self.current)

    def _arrays(self, run: ShownRun) -> Arrays:
        moment = moment_at(run.history, self.epoch)
        return {} if moment is None else arrays_of(moment)

    def _bars_of(self, group: str, runs: list[ShownRun], arrays: dict[str, Arrays]) -> tuple[AgreementBar, ...]:
        bars = []
        for run in runs:
            found = arrays[run.history.run]
            if f"agreement/{group}" in found:
                agreement, chance = (float(found[f"{key}/{group}"].item()) for key in ("agreement", "chance"))
                bars.append(AgreementBar(run.history.label, Stroke("run", run.color_index), agreement, chance))
        return tuple(bars)

    def _channels_of(self, group: str, runs: list[ShownRun], arrays: dict[str, Arrays]) -> tuple[ChannelRow, ...]:
        return tuple(
            ChannelRow(
                run.history.label, Stroke("run", run.color_index), found[f"channels/{group}"], found[f"firing/{group}"]
            )
            for run in runs
            if f"channels/{group}" in (found := arrays[run.history.run])
        )

    def _how_sentence(self, arrays: Arrays, groups: list[str]) -> str:
        """How the two were compared, group by group where they differ."""
        ways = {
            0: self.tr("directly, channel by channel"),
            1: self.tr("behind the method's connector"),
            2: self.tr("behind a 1 × 1 map fitted on other pictures"),
        }
        by_way: dict[int, list[str]] = {}
        for group in groups:
            by_way.setdefault(int(arrays.get(f"how/{group}", np.zeros(())).item()), []).append(group_name(group))
        if len(by_way) == 1:
            return self.tr("Compared {way}.").format(way=ways[next(iter(by_way))])
        return self.tr("Compared: {ways}.").format(
            ways="; ".join(f"{', '.join(names)} {ways[way]}" for way, names in by_way.items())
        )

    def _draw_history(self, group: str, groups: list[str], runs: list[ShownRun], current: ShownRun) -> None:
        plot = self._plot(group)
        plot.set_x_labels(group == groups[-1])
        lines, end = [], 1.0
        for run in reversed(runs):
            curves, spe = self._snapshot_curves.of(run.history).curves, run.history.steps_per_epoch
            end = max(end, float(run.history.epochs))
            for key, stroke in (
                ("chance", Stroke("run", run.color_index, chance=True)),
                ("agreement", Stroke("run", run.color_index)),
            ):
                series = curves.get(f"{key}/{group}")
                if series is not None and len(series):
                    lines.append(OverlayLine(f"{key} {run.history.run}", series.x / spe, series.y, stroke))
        low = min([50.0, *(float(line.y.min()) for line in lines)])
        plot.set_ranges((0.0, end), (max(0.0, 10 * np.floor((low - 2) / 10)), 100.0))
        plot.set_bands(stage_bands(current.history))
        plot.set_lines(lines)
        plot.set_moment(moment_line(current.history, self.epoch))

    def _plot(self, group: str) -> PlotFrame:
        if group not in self._plots:
            box, plot = QWidget(), PlotFrame()
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
        rows: list[list[Value]] = []
        for run in self._agreeing():
            read = self._snapshot_curves.of(run.history)
            read.read_on(run.history, budget=60.0)
            for group in run.history.groups:
                agreement, chance = read.curves.get(f"agreement/{group}"), read.curves.get(f"chance/{group}")
                if agreement is not None and chance is not None:
                    rows += [
                        [run.history.run, run.history.label, group, int(x), float(a), float(c)]
                        for x, a, c in zip(agreement.x, agreement.y, chance.y, strict=True)
                    ]
        return CsvTable(["run", "name", "group", "step", "agreement_percent", "chance_percent"], rows)

    def _channel_table(self) -> CsvTable:
        rows: list[list[Value]] = []
        for run in self._agreeing():
            arrays = self._arrays(run)
            for group in run.history.groups:
                if f"channels/{group}" in arrays:
                    pairs = zip(arrays[f"channels/{group}"], arrays[f"firing/{group}"], strict=True)
                    rows += [
                        [run.history.run, run.history.label, group, i + 1, float(percent), float(firing)]
                        for i, (percent, firing) in enumerate(pairs)
                    ]
        return CsvTable(["run", "name", "group", "channel", "agreement_percent", "teacher_firing"], rows)


VIEW = BoundariesView
