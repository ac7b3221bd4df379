"""The Compression view: does one small network keep what many learners gain?"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.format import UNKNOWN, byte_size, figure, percent, short_number, thousands
from studio.gui.presenters.compression_reading import Compared, Compression
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.say import say
from studio.gui.views.base import View
from studio.gui.views.charts.column_grid import ColumnGrid
from studio.gui.views.charts.error_chart import ErrorChart
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.compression.member_bars import MemberBars, MemberRow
from studio.gui.views.compression.model_rows import ModelRow, ModelRows
from studio.gui.views.compression.row_pairs import RowPairs
from studio.gui.views.compression.size_lines import error_by_size
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.saving import CsvTable, Value
from studio.gui.widgets.labels import ClampedLabel, Label
from studio.gui.widgets.scrolling import frame_focus

#: Below this width all cards stand one below the other.
NARROW = 780


class CompressionView(View):
    """The four models, the learners that were chosen, the student's error by its sizes, and made-up rows beside true ones."""

    key = "compression"
    title = str(QT_TRANSLATE_NOOP("views", "Compression"))
    question = str(QT_TRANSLATE_NOOP("views", "Does one small network keep what many learners gain?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Squared error on the rows for testing, lower is better: Σ (probability − truth)². Bytes and milliseconds are what "
            "one answer needs here.",
        )
    )
    help_page = "method-compress"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._build_models()
        self._build_members()
        self._build_sizes()
        self._build_rows()
        self._narrow: bool | None = None
        self._arrange()
        scroll = QScrollArea()
        frame_focus(scroll)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.setAccessibleName(self.words(self.title))
        page = QVBoxLayout(self.page)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(scroll)

    def _build_models(self) -> None:
        row = QVBoxLayout()
        card = self.add_card(row, self.words(self.question), self.words(self.how_to_read), self._models_table)
        row.removeWidget(card)
        self.headline, self.note = Label("", "page"), ClampedLabel("", "explain", lines=3)
        self.models = ModelRows()
        for part in (self.headline, self.models, self.note):
            card.body.addWidget(part)
        card.body.addStretch(1)

    def _build_members(self) -> None:
        row = QVBoxLayout()
        card = self.add_card(row, self.tr("Which learners answer together?"), "", self._members_table)
        row.removeWidget(card)
        self.chosen, self.members = ClampedLabel("", "explain", lines=2), MemberBars()
        card.body.addWidget(self.chosen)
        card.body.addWidget(_scrolled(self.members, self.tr("The chosen learners")), 1)

    def _build_sizes(self) -> None:
        row = QVBoxLayout()
        names = (self.tr("How many made-up cases?"), self.tr("How many hidden units?"))
        self.by_cases = ErrorChart(self.tr("Squared error by made-up cases"))
        self.by_units = ErrorChart(self.tr("Squared error by hidden units"))
        for name, chart, table in zip(
            names, (self.by_cases, self.by_units), (self._cases_table, self._units_table), strict=True
        ):
            card = self.add_card(row, name, self.tr("Squared error of the ticked runs that differ in it."), table)
            row.removeWidget(card)
            card.body.addWidget(chart, 1)

    def _build_rows(self) -> None:
        row = QVBoxLayout()
        words = self.tr(
            "Filled: true rows; line: made-up ones. Below, made-up rows and what differs from the nearest true row."
        )
        card = self.add_card(row, self.tr("Do made-up rows look like true ones?"), words, self._columns_table)
        row.removeWidget(card)
        self.columns, self.pairs = ColumnGrid(), RowPairs()
        self.left_out_columns = ClampedLabel("", "explain", "text3", lines=1)
        pairs = _scrolled(self.pairs, self.tr("Made-up rows"), sideways=True)
        card.body.addWidget(self.columns)
        card.body.addWidget(self.left_out_columns)
        card.body.addWidget(pairs)
        self._pairs_area = pairs

    # --- what there is -----------------------------------------------------------------------------------------------

    def off_words(self) -> str:
        """Only what compresses many learners fills it."""
        return "" if self._lead is not None else self.tr("no compression of many learners is ticked")

    def empty_reason(self) -> EmptyReason | None:
        """Nothing without such a run, and before its library is there."""
        reason, current = super().empty_reason(), self.current
        if reason is not None or self._lead is not None:
            return reason
        if current is not None and current.history.state in ACTIVE:
            words = self.tr("What all models reach is drawn here as soon as the chain has ended.")
            done = (current.step or current.history).item
            return EmptyReason(self.tr("Nothing is measured yet."), f"{words} {say(done.words)}" if done else words)
        return EmptyReason(
            self.tr("No compression is ticked."),
            self.tr(
                "This run does not compress many learners into one network. Model compression does so for a table, and fills "
                "this page; or tick such a run below."
            ),
            self.tr("Choose a method"),
            "teacher",
        )

    @property
    def _lead(self) -> ShownRun | None:
        """The run that is drawn: the one in question where it compresses, else the first that does."""
        return self.first_run(lambda run: run.compression is not None)

    def draw(self) -> None:
        """Bring all cards up to date."""
        lead = self._lead
        if lead is None or (found := lead.compression) is None:
            return
        self.headline.setText(self._headline(found))
        self.note.setText(self._note(found))
        head = (self.tr("squared error"), self.tr("right"), self.tr("bytes"), self.tr("one answer"))
        self.models.show_rows(head, [self._model_row(found, key) for key in _ORDER], lead.color_index)
        words = self.tr(
            "{n} of {all} learners were chosen by rows kept back, some again and again; bars are their weights."
        )
        self.chosen.setText(words.format(n=len(found.members), all=found.library))
        self.members.show_rows([
            MemberRow(say(one.kind), str(one.settings), one.weight, percent(one.weight)) for one in found.members
        ])  # fmt: skip
        labels: dict[Compared, str] = {
            "ensemble": self.tr("together"),
            "best": self.tr("best single"),
            "alone": self.tr("alone"),
        }
        self.by_cases.show_content(error_by_size(self.runs, lead, "cases", labels))
        self.by_units.show_content(error_by_size(self.runs, lead, "units", labels))
        self._draw_rows(found, lead.color_index)

    def _draw_rows(self, found: Compression, color_index: int) -> None:
        card, samples = self.cards[4], found.samples
        card.setVisible(samples is not None and self.may_show(card))
        if samples is None:
            return
        self.columns.show_samples(samples, color_index)
        self.pairs.show_samples(samples)
        self._pairs_area.setFixedHeight(self.pairs.minimumHeight() + 16)
        left_out = samples.all_columns - len(samples.columns)
        words = self.tr("{n} of {all} columns are drawn: those that differ most.")
        self.left_out_columns.setText(words.format(n=len(samples.columns), all=thousands(samples.all_columns)))
        self.left_out_columns.setVisible(left_out > 0)

    def _names(self) -> dict[Compared, str]:
        return {
            "ensemble": self.tr("Many together"),
            "student": self.tr("The student"),
            "best": self.tr("Best single learner"),
            "alone": self.tr("The network alone"),
        }

    def _headline(self, found: Compression) -> str:
        ensemble, best = found.model("ensemble").squared_error, found.model("best").squared_error
        if found.kept is not None:
            return self.tr("{share} of the gain is kept").format(share=percent(found.kept, 0))
        if ensemble is not None and best is not None and best <= ensemble:
            return self.tr("Together they gain nothing")
        return self.tr("The student is not measured yet")

    def _note(self, found: Compression) -> str:
        told = []
        if found.kept is not None:
            told.append(self.tr("The gain is from the best single learner to all together, in squared error."))
        if found.to_ensemble is not None:
            words = self.tr("The student’s answers are {error} from the ensemble’s, as mean squared difference.")
            told.append(words.format(error=short_number(found.to_ensemble, 3)))
        return " ".join(told)

    def _model_row(self, found: Compression, key: Compared) -> ModelRow:
        model = found.model(key)
        return ModelRow(
            key,
            self._names()[key],
            model.squared_error,
            short_number(model.squared_error, 3),
            (
                percent(model.accuracy),
                byte_size(model.size),
                figure(model.milliseconds, "ms") if model.milliseconds is not None else UNKNOWN,
            ),
        )

    # --- places ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In little width every card has a row of its own."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < NARROW
        if narrow == self._narrow:
            return
        self._narrow = narrow
        for card in self.cards:
            self._grid.removeWidget(card)
        models, members, cases, units, rows = self.cards
        members.setMinimumHeight(220)
        for chart in (cases, units):
            chart.setMinimumHeight(190)
        self._grid.addWidget(models, 0, 0, 1, 4 if narrow else 3)
        self._grid.addWidget(members, *((1, 0, 1, 4) if narrow else (0, 3, 2, 1)))
        self._grid.addWidget(cases, 2 if narrow else 1, 0, 1, 2 if narrow else 1)
        self._grid.addWidget(units, *((2, 2, 1, 2) if narrow else (1, 1, 1, 2)))
        self._grid.addWidget(rows, 3, 0, 1, 4)
        for column, stretch in enumerate((1, 1, 1, 1) if narrow else (6, 3, 3, 8)):
            self._grid.setColumnStretch(column, stretch)

    # --- values ------------------------------------------------------------------------------------------------------

    def _models_table(self) -> CsvTable:
        header = ("run", "model", "squared error", "right", "bytes", "milliseconds", "cases", "units")
        rows: list[tuple[Value, ...]] = []
        for run in self.runs:
            found = run.compression
            if found is not None:
                rows += [
                    (run.history.label, one.key, one.squared_error, one.accuracy, one.size, one.milliseconds, found.cases,
                     found.units)
                    for one in found.models
                ]  # fmt: skip
        return CsvTable(header, rows)

    def _members_table(self) -> CsvTable:
        found = self._lead.compression if self._lead is not None else None
        members = found.members if found is not None else ()
        return CsvTable(
            ("kind", "settings", "weight", "squared error"),
            [(str(one.kind), str(one.settings), one.weight, one.squared_error) for one in members],
        )

    def _cases_table(self) -> CsvTable:
        return self._sizes_table("cases")

    def _units_table(self) -> CsvTable:
        return self._sizes_table("units")

    def _sizes_table(self, size: str) -> CsvTable:
        found = [(run, run.compression) for run in self.runs if run.compression is not None]
        rows = [(run.history.label, getattr(one, size), one.model("student").squared_error) for run, one in found]
        return CsvTable(("run", size, "squared error"), rows)

    def _columns_table(self) -> CsvTable:
        samples = (
            self._lead.compression.samples if self._lead is not None and self._lead.compression is not None else None
        )
        return CsvTable(("column", "value", "true_rows", "made_up"), samples.values() if samples is not None else ())


#: As they are listed.
_ORDER: tuple[Compared, ...] = ("ensemble", "student", "best", "alone")


def _scrolled(part: QWidget, name: str, *, sideways: bool = False) -> QScrollArea:
    area = QScrollArea()
    frame_focus(area)
    area.setFrameShape(QFrame.Shape.NoFrame)
    never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    if sideways:
        area.setVerticalScrollBarPolicy(never)
    else:
        area.setHorizontalScrollBarPolicy(never)
    area.setWidgetResizable(True)
    area.setWidget(part)
    area.setAccessibleName(name)
    return area


VIEW = CompressionView
