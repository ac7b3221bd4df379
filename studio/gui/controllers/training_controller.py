"""Train, queue, hold, stop: what the buttons on top do, what they answer, and what is said when a run ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.core.errors import StudioError
from studio.core.format import duration
from studio.core.message import Text
from studio.events import Event, Notice
from studio.gui.chooser.several_methods_dialog import SeveralMethodsDialog
from studio.gui.runs_table.run_store import RunStore
from studio.gui.shell.status_text import StatusText
from studio.gui.shell.window import Window
from studio.gui.text.say import say
from studio.gui.training.error_fixes import cured, fields_at_fault, remedies
from studio.gui.training.redraw_timer import RedrawTimer
from studio.gui.training.run_queue import RunQueue, expand
from studio.gui.training.worker import Ended, Engine, TrainingJob
from studio.gui.views.views_page import ViewsPage

if TYPE_CHECKING:
    from studio.experiment import Experiment
    from studio.gui.presenters.draft_info import Choice
    from studio.runs.run_info import RunInfo
    from studio.runs.timing.time_left import TimeLeft


class TrainingController(QObject):
    """Stands between the queue and what is seen.

    Signals:
        drawn: the views were drawn, and the row of what trains should be.
        settled: a run ended; its :class:`RunInfo` or None.
    """

    drawn = Signal()
    settled = Signal(object)

    def __init__(self, window: Window, run_store: RunStore, page: ViewsPage, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._run_store, self._page = window, run_store, page
        self._teller = StatusText()
        self._failed: tuple[TrainingJob, str] | None = None
        self._kept: dict[str, Mapping[str, Any]] = {}
        self.refresher = RedrawTimer(self._draw, self)
        self.queue = RunQueue(engine, self)
        self.queue.said.connect(self._answer)
        self.queue.began.connect(self._begun)
        self.queue.mailed.connect(self._take)
        self.queue.ended.connect(self._end)
        self.queue.changed.connect(self._tell)
        page.error.chosen.connect(self._cure)
        page.notice.followed.connect(self._put_away)
        page.trouble.connect(self.show_trouble)
        run_store.trouble.connect(self.show_trouble)

    @property
    def remaining(self) -> TimeLeft:
        """Where a forecast of what trains and what waits goes."""
        return self._teller.remaining

    # --- wishes ------------------------------------------------------------------------------------------------------

    def train(self) -> None:
        """Train what is in the panels, a run a seed; or put it in the queue."""
        panel = self._window.panel
        refusal = panel.refusal()
        if refusal:
            self._window.top.phase.say(self.tr("This cannot be trained yet. {why}").format(why=refusal))
            return
        try:
            experiments = self._window.draft.experiments()
        except StudioError as error:
            self.show_trouble(error)
            return
        self.train_all(experiments)

    def ask_methods(self, choices: Sequence[Choice]) -> SeveralMethodsDialog:
        """Ask which of these methods to train with, once with each; one yet to be put together is not among them."""
        draft = self._window.draft
        self._kept = {choice.key: choice.table for choice in choices if choice.saved}
        choices = [one for one in choices if one.saved or not one.composed or one.key == draft.key("method")]
        dialog = SeveralMethodsDialog(choices, draft.key("method"), len(draft.seeds), self._window)
        dialog.chosen.connect(self._train_methods)
        dialog.open()
        return dialog

    def _train_methods(self, methods: list[str]) -> None:
        try:
            first = self._window.draft.experiments()[0]
        except StudioError as error:
            self.show_trouble(error)
            return
        self.train_all(expand(first, self._window.draft.seeds, [self._kept.get(key, key) for key in methods]))

    def train_all(self, experiments: Sequence[Experiment]) -> None:
        """Train these one after the other, after what trains now."""
        several = len({one.seed for one in experiments}) > 1
        titles = [f"{one.title}, seed {one.seed}" if several else one.title for one in experiments]
        self.add([TrainingJob(title, one) for title, one in zip(titles, experiments, strict=True)])

    def resume(self, info: RunInfo) -> None:
        """Go on with a run."""
        self._with_experiment(info, compare=False)

    def compare(self, info: RunInfo) -> None:
        """Train the student of an ended run alone, and compare the two."""
        self._with_experiment(info, compare=True)

    def _with_experiment(self, info: RunInfo, compare: bool) -> None:
        try:
            job = TrainingJob(info.name, info.experiment, info.id, compare)
        except StudioError as error:
            self.show_trouble(error)
            return
        self._run_store.make_current(info.id)
        self._run_store.when_read(info.id, partial(self.add, [job]))

    def add(self, jobs: Sequence[TrainingJob]) -> None:
        """Put jobs in the queue and show the views."""
        self._window.show_page(self._page)
        self.queue.add(jobs)

    def pause_or_go_on(self) -> None:
        """The one button for both."""
        if self.queue.doing == "paused":
            self._page.error.close_page()
            self.queue.go_on()
        else:
            self.queue.pause()

    # --- what the queue says -----------------------------------------------------------------------------------------

    def _answer(self, words: Text) -> None:
        self._teller.answer(words)
        self._tell()

    def _begun(self, job: TrainingJob) -> None:
        self._failed = None
        self._teller.begin(job.run)
        self._run_store.expect(job.experiment, job.run)
        self._window.panel.show_running(job.title)
        self._window.panel.show_faults((), "")
        self._page.error.close_page()
        self._page.result.hide()

    def _take(self, events: list[Event]) -> None:
        self._teller.take(events)
        self._run_store.take(events)
        for event in events:
            if isinstance(event, Notice) and event.level != "info":
                self._show_notice(event)
        self._tell()
        self.refresher.ask()

    def _show_notice(self, notice: Notice) -> None:
        """What needs a hand takes the room of an error; the rest is a line above the views."""
        if notice.level == "error" and self.queue.job is not None:
            error = StudioError(say(notice.what), say(notice.why), say(notice.remedy), offers=notice.offers)
            self._show_error(error, self.queue.job.experiment)
        else:
            words = say(notice.paragraph())
            self._page.notice.show_message(words, "warning", self.tr("Put away"))

    def _put_away(self) -> None:
        self._page.notice.show_message("")

    def _tell(self) -> None:
        self._window.top.phase.show_waiting([job.title for job in self.queue.waiting])
        if self.queue.job is None:
            return
        said = self._teller.said(len(self.queue.waiting))
        self._window.top.phase.say(said.words)
        self._window.top.phase.show_progress(said.fraction, said.beside)

    def _draw(self) -> None:
        self._page.refresh()
        self.drawn.emit()

    def _end(self, ended: Ended) -> None:
        run = self._run_store.asked or ended.job.run
        self._run_store.end(ended.info)
        self._window.panel.show_running("")
        phase = self._window.top.phase
        if ended.error is not None:
            self._failed = (ended.job, run)
            phase.say(self.tr("Stopped: {what}").format(what=say(ended.error.what)))
            phase.show_progress(None)
            self._show_error(ended.error, ended.job.experiment, run)
        elif ended.info is not None:
            sentence = say(ended.info.sentence)
            phase.say(sentence)
            seconds = ended.info.seconds
            beside = self.tr("took {time}").format(time=duration(seconds)) if seconds is not None else ""
            phase.show_progress(1.0 if ended.info.state == "finished" else None, beside)
            harmed = ended.info.gap is not None and ended.info.gap.high < 0
            self._page.result.show_result(
                sentence, distilled=bool(ended.info.teacher), well=ended.info.state != "stopped" and not harmed
            )
        self.refresher.now()
        self.settled.emit(ended.info)

    # --- errors ------------------------------------------------------------------------------------------------------

    def show_trouble(self, error: StudioError) -> None:
        """Say what cannot be done, where the view was."""
        self._failed = None
        self._window.show_page(self._page)
        self._show_error(error, None)

    def _show_error(self, error: StudioError, experiment: Experiment | None, run: str = "") -> None:
        found = remedies(error, experiment)
        what = say(error.what)
        rest = say(error.paragraph()).removeprefix(what).strip() if getattr(error, "problems", ()) else say(error.why)
        details = "\n".join(getattr(error, "__notes__", ()))
        info = self._run_store.find(run)
        said = self.tr("What was reached before is kept.") if info is not None and info.reached is not None else ""
        self._page.result.hide()
        remedy = "" if found else say(error.remedy)  # the buttons say it
        self._page.error.show_error(what, rest, remedy, found, details, said)
        self._page.error.show()
        self._window.panel.show_faults(fields_at_fault(error.offers), what)

    def _cure(self, offer: str) -> None:
        """A button of the error page."""
        self._page.error.close_page()
        if self.queue.doing == "paused":
            self.queue.go_on()
            return
        if self._failed is None:
            return
        job, run = self._failed
        next_try = cured(offer, job.experiment)
        if next_try is job.experiment:
            info = self._run_store.find(run)
            if info is not None:
                self.resume(info)
            return
        self._window.draft.load_experiment(next_try, self.tr("remedy"))
        self.train_all([next_try])
