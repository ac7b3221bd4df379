"""The mind of the main window: puts together what was imported after it was on the screen, and answers its menus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.gui import views
from studio.gui.controllers.close_guard import CloseGuard
from studio.gui.controllers.device_status import DeviceStatus
from studio.gui.controllers.dock_layout import DockLayout
from studio.gui.controllers.eta_updater import EtaUpdater
from studio.gui.controllers.experiment_files import ExperimentFiles
from studio.gui.controllers.help_controller import HelpController
from studio.gui.controllers.notice_queue import NoticeQueue
from studio.gui.controllers.page_router import PageRouter
from studio.gui.controllers.run_actions import RunActions
from studio.gui.controllers.training_controller import TrainingController
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.runs_table.run_menu import show_folder
from studio.gui.runs_table.run_store import RunStore
from studio.gui.runs_table.runs_dock import RunsDock
from studio.gui.shell.actions import Situation
from studio.gui.shell.window import Window
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.system.gc_timer import GcTimer
from studio.gui.training.worker import Engine, TrainingJob, WorkspaceEngine
from studio.gui.views.base import View
from studio.gui.views.views_page import ViewsPage
from studio.runs.presets.presets import all_presets
from studio.runs.store.workspace import Workspace


class MainController(QObject):
    """Everything behind the window.

    Args:
        place: the folder of the workspace.
        engine: trains; None for the real one. Tests put their own here.

    Signals:
        ready: everything can be used.
    """

    ready = Signal()

    def __init__(self, window: Window, place: Path, engine: Engine | None = None) -> None:
        super().__init__(window)
        self.window, self.stored = window, window.stored
        self.workspace = Workspace(place)
        self.background = BackgroundJobs(self)
        self.shelf = RunStore(self.workspace, self.background, self.stored, self)
        self.papers = ExperimentFiles(window, self.background, self)
        self.offers = NoticeQueue(window.notice, self)
        self.runs = RunsDock(self.shelf, self.stored.grouped)
        window.set_runs(self.runs)
        self.page = ViewsPage()
        self.facts = DraftPresenter(self.workspace)
        self.pages = PageRouter(window, self.page, self.facts, self.background, self)
        self.desk = TrainingController(window, self.shelf, self.page, engine or WorkspaceEngine(place), self)
        self.queue = self.desk.queue
        self.foresight = EtaUpdater(self.queue, self.desk.remaining, self.workspace, self.background, self)
        self.runs_desk = RunActions(window, self.shelf, self.page, self.runs, self.desk, self.papers, self.offers, self)
        self.leaving = CloseGuard(
            window, self.shelf, self.desk, self.papers, self.runs_desk, self.offers, self.background, self
        )
        self.room = DockLayout(window, self.page, self.runs, self)
        self.helper = HelpController(window, self.page, self)
        self.chip = DeviceStatus(window.top, self.background, self)
        self.collector = GcTimer(self._is_idle, self)
        self._is_ready = False
        self._connect_parts()
        self._connect_actions()

    def _connect_parts(self) -> None:
        window, welcome = self.window, self.window.welcome
        window.compacted.connect(self._set_compact)
        self._set_compact(window.is_compact)
        welcome.show_runs.connect(self.pages.show_views)
        welcome.open_file.connect(self.papers.ask_open)
        welcome.at_start.connect(self._welcome_at_start)
        window.draft.stack.canUndoChanged.connect(self.update_actions)
        window.draft.stack.canRedoChanged.connect(self.update_actions)
        self.pages.start.connect(self.start)
        self.pages.fill.connect(self.papers.fill)
        self.pages.pointed.connect(self.helper.follow_chooser)
        self.runs.train.connect(self.desk.train)
        self.runs.group.toggled.connect(self._remember_grouping)
        self.runs.selected.connect(self.update_actions)
        self.runs.trouble.connect(self.desk.show_trouble)
        self.runs_desk.current_changed.connect(self.update_actions)
        self.page.wanted.connect(self.fill_want)
        self.page.result.without.connect(self.without_distillation)
        self.page.result.other_method.connect(partial(self.pages.choose, "method"))
        self.page.result.report.connect(self.report)
        self.desk.drawn.connect(self.runs.model.repaint_live)
        self.desk.settled.connect(self._ask_again)
        self.queue.changed.connect(self.update_actions)
        self.queue.began.connect(self._explain_method)
        self.papers.trouble.connect(self.desk.show_trouble)
        self.papers.done.connect(window.top.phase.say)

    def _connect_actions(self) -> None:
        window = self.window
        window.actions_.connect_all(
            {
                "new": self.papers.new,
                "open": self.papers.ask_open,
                "save": self.papers.ask_save,
                "gallery": self.pages.show_gallery,
                "welcome": self.pages.show_welcome,
                "report": self.report,
                "folder": partial(show_folder, self.workspace.path),
                "undo": window.draft.stack.undo,
                "redo": window.draft.stack.redo,
                "find": self.runs.search_runs,
                "train": self.desk.train,
                "train_several": self.ask_methods,
                "pause": self.desk.pause_or_go_on,
                "step": self.queue.step,
                "stop": self.queue.stop,
                "resume": self.runs_desk.resume_selected,
                "clear_queue": self.queue.clear,
                "live": self.page.slider.go_live,
                "help": self.helper.for_focus,
                "start_help": self.helper.explain,
                "keyboard": self.helper.keyboard,
                "about": self.helper.about,
                "theme": window.toggle_theme,
                "full_screen": window.toggle_full_screen,
                "quit": window.close,
            }
        )

    def _furnish(self, kinds: list[type[View]]) -> None:
        """The views have been imported: make them, and give each a key."""
        self.page.furnish(kinds)
        menu = self.window.menus["View"]
        first = menu.actions()[0]
        for number, view in enumerate(self.page.views):
            action = menu.addAction(view.words(view.title), partial(self.pages.show_view, view.key))
            action.setShortcut(f"Ctrl+{number + 1}")
            menu.insertAction(first, action)
            self.window.addAction(action)
        if any(view.key == self.stored.view for view in self.page.views):
            self.page.show_view(self.stored.view)
        self.page.view_changed.connect(self._remember_view)

    def _remember_view(self) -> None:
        if self.page.view is not None:
            self.stored.view = self.page.view.key

    def _remember_grouping(self, grouped: bool) -> None:
        self.stored.grouped = grouped

    def begin(self, preset: str | None = None, open_file: Path | None = None, train: bool = False) -> None:
        """Fill the panels, list the runs, and let everything be used.

        Args:
            preset: a ready experiment to take into the panels.
            open_file: an experiment file to take into them.
            train: train what is in the panels then at once; the first ready experiment where nothing was named.
        """
        window, stored = self.window, self.window.stored
        window.panel.begin(self.facts, self.background.submit)
        window.panel.level.choose("expert" if stored.all_settings else "beginner")
        self.papers.restore(stored.draft)
        self.shelf.list_again()
        self.room.begin()
        window.welcome.set_ready(True)
        window.top.phase.say(self.tr("Ready. Press Train, or choose a card below."))
        if not stored.show_welcome:
            window.show_page(self.page)
        self.background.submit(views.views, self._furnish, self.desk.show_trouble)
        self.chip.begin()
        self.collector.start()
        self._is_ready = True
        self.update_actions()
        self.ready.emit()
        if open_file is not None:
            self.papers.open(open_file)
            if train:
                self.desk.train()
        elif train:
            self.start(preset or all_presets()[0].key)
        elif preset is not None:
            self.papers.fill(preset)

    def shut_down(self) -> None:
        """End every thread and follow the draft no longer; for the end of the program."""
        if not self._is_ready:
            return
        self._is_ready = False
        for changed in (self.window.draft.stack.canUndoChanged, self.window.draft.stack.canRedoChanged):
            changed.disconnect(self.update_actions)
        self.queue.shut_down()
        self.background.stop()
        self.collector.stop()

    # --- what makes sense now ----------------------------------------------------------------------------------------

    def update_actions(self) -> None:
        """Enable what makes sense now."""
        stack = self.window.draft.stack
        selected = self.runs_desk.selected
        training = selected is not None and self.shelf.live(selected.id) is not None
        self.window.actions_.update(
            Situation(
                ready=self._is_ready,
                doing=self.queue.doing,
                waiting=len(self.queue.waiting),
                resumable=selected is not None and selected.resumable and not training,
                has_run=self.runs_desk.current is not None,
                can_undo=stack.canUndo(),
                can_redo=stack.canRedo(),
            )
        )

    def _is_idle(self) -> bool:
        return self.queue.doing == "idle"

    # --- wishes ------------------------------------------------------------------------------------------------------

    def start(self, key: str) -> None:
        """Take a ready experiment into the panels and train it at once; one that is a set, all of its runs."""
        if not self.papers.fill(key):
            return
        variants = self.papers.variants(key)
        if variants:
            self.desk.train_all(variants)
        else:
            self.desk.train()

    def ask_methods(self) -> None:
        """Which methods to train with, once it is known which fit."""
        job = partial(self.facts.choices, "method", self.window.draft.values)
        self.background.submit(job, self.desk.ask_methods, self.desk.show_trouble)

    def fill_want(self, want: str) -> None:
        """What the button of an empty view asks for."""
        wishes: dict[str, Callable[[], None]] = {
            "train": self.desk.train,
            "alone": self.runs_desk.compare,
            "teacher": partial(self.pages.choose, "method"),
            "points": partial(self.pages.choose, "data"),
            "pictures": partial(self.pages.choose, "data"),
        }
        wishes[want]()

    def without_distillation(self) -> None:
        """The same again with the labels alone."""
        self.window.draft.pick("method", "none")
        self.desk.train()

    def report(self) -> None:
        """Save a report of the current run."""
        info = self.runs_desk.current
        if info is not None:
            self.papers.ask_report(info, self.page.views)

    # --- look --------------------------------------------------------------------------------------------------------

    def _explain_method(self, job: TrainingJob) -> None:
        self.helper.about_method(job.experiment.method.key)

    def _ask_again(self) -> None:
        self.window.panel.ask_again()

    def _set_compact(self, compact: bool) -> None:
        self.page.set_compact(compact)
        self.runs.set_compact(compact)

    def _welcome_at_start(self, shown: bool) -> None:
        self.window.stored.show_welcome = shown
