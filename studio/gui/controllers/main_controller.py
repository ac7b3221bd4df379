"""The controller of the main window: puts together what was imported after it was on the screen, and answers its menus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.gui import views
from studio.gui.controllers.close_guard import CloseGuard
from studio.gui.controllers.device_status import DeviceStatus
from studio.gui.controllers.dock_layout import DockLayout
from studio.gui.controllers.ensemble_actions import EnsembleActions
from studio.gui.controllers.eta_updater import EtaUpdater
from studio.gui.controllers.experiment_files import ExperimentFiles
from studio.gui.controllers.file_drops import FileDrops
from studio.gui.controllers.help_controller import HelpController
from studio.gui.controllers.network_export import NetworkExport
from studio.gui.controllers.notice_queue import NoticeQueue
from studio.gui.controllers.page_router import PageRouter
from studio.gui.controllers.result_actions import ResultActions
from studio.gui.controllers.run_actions import RunActions
from studio.gui.controllers.tour_guide import TourGuide
from studio.gui.controllers.training_controller import TrainingController
from studio.gui.controllers.view_actions import ViewActions
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.run_store.run_store import RunStore
from studio.gui.runs_table.run_menu import show_folder
from studio.gui.runs_table.runs_dock import RunsDock
from studio.gui.shell.actions import Situation
from studio.gui.shell.window import Window
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.system.gc_timer import GcTimer
from studio.gui.training.inspection import Inspection
from studio.gui.training.worker import Engine, TrainingJob, WorkspaceEngine
from studio.gui.views.views_page import ViewsPage
from studio.runs.presets.presets import all_presets, find_preset
from studio.runs.store.workspace import Workspace

if TYPE_CHECKING:
    from studio.runs.inspect.inspector import Inspector


class MainController(QObject):
    """Everything behind the window.

    Args:
        workspace_folder: where the runs are.
        engine: trains; None for the real one. Tests put their own here.

    Signals:
        ready: everything can be used.
    """

    ready = Signal()

    def __init__(self, window: Window, workspace_folder: Path, engine: Engine | None = None) -> None:
        super().__init__(window)
        self.window, self.settings = window, window.settings
        self.workspace = Workspace(workspace_folder)
        self.background = BackgroundJobs(self)
        self.run_store = RunStore(self.workspace, self.background, self.settings, self)
        self.experiment_files = ExperimentFiles(window, self.workspace, self.background, self)
        self.notice_queue = NoticeQueue(window.notice, self)
        self.runs_dock = RunsDock(self.run_store, self.settings.grouped)
        window.set_runs(self.runs_dock)
        self.views_page = ViewsPage(window.pages)  # moved there with all its views it would be styled once more
        self.views_page.hide()
        self.presenter = DraftPresenter(self.workspace)
        self.page_router = PageRouter(window, self.views_page, self.presenter, self.background, self)
        self.training_controller = TrainingController(
            window, self.run_store, self.views_page, engine or WorkspaceEngine(workspace_folder), self
        )
        self.queue = self.training_controller.queue
        self.eta_updater = EtaUpdater(
            self.queue, self.training_controller.time_left, self.workspace, self.background, self
        )
        self.run_actions = RunActions(
            window,
            self.run_store,
            self.views_page,
            self.runs_dock,
            self.training_controller,
            self.experiment_files,
            self.notice_queue,
            self,
        )
        self.result_actions = ResultActions(
            window,
            self.run_store,
            self.views_page,
            self.training_controller,
            self.experiment_files,
            self.page_router,
            self,
        )
        self.ensemble_actions = EnsembleActions(
            window,
            self.run_store,
            self.runs_dock,
            self.training_controller,
            self.background,
            self.page_router,
            self,
        )
        self.inspecting = BackgroundJobs(self)
        self.inspection = Inspection(self.inspecting.submit, self._make_inspector)
        self.view_actions = ViewActions(
            window, self.views_page, self.page_router, self.inspection, self.background, self
        )
        self.network_export = NetworkExport(self.run_store, self.background, window)
        self.close_guard = CloseGuard(
            window,
            self.run_store,
            self.training_controller,
            self.experiment_files,
            self.run_actions,
            self.notice_queue,
            self.background,
            self,
        )
        self.file_drops = FileDrops(window, self.experiment_files, self.page_router, self)
        self.dock_layout = DockLayout(window, self.views_page, self.runs_dock, self)
        self.help_controller = HelpController(window, self.views_page, self)
        self.tour_guide = TourGuide(window, self.runs_dock, self)
        self.device_status = DeviceStatus(window.top_bar, self.background, self)
        self.gc_timer = GcTimer(self._is_idle, self)
        self._is_ready = False
        self._connect_parts()
        self._connect_actions()

    def _connect_parts(self) -> None:
        window, welcome = self.window, self.window.welcome
        window.compacted.connect(self._set_compact)
        self._set_compact(window.is_compact)
        window.text_size.chosen.connect(window.set_text_size)
        welcome.runs_requested.connect(self.page_router.show_views)
        welcome.open_requested.connect(self.experiment_files.ask_open)
        welcome.show_at_start_changed.connect(self._set_show_welcome)
        window.draft.edits.changed.connect(self.update_actions)
        self.run_store.listed.connect(self._spare_runs)
        self.page_router.train_requested.connect(self.train_preset)
        self.page_router.fill_requested.connect(self.experiment_files.load_preset)
        self.page_router.choice_shown.connect(self.help_controller.show_choice)
        self.runs_dock.train_requested.connect(self.training_controller.train)
        self.runs_dock.group.toggled.connect(self._remember_grouping)
        self.runs_dock.selected.connect(self.update_actions)
        self.runs_dock.trouble.connect(self.training_controller.show_trouble)
        self.run_actions.current_changed.connect(self.update_actions)
        self.run_actions.view_requested.connect(self.view_actions.look_at)
        self.views_page.wanted.connect(self.handle_want)
        self.result_actions.report_requested.connect(self.report)
        self.training_controller.choice_wanted.connect(self.page_router.show_chooser)
        self.training_controller.redraw_timer.due.connect(self.runs_dock.model.repaint_live)
        self.training_controller.run_ended.connect(self._refresh_panel)
        self.queue.changed.connect(self.update_actions)
        self.queue.events_arrived.connect(self.runs_dock.model.repaint_live)
        self.queue.started.connect(self._show_method_help)
        self.experiment_files.trouble.connect(self.training_controller.show_trouble)
        self.file_drops.trouble.connect(self.training_controller.show_trouble)
        self.runs_dock.menu.export_requested.connect(self.network_export.ask)
        for saves in (self.experiment_files, self.network_export):
            saves.saved.connect(window.top_bar.phase.set_text)
        self.network_export.trouble.connect(self.training_controller.show_trouble)

    def _connect_actions(self) -> None:
        window = self.window
        window.actions_.connect_all(
            {
                "new": self.experiment_files.new,
                "open": self.experiment_files.ask_open,
                "save": self.experiment_files.ask_save,
                "gallery": self.page_router.show_gallery,
                "welcome": self.page_router.show_welcome,
                "report": self.report,
                "bin": self.run_actions.show_bin,
                "network": self.save_network,
                "folder": partial(show_folder, self.workspace.path),
                "copy_view": self.view_actions.copy_picture,
                "print_view": self.view_actions.print_picture,
                "undo": window.draft.edits.undo,
                "redo": window.draft.edits.redo,
                "find": self.runs_dock.search_runs,
                "train": self.training_controller.train,
                "train_several": self.ask_methods,
                "pause": self.training_controller.toggle_pause,
                "step": self.queue.step,
                "stop": self.queue.stop,
                "resume": self.run_actions.resume_selected,
                "compare": self.run_actions.compare_two,
                "average": self.ensemble_actions.ask,
                "clear_queue": self.queue.clear,
                "live": self.views_page.slider.go_live,
                "help": self.help_controller.show_for_focus,
                "tour": self.tour_guide.start,
                "start_help": self.help_controller.show_start,
                "words": self.help_controller.show_words,
                "whats_new": self.help_controller.show_whats_new,
                "keyboard": self.help_controller.show_keyboard,
                "about": self.help_controller.show_about,
                "theme": window.toggle_theme,
                "full_screen": window.toggle_full_screen,
                "quit": window.close,
            }
        )

    def _make_inspector(self) -> Inspector:
        """Called in its worker: it brings torch with it."""
        from studio.runs.inspect.inspector import Inspector

        return Inspector(Workspace(self.workspace.path), lambda: self.queue.control)

    def _remember_grouping(self, grouped: bool) -> None:
        self.settings.grouped = grouped

    def start(
        self,
        preset: str | None = None,
        open_file: Path | None = None,
        train: bool = False,
        tour: bool = False,
    ) -> None:
        """Fill the panels, list the runs, and let everything be used.

        Args:
            preset: a ready experiment to take into the panels.
            open_file: an experiment file to take into them.
            train: train what is in the panels then at once; the first ready experiment where nothing was named.
            tour: show the tour of the window to who has not seen it yet, unless something is trained at once.
        """
        window, settings = self.window, self.window.settings
        window.panel.start(self.presenter, self.background.submit)
        window.panel.level.choose("expert" if settings.all_settings else "beginner")
        self.experiment_files.restore(settings.draft, settings.seeds, settings.beside_draft)
        self.run_store.refresh()
        self.run_store.sweep()
        self.run_store.follow(True)
        self.dock_layout.restore()
        self.page_router.ask_times()
        window.welcome.set_ready(True)
        if not train:
            window.top_bar.phase.set_text(self.tr("Ready. Press Train."))
        if not settings.show_welcome and window.starting is None:
            window.show_page(self.views_page)
        self.background.submit(views.views, self.view_actions.add_views, self.training_controller.show_trouble)
        self.device_status.start()
        self.gc_timer.start()
        self._is_ready = True
        self.update_actions()
        self.ready.emit()
        if open_file is not None:
            self.experiment_files.open(open_file)
            if train:
                self.training_controller.train()
        elif train:
            self.train_preset(preset or all_presets()[0].key)
        elif preset is not None:
            self.experiment_files.load_preset(preset)
        if window.starting is not None and self._is_idle() and window.pages.currentWidget() is window.starting:
            window.show_page(window.welcome)  # it could not be trained
        if tour and not train:
            self.tour_guide.start_once()

    def shut_down(self) -> None:
        """End every thread and follow the draft no longer; for the end of the program."""
        if not self._is_ready:
            return
        self._is_ready = False
        self.window.draft.edits.changed.disconnect(self.update_actions)
        self.run_store.follow(False)
        self.queue.shut_down()
        self.background.stop()
        self.inspecting.stop()
        self.gc_timer.stop()

    # --- what makes sense now ----------------------------------------------------------------------------------------

    def update_actions(self) -> None:
        """Enable what makes sense now."""
        edits = self.window.draft.edits
        selected = self.run_actions.selected
        training = selected is not None and self.run_store.live(selected.id) is not None
        self.page_router.show_busy(self.queue.doing != "idle")
        self.window.actions_.update(
            Situation(
                ready=self._is_ready,
                doing=self.queue.doing,
                waiting=len(self.queue.waiting),
                resumable=selected is not None and selected.resumable and not training,
                has_run=self.run_actions.current is not None,
                ticked=len(self.run_store.ticked),
                can_undo=edits.can_undo,
                can_redo=edits.can_redo,
            )
        )

    def _is_idle(self) -> bool:
        return self.queue.doing == "idle"

    def _spare_runs(self) -> None:
        self.gc_timer.spare(len(self.run_store.runs))

    # --- wishes ------------------------------------------------------------------------------------------------------

    def train_preset(self, key: str) -> None:
        """Train a ready experiment at once, all runs of one that is a set, and show where there is something to look at.

        It is taken into the panels, unless something else trains: then it waits, and the panels stay as they are.
        """
        busy = self.queue.doing != "idle"
        if not busy and not self.experiment_files.load_preset(key):
            return
        experiments = self.experiment_files.variants(key)
        if experiments:
            self.training_controller.train_all(experiments)
            if not busy:
                self.view_actions.look_at(find_preset(key).view)

    def ask_methods(self) -> None:
        """Which methods to train with, once it is known which fit."""
        job = partial(self.presenter.choices, "method", self.window.draft.values)
        self.background.submit(job, self.training_controller.ask_methods, self.training_controller.show_trouble)

    def handle_want(self, want: str) -> None:
        """What the button of an empty view asks for."""
        wishes: dict[str, Callable[[], None]] = {
            "train": self.training_controller.train,
            "alone": self.run_actions.compare,
            "teacher": partial(self.page_router.show_chooser, "method"),
            "points": partial(self.page_router.show_chooser, "data"),
            "pictures": partial(self.page_router.show_chooser, "data"),
        }
        wishes[want]()

    def report(self) -> None:
        """Save a report of the current run."""
        info = self.run_actions.current
        if info is not None:
            beside = self.run_actions.beside(info)
            self.experiment_files.ask_report(info, self.views_page.views, beside, self.run_store.runs)

    def save_network(self) -> None:
        """Save what the current run has learnt."""
        self.network_export.ask(self.run_store.current)

    # --- look --------------------------------------------------------------------------------------------------------

    def _show_method_help(self, job: TrainingJob) -> None:
        self.help_controller.show_method(job.experiment.method.key)

    def _refresh_panel(self) -> None:
        self.window.panel.refresh()

    def _set_compact(self, compact: bool) -> None:
        self.views_page.set_compact(compact)
        self.runs_dock.set_compact(compact)

    def _set_show_welcome(self, shown: bool) -> None:
        self.window.settings.show_welcome = shown
