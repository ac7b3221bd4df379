"""The Recasting view: can every block of the teacher be exchanged for a smaller one?"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.answer_time import APART
from studio.core.format import UNKNOWN, count, percent, ratio
from studio.events import StudentRebuilt
from studio.gui.presenters.reported import ReportedTable, read_reported
from studio.gui.presenters.seed_runs import mean_values, seed_runs
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.base import View
from studio.gui.views.charts.moments import arrays_of, moment_at
from studio.gui.views.charts.reported_grid import GridContent, GridRow, ReportedGrid
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.recasting.block_rows import BlockRows
from studio.gui.views.recasting.difference_bands import DifferenceBands
from studio.gui.views.recasting.filter_squares import FilterSquares
from studio.gui.views.recasting.recast_state import RecastState, is_recasting, recast_state
from studio.gui.views.recasting.recasting_tables import blocks_table, differences_table, filters_table, savings_table
from studio.gui.views.recasting.savings_bars import Saving, SavingsBars
from studio.gui.views.reported_table import reported_table
from studio.gui.views.saving import CsvTable
from studio.gui.widgets.labels import ClampedLabel
from studio.gui.widgets.scrolling import SidewaysArea, frame_focus

#: Columns of the reported table: the whole network, the recast one, one of its form alone. Others are named by a method.
WHOLE, RECAST, ALONE = "teacher", "student", "alone"


class RecastingView(View):
    """The blocks of both networks, how near each new one came, what is saved, the first filters, and what was reported."""

    key = "recasting"
    title = str(QT_TRANSLATE_NOOP("views", "Blocks"))
    question = str(QT_TRANSLATE_NOOP("views", "Can every block be exchanged for a smaller one?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "The higher a block, the more channels. Exchanged from the left; all that comes before goes on learning, and "
            "the rest is still the teacher’s.",
        )
    )
    help_page = "method-recast"
    needs = ("filters/",)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.blocks = BlockRows()
        card = self.add_card(column, self.words(self.question), self.words(self.how_to_read), self._blocks_table, 0)
        card.body.addWidget(self.blocks)
        upper, lower = QHBoxLayout(), QHBoxLayout()
        for row in (upper, lower):
            row.setSpacing(8)
            column.addLayout(row, 1)
        words = self.tr("Squared difference to the teacher while it learnt, one band a block; log scale.")
        card = self.add_card(upper, self.tr("How near does each new block come?"), words, self._differences_table, 58)
        self.differences = DifferenceBands()
        card.body.addWidget(self.differences, 1)
        words = self.tr(
            "Milliseconds are measured here, for one input, in turn; at the end is counted and timed untrained."
        )
        card = self.add_card(upper, self.tr("What does it save?"), words, self._savings_table, 42)
        self.savings = SavingsBars()
        card.body.addWidget(self.savings)
        card.body.addStretch(1)
        words = self.tr("Each square is one filter of the first layer, from its least value to its largest.")
        self.filter_card = self.add_card(
            lower, self.tr("What do the first filters look for?"), words, self._filters_table, 58
        )
        self.filters = FilterSquares()
        self.filter_card.body.addWidget(self.filters, 1)
        card = self.add_card(lower, self.tr("Does it go as reported?"), "", self._reported_table, 42)
        self.reported_card = card
        self.grid, self.note = ReportedGrid(), ClampedLabel("", "explain", "text3", lines=8)
        card.body.addWidget(SidewaysArea(self.grid, self.tr("Reported errors and ours")))
        card.body.addWidget(self.note)
        card.body.addStretch(1)
        scroll = QScrollArea()
        frame_focus(scroll)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.setAccessibleName(self.words(self.title))
        page = QVBoxLayout(self.page)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(scroll)

    # --- what there is -----------------------------------------------------------------------------------------------

    def off_words(self) -> str:
        """Says so unless a run that exchanges blocks is ticked."""
        return (
            ""
            if any(is_recasting(run.history) for run in self.runs)
            else self.tr("no run that exchanges blocks is ticked")
        )

    def empty_reason(self) -> EmptyReason | None:
        """Nothing without a recasting."""
        reason = super().empty_reason()
        if reason is not None or self._lead is not None:
            return reason
        return EmptyReason(
            self.tr("No recasting is ticked."),
            self.tr(
                "This run does not exchange blocks. Network recasting makes a small network out of the teacher, block by "
                "block, and fills this page; or tick such a run below."
            ),
            self.tr("Choose a method"),
            "teacher",
        )

    @property
    def _lead(self) -> ShownRun | None:
        """The run that is drawn: the one in question where it exchanges blocks, else the first that does."""
        return self.first_run(lambda run: is_recasting(run.history))

    @property
    def state(self) -> RecastState | None:
        """What is drawn."""
        lead = self._lead
        return recast_state(lead.history, self.epoch) if lead is not None else None

    def draw(self) -> None:
        """Bring all cards up to date."""
        lead, state = self._lead, self.state
        if lead is None or state is None:
            return
        self.blocks.show_state(state, lead.color_index)
        self.differences.show_curves(state.curves, lead.color_index)
        self.differences.setToolTip(plain_tip(self._apart_words(state)))
        self.savings.show_savings(self._savings(state.told), lead.color_index)
        self._draw_filters(lead)
        self._draw_reported(lead)

    def _apart_words(self, state: RecastState) -> str:
        """How far each exchanged block, and those below it, are from the teacher at this moment; empty where nobody looked."""
        words = self.tr("behind block {n} {share} of what the teacher’s activations vary")
        told = [
            words.format(n=pair.number, share=percent(pair.apart)) for pair in state.pairs if pair.apart is not None
        ]
        return f"{self.tr('Apart now')}: {'; '.join(told)}" if told else ""

    def _savings(self, told: StudentRebuilt) -> tuple[Saving, ...]:
        networks = (told.teacher, told.student, told.planned)
        parameters = [float(network.parameters) for network in networks]
        macs = [float(network.macs) for network in networks]
        times = [network.milliseconds for network in networks]
        fewer, faster = self.tr("{ratio} times fewer"), self.tr("{ratio} times faster")
        return (
            self._saving(self.tr("Parameters"), fewer, parameters, [count(round(value)) for value in parameters]),
            self._saving(self.tr("Multiplications"), fewer, macs, [count(round(value)) for value in macs]),
            self._saving(self.tr("Milliseconds"), faster, times, [f"{value:.2f} ms" for value in times], APART),
        )

    def _saving(self, title: str, words: str, values: list[float], said: list[str], apart: float = 1.0) -> Saving:
        """What is saved in the end, said to be nothing while the ratio is below ``apart``."""
        before, now, end = said
        times = values[0] / values[2] if values[2] > 0 else 1.0
        return Saving(
            title,
            words.format(ratio=ratio(times)) if times > apart else self._not_saved(times, apart),
            (values[0], values[1], values[2]),
            (
                self.tr("{value} before").format(value=before),
                self.tr("{value} now").format(value=now),
                self.tr("{value} at the end").format(value=end),
            ),
        )

    def _not_saved(self, times: float, apart: float) -> str:
        return self.tr("about the same") if times > 1 / apart and apart > 1 else self.tr("nothing saved")

    def _draw_filters(self, lead: ShownRun) -> None:
        moment = moment_at(lead.history, self.epoch)
        arrays = arrays_of(moment) if moment is not None else {}
        shown = []
        for role, words, stroke in (
            ("teacher", self.tr("Before: {n}"), Stroke("teacher")),
            ("student", self.tr("After: {n}"), Stroke("run", lead.color_index)),
        ):
            found = arrays.get(f"filters/{role}")
            if found is not None:
                shown.append((words.format(n=len(found)), stroke, found))
        self.filters.show_filters(shown)
        self.filter_card.setVisible(bool(shown) and self.may_show(self.filter_card))

    # --- what others reported ----------------------------------------------------------------------------------------

    def _draw_reported(self, lead: ShownRun) -> None:
        table = read_reported().get(lead.method)
        self.reported_card.setVisible(table is not None and self.may_show(self.reported_card))
        if table is None:
            return
        self.reported_card.title.setText(self.tr("Does it go as in {source}?").format(source=say(table.source)))
        words = self.tr(
            "Test error, %, of {networks} on {data}. Ours are other networks or data: compare the differences."
        )
        seeds = len(seed_runs(lead, self.runs))
        if seeds > 1:
            words = self.tr(
                "Test error, %, of {networks} on {data}. Ours, means of {n} seeds, are other networks or data: compare the "
                "differences."
            )
        self.reported_card.set_how_to_read(words.format(networks=table.networks, data=table.data, n=seeds))
        self.note.setText(say(table.note))
        self.grid.show_content(self._grid_content(table, lead))

    def _grid_content(self, table: ReportedTable, lead: ShownRun) -> GridContent:
        own = mean_values([_own_errors(run) for run in seed_runs(lead, self.runs)])
        values = tuple(own.get(column.members[0], self._of_method(column.members[0])) for column in table.columns)
        others = tuple(
            GridRow(row.name, "", row.errors, tuple(float(error) if error else None for error in row.errors))
            for row in table.rows
        )
        return GridContent(
            self.tr("network"),
            tuple(say(column.title) for column in table.columns),
            GridRow(self.tr("Ours"), "", tuple(UNKNOWN if v is None else f"{v:.1f}" for v in values), values),
            others,
            Stroke("run", lead.color_index),
            say(table.source),
        )

    def _of_method(self, method: str) -> float | None:
        """The test error, in percent, of a ticked run of this method, or the mean of its seeds; None where there is none."""
        other = next((run for run in self.runs if run.method == method and len(run.history.test_labelled)), None)
        if other is None:
            return None
        return mean_values([_own_errors(run) for run in seed_runs(other, self.runs)]).get(RECAST)

    # --- values ------------------------------------------------------------------------------------------------------

    def _blocks_table(self) -> CsvTable:
        return blocks_table(self.state)

    def _differences_table(self) -> CsvTable:
        return differences_table(self.state)

    def _savings_table(self) -> CsvTable:
        return savings_table(self.state)

    def _filters_table(self) -> CsvTable:
        lead = self._lead
        moment = moment_at(lead.history, self.epoch) if lead is not None else None
        return filters_table(arrays_of(moment) if moment is not None else {})

    def _reported_table(self) -> CsvTable:
        return reported_table("network", self.grid.content)


def _own_errors(run: ShownRun) -> dict[str, float]:
    """Test errors in percent by role, as far as they are known."""
    history = run.history
    found: dict[str, float] = {}
    for role, reference in ((WHOLE, history.teacher), (ALONE, history.alone)):
        if reference is not None:
            found[role] = 100 * (1 - reference.value)
    if len(history.test_labelled):
        found[RECAST] = _last_error(run)
    return found


def _last_error(run: ShownRun) -> float:
    return 100 * (1 - float(run.history.test_labelled.y[-1]))


VIEW = RecastingView
