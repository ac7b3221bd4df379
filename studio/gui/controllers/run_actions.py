"""What is done with earlier runs: open, go on, take over, label, bring back; and which run everything speaks of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.gui.controllers.experiment_files import ExperimentFiles
from studio.gui.controllers.notice_queue import NoticeQueue
from studio.gui.controllers.training_controller import TrainingController
from studio.gui.run_store.run_store import RunStore
from studio.gui.runs_table.bin_dialog import BinDialog
from studio.gui.runs_table.run_description import run_description
from studio.gui.runs_table.runs_dock import RunsDock
from studio.gui.shell.window import Window
from studio.gui.text.say import counted, say
from studio.gui.views.views_page import ViewsPage
from studio.runs.comparison.comparability import NotComparable, check_comparable

if TYPE_CHECKING:
    from studio.runs.run_info import RunInfo

#: What the notice of deleted runs is about.
_BIN = "bin"
#: The key of the view that shows two runs side by side.
COMPARISON = "compare"
#: The key of the view in which a test example is tried.
TRIAL = "try_it"


class RunActions(QObject):
    """Joins the runs table, the run store, the views and the page "This run".

    Signals:
        current_changed: everything speaks of another run now, or knows more of it.
        view_requested: the key of a view to look at.
    """

    current_changed = Signal()
    view_requested = Signal(str)

    def __init__(
        self,
        window: Window,
        run_store: RunStore,
        views_page: ViewsPage,
        runs_dock: RunsDock,
        training_controller: TrainingController,
        experiment_files: ExperimentFiles,
        notice_queue: NoticeQueue,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._run_store, self._views_page, self._runs_dock = window, run_store, views_page, runs_dock
        self._training_controller, self._notice_queue = training_controller, notice_queue
        self._experiment_files = experiment_files
        self._described: tuple[object, ...] = ()
        #: The runs that a notice offers to bring back.
        self._binned: list[str] = []
        self._are_gone = False
        run_store.listed.connect(self._show_list)
        run_store.overlaid.connect(self._show_overlaid)
        runs_dock.open_requested.connect(self.open)
        views_page.case_chosen.connect(self.try_case)
        runs_dock.compare_requested.connect(self.compare_two)
        runs_dock.menu.resume_requested.connect(self.resume)
        runs_dock.menu.reuse_requested.connect(self.reuse)
        runs_dock.deletion.deleted.connect(self._offer_restore)
        window.help.reuse_requested.connect(self.reuse)
        window.help.labels_edited.connect(self._set_labels)
        training_controller.run_ended.connect(self._select_ended)

    @property
    def current(self) -> RunInfo | None:
        """The run everything speaks of, as its folder has it."""
        return self._run_store.find(self._run_store.current)

    @property
    def selected(self) -> RunInfo | None:
        """The run selected in the table, else the current one."""
        chosen = self._runs_dock.selected_rows()
        return chosen[0].first if chosen else self.current

    def beside(self, info: RunInfo) -> list[RunInfo]:
        """The other ticked runs that a report compares a run with: one of each experiment, no references, none that is not done."""
        found: dict[str, RunInfo] = {}
        for run in self._run_store.ticked:
            other = self._run_store.find(run)
            if other is None or other.id == info.id or run in self._run_store.kinds or other.reached is None:
                continue
            if not other.group or other.group != info.group:
                found.setdefault(other.group or other.id, other)
        return list(found.values())

    def open(self, run: str) -> None:
        """Look at a run."""
        self._window.show_page(self._views_page)
        self._views_page.result.hide()
        self._run_store.set_current(run)

    def resume(self, run: str) -> None:
        """Go on with a run."""
        info = self._run_store.find(run)
        if info is not None:
            self._training_controller.resume(info)

    def resume_selected(self) -> None:
        """Go on with the run that is selected."""
        if self.selected is not None:
            self._training_controller.resume(self.selected)

    def compare(self) -> None:
        """Train the student of the current run alone."""
        if self.current is not None:
            self._training_controller.compare(self.current)

    def compare_two(self) -> None:
        """Look at the two selected rows side by side, or at what is ticked where no two are selected."""
        rows = self._runs_dock.selected_rows()
        if len(rows) == 2:
            try:
                check_comparable(rows[0].runs, rows[1].runs)
            except NotComparable as refusal:
                draw = partial(self._run_store.tick_only, rows[0].ids)
                self._notice_queue.show_first(say(refusal.paragraph()), self.tr("Draw the first alone"), draw)
                return
            self._run_store.tick_only([*rows[0].ids, *rows[1].ids])
        self.view_requested.emit(COMPARISON)

    def try_case(self, run: str, row: int) -> None:
        """Ask the networks of a run about an example of its test part."""
        self._run_store.set_current(run)
        self.view_requested.emit(TRIAL)
        self._views_page.show_case(row)

    def reuse(self, run: str) -> None:
        """Take the experiment of a run into the panels."""
        info = self._run_store.find(run)
        if info is not None:
            self._experiment_files.reuse(info)

    def show_bin(self) -> None:
        """The deleted runs, to be brought back or removed for good."""
        self._run_store.edits.ask_deleted(self._open_bin)

    def _open_bin(self, deleted: list[RunInfo]) -> None:
        dialog = BinDialog(deleted, self._window)
        dialog.restore_requested.connect(self._run_store.edits.restore)
        dialog.empty_requested.connect(self._run_store.edits.empty_bin)
        dialog.open()

    def _set_labels(self, run: str, labels: dict[str, Any]) -> None:
        info = self._run_store.find(run)
        if info is not None:
            self._run_store.edits.set_labels(run, **{**labels, "name": labels["name"] or info.name})

    def _offer_restore(self, runs: list[str], name: str) -> None:
        one = self.tr("“{name}” is in the bin now.").format(name=name)
        words = counted(len(runs), one, self.tr("{n} runs are in the bin now."))
        link = counted(len(runs), self.tr("Bring it back"), self.tr("Bring them back"))
        self._notice_queue.show_first(words, link, partial(self._restore, runs), about=_BIN)
        self._binned = runs

    def _take_offer_back(self) -> None:
        """Runs that have been missing from the list and are there again were brought back from the bin's own page."""
        here = all(self._run_store.find(run) is not None for run in self._binned)
        if self._binned and here and self._are_gone:
            self._notice_queue.forget(_BIN)
            self._binned = []
        self._are_gone = not here

    def _restore(self, runs: list[str]) -> None:
        for run in runs:
            self._run_store.edits.restore(run)

    def _select_ended(self, info: RunInfo | None) -> None:
        if info is not None:
            self._runs_dock.select(info.id)

    def _show_list(self) -> None:
        self._take_offer_back()
        self._window.welcome.set_runs(len(self._run_store.runs))
        self._show_current()

    def _show_overlaid(self) -> None:
        shown = self._run_store.shown_runs()
        ticked, drawn = len(self._run_store.ticked), len(self._run_store.drawn)
        self._views_page.set_runs(shown, ticked if drawn < ticked else 0)
        color = self._run_store.color(self._run_store.current)
        self._window.panel.set_student_color(color or 0)
        self._show_current()

    def _show_current(self) -> None:
        info = self.current
        words: tuple[object, ...] = (
            (info.id, info.name, info.sentence, info.tags, info.notes, info.scan) if info is not None else ()
        )
        if words != self._described:
            self._described = words
            if info is None:
                self._window.help.show_nothing()
            else:
                self._window.help.show_run(run_description(info))
        self.current_changed.emit()
