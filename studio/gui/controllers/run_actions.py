"""What is done with earlier runs: open, go on, take over, label, bring back; and which run everything speaks of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.gui.controllers.experiment_files import ExperimentFiles
from studio.gui.controllers.notice_queue import NoticeQueue
from studio.gui.controllers.training_controller import TrainingController
from studio.gui.runs_table.run_description import run_description
from studio.gui.runs_table.run_store import RunStore
from studio.gui.runs_table.runs_dock import RunsDock
from studio.gui.shell.window import Window
from studio.gui.views.views_page import ViewsPage

if TYPE_CHECKING:
    from studio.runs.run_info import RunInfo


class RunActions(QObject):
    """Joins the runs table, the shelf, the views and the page "This run".

    Signals:
        current_changed: everything speaks of another run now, or knows more of it.
    """

    current_changed = Signal()

    def __init__(
        self,
        window: Window,
        run_store: RunStore,
        page: ViewsPage,
        runs: RunsDock,
        training: TrainingController,
        files: ExperimentFiles,
        notice_queue: NoticeQueue,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._run_store, self._page, self._runs = window, run_store, page, runs
        self._training, self._files, self._notice_queue = training, files, notice_queue
        self._worded: tuple[object, ...] = ()
        run_store.listed.connect(self._listed)
        run_store.overlaid.connect(self._overlaid)
        runs.opened.connect(self.open)
        runs.menu.resume.connect(self.resume)
        runs.menu.reuse.connect(self.reuse)
        runs.menu.deleted.connect(self._deleted)
        window.help.reuse.connect(self.reuse)
        window.help.labelled.connect(self._label)
        training.settled.connect(self._settled)

    @property
    def current(self) -> RunInfo | None:
        """The run everything speaks of, as its folder has it."""
        return self._run_store.find(self._run_store.current)

    @property
    def selected(self) -> RunInfo | None:
        """The run selected in the table, else the current one."""
        chosen = self._runs.chosen()
        return chosen[0].first if chosen else self.current

    def open(self, run: str) -> None:
        """Look at a run."""
        self._window.show_page(self._page)
        self._page.result.hide()
        self._run_store.make_current(run)

    def resume(self, run: str) -> None:
        """Go on with a run."""
        info = self._run_store.find(run)
        if info is not None:
            self._training.resume(info)

    def resume_selected(self) -> None:
        """Go on with the run that is selected."""
        if self.selected is not None:
            self._training.resume(self.selected)

    def compare(self) -> None:
        """Train the student of the current run alone."""
        if self.current is not None:
            self._training.compare(self.current)

    def reuse(self, run: str) -> None:
        """Take the experiment of a run into the panels."""
        info = self._run_store.find(run)
        if info is not None:
            self._files.reuse(info)

    def _label(self, run: str, labels: dict[str, Any]) -> None:
        info = self._run_store.find(run)
        if info is not None:
            self._run_store.change(run, **{**labels, "name": labels["name"] or info.name})

    def _deleted(self, run: str, name: str) -> None:
        words = self.tr("“{name}” is in the bin now.").format(name=name)
        self._notice_queue.offer(words, self.tr("Bring it back"), partial(self._run_store.restore, run))

    def _settled(self, info: RunInfo | None) -> None:
        if info is not None:
            self._runs.select(info.id)

    def _listed(self) -> None:
        self._window.welcome.set_runs(len(self._run_store.runs))
        self._tell_current()

    def _overlaid(self) -> None:
        shown = self._run_store.shown()
        self._page.set_runs(shown)
        color = self._run_store.color(self._run_store.current)
        self._window.panel.set_student_color(color or 0)
        self._tell_current()

    def _tell_current(self) -> None:
        info = self.current
        words: tuple[object, ...] = (
            (info.id, info.name, info.sentence, info.tags, info.notes) if info is not None else ()
        )
        if words != self._worded:
            self._worded = words
            if info is None:
                self._window.help.show_nothing()
            else:
                self._window.help.show_run(run_description(info))
        self.current_changed.emit()
