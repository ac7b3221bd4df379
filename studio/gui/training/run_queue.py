"""Runs one after the other: the queue of jobs, the one that trains, and the buttons that act on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from studio.core.message import Text
from studio.events import Event, StateChanged
from studio.gui.training.worker import Engine, JobResult, TrainingJob, TrainingWorker
from studio.training.control import Control

if TYPE_CHECKING:
    from studio.experiment import Experiment
    from studio.experiment.choices import MethodChoice, StudentChoice

Doing = Literal["idle", "running", "paused", "stopping"]
#: Events of which nobody was notified wait no longer than this.
POLL_MS = 250


def expand(
    experiment: Experiment, seeds: Sequence[int], methods: Sequence[str | Mapping[str, Any]] = ()
) -> list[Experiment]:
    """One experiment a seed and a method; seed by seed, all methods first, so that a comparison is useful early.

    Args:
        methods: keys, or whole ``[method]`` tables. A key other than the experiment's own brings its default settings.
    """
    made = []
    for seed in seeds or (experiment.seed,):
        for wish in methods or (experiment.method.key,):
            method = experiment.method
            if wish != method.key:
                method = type(method).model_validate({"key": wish} if isinstance(wish, str) else dict(wish))
            name = experiment.name if method is experiment.method else ""
            changes = {"seed": seed, "method": method, "name": name, "student": _student_of(method, experiment)}
            made.append(experiment.model_copy(update=changes))
    return made


def _student_of(method: MethodChoice, experiment: Experiment) -> StudentChoice:
    """The student of an experiment, or the one a method makes in its place; in the place of a made one its final form."""
    from studio.gui.presenters.made_student import made_student

    student, makes = experiment.student, method.entry.needs.made_from_teacher
    if makes == student.is_made_from_teacher:
        return student
    return type(student)(key=made_student() if makes else experiment.student_network)


def differ_in_seed_alone(first: Experiment, second: Experiment) -> bool:
    """Whether two experiments are seeds of the same, whatever they are called."""
    same = {"seed": 0, "name": ""}
    return first.model_copy(update=same) == second.model_copy(update=same)


class RunQueue(QObject):
    """Owns the worker and its thread. Every wish is answered in words at once and done after the running step.

    Signals:
        changed: what it is doing, or what waits, is another now.
        answered: a sentence (:class:`Text`) that answers a button or names what begins.
        started: the :class:`TrainingJob` that begins.
        events_arrived: a list of events, in order.
        ended: the :class:`JobResult` of a job, after all its events.
        idled: nothing trains and nothing waits; no thread is left.
    """

    changed = Signal()
    answered = Signal(object)
    started = Signal(object)
    events_arrived = Signal(list)
    ended = Signal(object)
    idled = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._waiting: list[TrainingJob] = []
        self._doing: Doing = "idle"
        self._job: TrainingJob | None = None
        self._control = Control(interactive=True)
        self._worker: TrainingWorker | None = None
        self._thread: QThread | None = None
        self._poll_timer = QTimer(self)
        self._poll_timer.setInterval(POLL_MS)
        self._poll_timer.timeout.connect(self._drain_mailbox)

    @property
    def doing(self) -> Doing:
        """What the worker does now."""
        return self._doing

    @property
    def control(self) -> Control | None:
        """The control of what trains now; None where nothing does. May be asked for from any thread."""
        return self._control if self._thread is not None else None

    @property
    def job(self) -> TrainingJob | None:
        """The job that trains now."""
        return self._job

    @property
    def waiting(self) -> tuple[TrainingJob, ...]:
        """The jobs that wait, next first."""
        return tuple(self._waiting)

    def add(self, jobs: Sequence[TrainingJob]) -> None:
        """Put jobs at the end; the first starts at once when nothing trains."""
        self._waiting.extend(jobs)
        if self._thread is None:
            self._start_next()
        self.changed.emit()

    def clear(self) -> None:
        """Forget the jobs that wait."""
        self._waiting.clear()
        self.changed.emit()

    @Slot()
    def pause(self) -> None:
        """Hold after the running step."""
        if self._doing == "running":
            self._control.pause()
            self._set_doing("paused", Text("Pausing after this step"))

    @Slot()
    def resume(self) -> None:
        """Go on after a pause."""
        if self._doing == "paused":
            self._control.resume()
            self._set_doing("running", Text("Going on"))

    @Slot()
    def step(self) -> None:
        """Do one step, then hold."""
        if self._doing in ("running", "paused"):
            self._control.step()
            self._set_doing("paused", Text("Doing one step"))

    @Slot()
    def stop(self) -> None:
        """End after the running step and keep what was learnt. Jobs that wait go on waiting for their turn."""
        if self._doing in ("running", "paused"):
            self._control.stop()
            self._set_doing("stopping", Text("Stopping after this step; what was learnt is kept"))

    def _set_doing(self, doing: Doing, words: Text) -> None:
        self._doing = doing
        self.answered.emit(words)
        self.changed.emit()

    def _start_next(self) -> None:
        if not self._waiting:
            self._doing, self._job = "idle", None
            self.changed.emit()
            self.idled.emit()
            return
        self._job = self._waiting.pop(0)
        self._control = Control(interactive=True)
        self._thread = QThread(self)
        self._thread.setObjectName("training")
        self._worker = TrainingWorker(self._engine, self._job, self._control)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.run)
        self._worker.events_waiting.connect(self._drain_mailbox, Qt.ConnectionType.QueuedConnection)
        self._worker.ended.connect(self._handle_end, Qt.ConnectionType.QueuedConnection)
        self._worker.finished.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)
        self._thread.finished.connect(self._handle_thread_end)
        self.started.emit(self._job)
        self._set_doing("running", Text("Getting ready"))
        self._thread.start()
        self._poll_timer.start()

    @Slot()
    def _drain_mailbox(self) -> None:
        if self._worker is None:
            return
        events = self._worker.mailbox.drain()
        if not events:
            return
        for event in events:
            self._follow_state(event)
        self.events_arrived.emit(events)

    def _follow_state(self, event: Event) -> None:
        """Follow what the engine says it does: a full disk pauses it without anybody asking.

        A wish that is not carried out yet counts more than what the engine was doing when it spoke.
        """
        if not isinstance(event, StateChanged) or self._control.stopping:
            return
        holds = event.state == "paused" or self._control.paused
        doing: Doing = "paused" if holds else "running"
        if doing != self._doing:
            self._doing = doing
            self.changed.emit()

    @Slot(object)
    def _handle_end(self, ended: JobResult) -> None:
        self._drain_mailbox()
        self._poll_timer.stop()
        self._job = None
        self.ended.emit(ended)  # the next job begins when the thread has ended as well

    @Slot()
    def _handle_thread_end(self) -> None:
        thread = self._thread
        self._thread = self._worker = None  # nothing refers to the worker now: it goes at once
        if thread is not None:
            thread.wait()
            thread.deleteLater()
        self._start_next()

    def shut_down(self, patience_ms: int = 60_000) -> bool:
        """Stop, wait for the running step and the thread; for the end of the program. False if it did not end in time."""
        self._waiting.clear()
        self._control.stop()
        if self._thread is None:
            return True
        self._thread.finished.disconnect(self._handle_thread_end)
        return self._thread.wait(patience_ms)
