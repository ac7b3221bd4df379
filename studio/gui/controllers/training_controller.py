"""Train, queue, hold, stop: what the buttons on top do, what they answer, and what is said when a run ends."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.core.errors import StudioError
from studio.core.format import duration
from studio.core.message import NOTHING, Text
from studio.events import Event, Notice
from studio.gui.chooser.several_methods_dialog import SeveralMethodsDialog
from studio.gui.controllers.error_details import error_details
from studio.gui.controllers.notice_queue import NoticeQueue
from studio.gui.presenters.result_presenter import result_info
from studio.gui.presenters.suited_settings import method_table
from studio.gui.run_store.run_store import RunStore
from studio.gui.shell.status_text import StatusText
from studio.gui.shell.window import Window
from studio.gui.text.say import say
from studio.gui.training.error_fixes import apply_fix, fields_at_fault, fix_buttons, step_to_choose
from studio.gui.training.redraw_timer import RedrawTimer
from studio.gui.training.run_queue import RunQueue, differ_in_seed_alone, expand
from studio.gui.training.worker import Engine, JobResult, TrainingJob
from studio.gui.views.views_page import ViewsPage
from studio.runs.evaluation_data import evaluation_data

if TYPE_CHECKING:
    from studio.experiment import Experiment
    from studio.gui.presenters.draft_info import Choice
    from studio.gui.presenters.result_presenter import ResultInfo
    from studio.runs.run_info import RunInfo
    from studio.runs.timing.time_left import TimeLeft

#: Seconds before and after the training of a run that are not worth telling.
NOT_WORTH_TELLING = 2.0


class TrainingController(QObject):
    """Stands between the queue and what is seen.

    Signals:
        run_ended: a run has ended and everything shows it; its :class:`RunInfo` or None.
        choice_wanted: the button of an error asks for the page of a step.
    """

    run_ended = Signal(object)
    choice_wanted = Signal(str)

    def __init__(
        self, window: Window, run_store: RunStore, views_page: ViewsPage, engine: Engine, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window, self._run_store, self._views_page = window, run_store, views_page
        self._status_text = StatusText()
        self._failed: tuple[TrainingJob, str] | None = None
        self._ended: tuple[TrainingJob, RunInfo] | None = None
        self._tables_of: dict[str, Mapping[str, Any]] = {}
        self.redraw_timer = RedrawTimer(self)
        self.redraw_timer.due.connect(views_page.refresh)
        self.queue = RunQueue(engine, self)
        self.queue.answered.connect(self._show_answer)
        self.queue.started.connect(self._start_job)
        self.queue.events_arrived.connect(run_store.handle_events)
        self.queue.events_arrived.connect(self._handle_events)
        self.queue.ended.connect(self._handle_end)
        self.queue.changed.connect(self._show_status)
        views_page.error.chosen.connect(self._apply_fix)
        self._began = 0.0
        self._notice_queue = NoticeQueue(views_page.notice, self)
        #: What the run that trains, and its references, have warned of.
        self._warnings: set[str] = set()
        #: What was said on top of a draft that cannot be trained.
        self._refused = ""
        window.panel.described.connect(self._forget_refusal)
        views_page.trouble.connect(self.show_trouble)
        run_store.trouble.connect(self.show_trouble)
        run_store.listed.connect(self._keep_offers_true)

    @property
    def time_left(self) -> TimeLeft:
        """Where a forecast of what trains and what waits goes."""
        return self._status_text.time_left

    # --- wishes ------------------------------------------------------------------------------------------------------

    def train(self) -> None:
        """Train what is in the panels, a run a seed; or put it in the queue."""
        panel = self._window.panel
        refusal = panel.refusal()
        if refusal:
            self._show_refusal(self.tr("This cannot be trained yet. {why}").format(why=refusal))
            return
        try:
            experiments = self._window.draft.experiments()
        except StudioError as error:
            self.show_trouble(error)
            return
        self.train_all(experiments)

    def _show_refusal(self, words: str) -> None:
        """Say on top why nothing is trained, until what is wrong is mended or something else is said there."""
        phase = self._window.top_bar.phase
        phase.set_text(words)
        if self.queue.job is None:
            phase.show_progress(None)  # what stood beside it was about the run before
        self._refused = words

    def _forget_refusal(self) -> None:
        """What is known of the draft is new."""
        phase = self._window.top_bar.phase
        if self._refused and not self._window.panel.refusal():
            if phase.words.text() == self._refused:
                phase.set_text(self.tr("Ready. Press Train."))
            self._refused = ""

    def ask_methods(self, choices: Sequence[Choice]) -> SeveralMethodsDialog:
        """Ask which of these methods to train with, once with each; one yet to be put together is not among them."""
        draft = self._window.draft
        self._tables_of = {choice.key: choice.table or method_table(choice) for choice in choices}
        choices = [one for one in choices if one.saved or not one.composed or one.key == draft.key("method")]
        dialog = SeveralMethodsDialog(choices, draft.key("method"), len(draft.drawn_seeds), self._window)
        dialog.chosen.connect(self._train_methods)
        dialog.open()
        return dialog

    def _train_methods(self, methods: list[str]) -> None:
        try:
            first = self._window.draft.experiments()[0]
        except StudioError as error:
            self.show_trouble(error)
            return
        self.train_all(expand(first, self._window.draft.drawn_seeds, [self._wish(first, key) for key in methods]))

    def _wish(self, first: Experiment, key: str) -> str | Mapping[str, Any]:
        """The draft's own method as it stands there, another with the settings it is picked with."""
        return key if key == first.method.key else self._tables_of[key]

    def train_all(self, experiments: Sequence[Experiment]) -> None:
        """Train these one after the other, after what trains now."""
        several = len({one.seed for one in experiments}) > 1
        titles = [f"{one.title}, seed {one.seed}" if several else one.title for one in experiments]
        self.add([TrainingJob(title, one) for title, one in zip(titles, experiments, strict=True)])

    def resume(self, info: RunInfo) -> None:
        """Go on with a run."""
        self._add_stored_run(info, compare=False)

    def compare(self, info: RunInfo) -> None:
        """Train the student of an ended run alone, and compare the two."""
        self._add_stored_run(info, compare=True)

    def _add_stored_run(self, info: RunInfo, compare: bool) -> None:
        try:
            job = TrainingJob(info.name, info.experiment, info.id, compare)
        except StudioError as error:
            self.show_trouble(error)
            return
        self._run_store.set_current(info.id)
        self._run_store.when_read(info.id, partial(self.add, [job]))

    def add(self, jobs: Sequence[TrainingJob]) -> None:
        """Put jobs in the queue and show the views."""
        self._window.show_page(self._views_page)
        self.queue.add(jobs)

    def toggle_pause(self) -> None:
        """The one button for both."""
        if self.queue.doing == "paused":
            self._views_page.error.close_page()
            self.queue.resume()
        else:
            self.queue.pause()

    # --- what the queue says -----------------------------------------------------------------------------------------

    def _show_answer(self, words: Text) -> None:
        self._status_text.set_answer(words)
        self._show_status()

    def _start_job(self, job: TrainingJob) -> None:
        self._failed = None
        self._began = time.monotonic()
        self._warnings.clear()
        self._notice_queue.clear()
        self._status_text.start_job(job.run)
        self._run_store.start_job(job.run, evaluation_data(job.experiment.model_dump(mode="json")))
        self._window.panel.show_running(job.title)
        self._window.panel.show_faults((), "")
        self._views_page.error.close_page()
        self._views_page.result.hide()

    def _handle_events(self, events: list[Event]) -> None:
        for event in events:
            self._status_text.handle_event(event)
            if isinstance(event, Notice) and event.level != "info":
                self._show_notice(event)
        self._show_status()
        self._views_page.refresh_numbers()  # they go with the clock on top, however dear the drawing is
        self.redraw_timer.request()

    def _show_notice(self, notice: Notice) -> None:
        """What needs a hand takes the room of an error; the rest is a line above the views."""
        if notice.level == "error" and self.queue.job is not None:
            error = StudioError(say(notice.what), say(notice.why), say(notice.remedy), offers=notice.offers)
            self._show_error(error, self.queue.job.experiment)
        else:
            words = say(notice.paragraph())
            if words not in self._warnings:  # a run and each of its references say the same of their data
                self._warnings.add(words)
                self._notice_queue.add(words, self.tr("Put away"), _nothing, "warning")

    def _show_status(self) -> None:
        self._window.top_bar.phase.show_waiting([job.title for job in self.queue.waiting])
        if self.queue.job is None:
            return
        line = self._status_text.line(len(self.queue.waiting))
        self._window.top_bar.phase.set_text(line.words)
        self._window.top_bar.phase.show_progress(line.fraction, line.beside)

    def _handle_end(self, ended: JobResult) -> None:
        run = self._run_store.asked or ended.job.run
        self._run_store.end_job(ended.info)
        self._window.panel.show_running("")
        phase = self._window.top_bar.phase
        if ended.error is not None:
            self._failed = (ended.job, run)
            phase.set_text(self.tr("Stopped: {what}").format(what=say(ended.error.what)))
            phase.show_progress(None)
            self._show_error(ended.error, ended.job.experiment, run)
        elif ended.info is not None:
            self._ended = ended.job, ended.info
            result = self._result(ended.info, ended.job)
            phase.set_text(say(result.sentence))
            phase.show_progress(1.0 if ended.info.state == "finished" else None, self._took(ended.info))
            self._views_page.result.show_result(result)
        self.redraw_timer.redraw_now()
        self.run_ended.emit(ended.info)

    def _result(self, info: RunInfo, job: TrainingJob) -> ResultInfo:
        """What is said of a run that has ended; of one of several seeds what they reached together."""
        waiting = sum(differ_in_seed_alone(one.experiment, job.experiment) for one in self.queue.waiting)
        go_on = self._run_store.go_on_words(info) if info.resumable else NOTHING
        alone = self._run_store.find(info.references.get("alone", "")) is not None
        return result_info(info, self._run_store.seed_group(info.id), waiting, go_on, alone)

    def _keep_offers_true(self) -> None:
        """Runs come into the list a moment after they end, and go when they are deleted: some offers depend on them."""
        if self._ended is None or not self._views_page.result.isVisibleTo(self._views_page):
            return
        job, info = self._ended
        info = self._run_store.find(info.id) or info
        if (result := self._result(info, job)) != self._views_page.result.shown:
            self._views_page.result.show_result(result)

    def _took(self, info: RunInfo) -> str:
        """How long the whole job took, and of that the student, where its references were trained as well."""
        whole, own = time.monotonic() - self._began, info.seconds
        if own is None:
            return ""
        if info.is_chain:  # its own are the seconds of all its steps, those of earlier sittings among them
            return self.tr("took {time}").format(time=duration(whole))
        if duration(whole) == duration(own) or whole - own < NOT_WORTH_TELLING:
            return self.tr("took {time}").format(time=duration(own))
        return self.tr("took {time}, the student {own} of it").format(time=duration(whole), own=duration(own))

    # --- errors ------------------------------------------------------------------------------------------------------

    def show_trouble(self, error: StudioError) -> None:
        """Say what cannot be done, where the view was."""
        self._failed = None
        self._window.show_page(self._views_page)
        self._show_error(error, None)

    def _show_error(self, error: StudioError, experiment: Experiment | None, run: str = "") -> None:
        fixes = fix_buttons(error, experiment)
        what = say(error.what)
        rest = say(error.paragraph()).removeprefix(what).strip() if getattr(error, "problems", ()) else say(error.why)
        details = error_details(error, experiment, self._run_store.workspace.path)
        info = self._run_store.find(run)
        is_kept = info is not None and (info.reached is not None or (info.is_chain and bool(info.references)))
        kept = self.tr("What was reached before is kept.") if is_kept else ""
        self._views_page.result.hide()
        does_it = bool(fixes) and step_to_choose(fixes[0].key) is None  # then the button says all of the remedy
        remedy = "" if does_it else say(error.remedy)
        self._views_page.error.show_error(what, rest, remedy, fixes, details, kept)
        self._views_page.error.show()
        self._window.panel.show_faults(fields_at_fault(error.offers), what)

    def _apply_fix(self, offer: str) -> None:
        """A button of the error page."""
        self._views_page.error.close_page()
        if offer == "resume" and self.queue.doing == "paused":
            self.queue.resume()
            return
        if (step := step_to_choose(offer)) is not None:
            self.choice_wanted.emit(step)
            return
        if self._failed is None:
            return
        job, run = self._failed
        next_try = apply_fix(offer, job.experiment)
        if next_try is job.experiment:
            info = self._run_store.find(run)
            if info is not None:
                self.resume(info)
            return
        self._window.draft.load_experiment(next_try, self.tr("remedy"), changes=job.experiment)
        self.train_all([next_try])


def _nothing() -> None:
    """What a warning that is put away asks for."""
