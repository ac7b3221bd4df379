"""The Generations view: does each step of a chain of trainings do better than the one that taught it?"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.format import UNKNOWN, count
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.presenters.reported import ReportedTable, read_reported
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.say import say
from studio.gui.views.base import View
from studio.gui.views.charts.legend import Legend
from studio.gui.views.charts.reported_grid import GridContent, GridRow, ReportedGrid
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.generations.chain_errors import (
    ALONE,
    TEACHER,
    ChainGroup,
    ModelError,
    StepCurve,
    chain_groups,
    step_curves,
)
from studio.gui.views.generations.chain_words import answer, chart_content, how_to_read, role_title
from studio.gui.views.generations.difference_lines import DifferenceLines
from studio.gui.views.generations.step_bands import Band, StepBands
from studio.gui.views.generations.step_chart import StepChart
from studio.gui.views.reported_table import reported_table
from studio.gui.views.saving import CsvTable, Value
from studio.gui.widgets.labels import ClampedLabel
from studio.gui.widgets.scrolling import SidewaysArea, frame_focus

#: Below this width the reported table stands below all others.
NARROW = 800


class GenerationsView(View):
    """The errors of all steps, what others reported beside them, and how each step learnt."""

    key = "generations"
    title = str(QT_TRANSLATE_NOOP("views", "Generations"))
    question = str(QT_TRANSLATE_NOOP("views", "Does each generation beat its teacher?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP("views", "Test error, %, of each network of a chain of trainings; lower is better.")
    )
    help_page = "generations"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._column.addLayout(self._row, 1)
        self._build_steps()
        self._build_bands()
        self._build_reported()
        self._scroll = QScrollArea()
        frame_focus(self._scroll)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(inner)
        self._scroll.setAccessibleName(self.words(self.title))
        page = QVBoxLayout(self.page)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._scroll)

    def _build_steps(self) -> None:
        card = self.add_card(self._row, self.words(self.question), self.words(self.how_to_read), self._table, 58)
        self.legend = Legend()
        self.legend.hide()
        self.chart = StepChart()
        self.answer = ClampedLabel("", "explain", lines=2)
        self.chart.chosen.connect(self.answer.setText)
        card.body.addWidget(self.legend)
        card.body.addWidget(self.chart, 1)
        card.body.addWidget(self.answer)

    def _build_bands(self) -> None:
        words = self.tr("In each band: test error, %, while it learnt; 100 at the top, the least of all at the bottom.")
        card = self.add_card(self._column, self.tr("Which generation learns now?"), words, self._bands_table, 0)
        self.learning = ClampedLabel("", "explain", lines=1)
        self.bands = StepBands()
        card.body.addWidget(self.learning)
        card.body.addWidget(self.bands)

    def _build_reported(self) -> None:
        card = self.add_card(self._row, self.tr("Does it go as reported?"), "", self._reported_table, 42)
        self.reported_card = card
        self.grid = ReportedGrid()
        self.differences = DifferenceLines()
        self.note = ClampedLabel("", "explain", "text3", lines=8)
        card.body.addWidget(SidewaysArea(self.grid, self.tr("Reported errors and ours")))
        card.body.addWidget(self.note)
        card.body.addWidget(self.differences, 1)
        card.hide()

    # --- what there is -----------------------------------------------------------------------------------------------

    def off_words(self) -> str:
        """Says so unless a chain is ticked."""
        return "" if any(run.history.is_chain for run in self.runs) else self.tr("no chain of trainings is ticked")

    def empty_reason(self) -> EmptyReason | None:
        """Nothing without a chain, or before its first network has begun."""
        reason = super().empty_reason()
        current = self.current
        if reason is not None or current is None or self.is_useful():
            return reason
        if current.history.state in ACTIVE and not current.history.plan:
            return EmptyReason(
                self.tr("Nothing has begun yet."),
                self.tr("Networks are drawn here one after the other, once the first begins."),
            )
        return EmptyReason(
            self.tr("No chain of trainings is ticked."),
            self.tr(
                "This run is one training. A method that trains several networks one after the other, each taught by the one "
                "before, fills this page; or tick such a run below."
            ),
            self.tr("Choose a method"),
            "teacher",
        )

    def draw(self) -> None:
        """Bring chart, bands and the reported table up to date."""
        groups = chain_groups(self.runs, self.current, self.epoch)
        lead = groups[0]
        self.chart.show_content(chart_content(groups))
        if not self.chart.is_chosen:
            self.answer.setText(answer(lead))
        self.cards[0].set_how_to_read(how_to_read(lead))
        names = [(Stroke("run", group.lead.color_index), _name(group)) for group in groups]
        self.legend.show_names(names)
        self.legend.setVisible(len(names) > 1)
        self._draw_bands(lead.lead)
        self._draw_reported(lead)

    def _draw_bands(self, run: ShownRun) -> None:
        curves = step_curves(run, self.epoch)
        self.bands.show_bands(tuple(self._band(curve, run) for curve in curves))
        self.learning.setText(self._learning_words(run, curves))

    def _band(self, curve: StepCurve, run: ShownRun) -> Band:
        role: StrokeRole = "teacher" if curve.role == TEACHER else "alone" if curve.role == ALONE else "run"
        learns = curve.state == "learns"
        if curve.reached is not None:
            words = self.tr("{error:.1f} % error").format(error=100 * curve.reached)
        elif learns:
            words = self.tr("epoch {epoch}").format(epoch=curve.epoch) if curve.epochs else self.tr("learns")
        else:
            words = self.tr("not yet") if run.history.state in ACTIVE else self.tr("not begun")
        return Band(role_title(curve.role), words, Stroke(role, run.color_index), curve.x, 100 * curve.error, learns)

    def _learning_words(self, run: ShownRun, curves: Sequence[StepCurve]) -> str:
        """Which step learns, or how many there are."""
        learns = next((curve for curve in curves if curve.state == "learns"), None)
        done = sum(curve.state == "done" for curve in curves)
        name = run.history.label
        if learns is None:
            return self.tr("{run}: {done} of {all} have learnt.").format(run=name, done=done, all=len(curves))
        words = self.tr("{run}: {step} learns, {done} of {all} have learnt.")
        if learns.epochs:
            words = self.tr("{run}: {step} learns, epoch {epoch} of {epochs}; {done} of {all} have learnt.")
        return words.format(
            run=name,
            step=role_title(learns.role),
            epoch=learns.epoch,
            epochs=learns.epochs,
            done=done,
            all=len(curves),
        )

    # --- what others reported ----------------------------------------------------------------------------------------

    def _draw_reported(self, group: ChainGroup) -> None:
        table = read_reported().get(group.lead.method)
        self.reported_card.setVisible(table is not None and self.may_show(self.reported_card))
        if table is None:
            return
        self.reported_card.title.setText(self.tr("Does it go as in {source}?").format(source=say(table.source)))
        words = self.tr(
            "Test error, %, of {networks} on {data}. Ours are other networks or data: compare the differences."
        )
        self.reported_card.set_how_to_read(words.format(networks=table.networks, data=table.data))
        self.note.setText(f"{table.networks}, {table.data}. {say(table.note)}".strip())
        content = self._grid_content(table, group)
        self.grid.show_content(content)
        self.differences.show_content(content)

    def _grid_content(self, table: ReportedTable, group: ChainGroup) -> GridContent:
        own = [_percent(group.model(column.members)) for column in table.columns]
        others = tuple(
            GridRow(
                row.name,
                count(row.parameters) if row.parameters is not None else "",
                row.errors,
                tuple(float(error) if error else None for error in row.errors),
            )
            for row in table.rows
        )
        cells = tuple(UNKNOWN if value is None else f"{value:.1f}" for value in own)
        return GridContent(
            self.tr("network"),
            tuple(say(column.title) for column in table.columns),
            GridRow(self.tr("Ours"), "", cells, tuple(own)),
            others,
            Stroke("run", group.lead.color_index),
            say(table.source),
        )

    # --- values ------------------------------------------------------------------------------------------------------

    def _table(self) -> CsvTable:
        """A row a model and chain, and what is said of it over all chains of the experiment."""
        rows: list[list[Value]] = []
        for group in chain_groups(self.runs, self.current, self.epoch):
            models = [*group.steps, *([group.alone] if group.alone is not None else []), *group.averages]
            for model in models:
                if model.mean is None:
                    continue
                low, high = model.interval or (None, None)
                gain = model.gain
                rows.append(
                    [
                        group.lead.history.run,
                        _name(group),
                        model.role,
                        " + ".join(model.members),
                        model.taught_by,
                        model.n,
                        model.mean,
                        low,
                        high,
                        model.spread,
                        *((gain.value, gain.low, gain.high) if gain is not None else (None, None, None)),
                    ]
                )
        heads = ["run", "name", "role", "members", "compared_with", "chains", "test_error", "low", "high", "deviation"]
        return CsvTable([*heads, "gain", "gain_low", "gain_high"], rows)

    def _bands_table(self) -> CsvTable:
        rows: list[list[Value]] = []
        for group in chain_groups(self.runs, self.current, self.epoch):
            for run in group.chains:
                for curve in step_curves(run, self.epoch):
                    rows += [
                        [run.history.run, run.history.label, curve.role, float(x), float(y)]
                        for x, y in zip(curve.x, curve.error, strict=True)
                    ]
        return CsvTable(["run", "name", "role", "share_of_step", "test_error"], rows)

    def _reported_table(self) -> CsvTable:
        return reported_table("network", self.grid.content)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In little width the reported table goes to the end of the page."""
        super().resizeEvent(event)
        below = self.width() < NARROW
        if below != (self._row.indexOf(self.reported_card) < 0):
            (self._row if below else self._column).removeWidget(self.reported_card)
            (self._column if below else self._row).addWidget(self.reported_card, 0 if below else 42)


def _name(group: ChainGroup) -> str:
    """What the chains of an experiment are called together; one alone by its own name."""
    lead = group.lead
    return (len(group.chains) > 1 and lead.group_label) or lead.history.label


def _percent(model: ModelError | None) -> float | None:
    return 100 * model.mean if model is not None and model.mean is not None else None


VIEW = GenerationsView
