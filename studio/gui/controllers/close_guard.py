"""Closing the window in the middle of something, and finding it again the next time."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QMessageBox

from studio.core.errors import StudioError
from studio.experiment import loads, to_toml
from studio.gui.controllers.experiment_files import ExperimentFiles
from studio.gui.controllers.notice_queue import NoticeQueue
from studio.gui.controllers.run_actions import RunActions
from studio.gui.controllers.training_controller import TrainingController
from studio.gui.run_store.run_store import RunStore
from studio.gui.shell.window import Window
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.text.say import counted


class CloseGuard(QObject):
    """Asks before a run is stopped, keeps the draft and the queue, and offers both the next time."""

    def __init__(
        self,
        window: Window,
        run_store: RunStore,
        training_controller: TrainingController,
        experiment_files: ExperimentFiles,
        run_actions: RunActions,
        notice_queue: NoticeQueue,
        background: BackgroundJobs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._settings = window, window.settings
        self._run_store, self._training_controller = run_store, training_controller
        self._experiment_files, self._run_actions = experiment_files, run_actions
        self._notice_queue, self._background = notice_queue, background
        self._is_closing = False
        self._has_offered = False
        #: The run that the notice offers to go on with.
        self._offered = ""
        self.question: QMessageBox | None = None
        window.may_close = self._may_close
        training_controller.queue.idled.connect(self._close_when_idle)
        training_controller.queue.started.connect(self._take_offer_back)
        run_store.listed.connect(self._offer_unfinished)
        run_store.listed.connect(self._take_offer_back)

    # --- closing -----------------------------------------------------------------------------------------------------

    def _may_close(self) -> bool:
        if self._training_controller.queue.doing == "idle":
            self._save_draft()
            self._background.stop()
            return True
        if not self._is_closing and self.question is None:
            self._ask()
        return False

    def _ask(self) -> None:
        """A question that does not hold up the events of the run."""
        waiting = len(self._training_controller.queue.waiting)
        some = counted(
            waiting,
            self.tr("The experiment that waits is kept for the next time."),
            self.tr("The {n} experiments that wait are kept for the next time."),
        )
        more = some if waiting else ""
        box = QMessageBox(self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Stop training?"))
        box.setText(self.tr("A run is training. Stop it and close the window?"))
        kept = self.tr("What was learnt is kept, and it can go on the next time.")
        box.setInformativeText(f"{kept} {more}".strip())
        stop = box.addButton(self.tr("Stop, keep it, and close"), QMessageBox.ButtonRole.DestructiveRole)
        stop.setObjectName("stop")
        stay = box.addButton(self.tr("Go on training"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.buttonClicked.connect(self._handle_answer)
        box.finished.connect(self._forget_question)
        self.question = box
        box.open()

    def _forget_question(self) -> None:
        self.question = None

    def _handle_answer(self, pressed: QAbstractButton) -> None:
        if pressed.objectName() == "stop":
            self.stop_and_close()

    def stop_and_close(self) -> None:
        """Stop what trains, keep what waits, and close when the running step is done."""
        queue = self._training_controller.queue
        self._is_closing = True
        self._settings.waiting = [to_toml(job.experiment) for job in queue.waiting if not job.run]
        self._settings.unfinished = self._run_store.asked
        queue.clear()
        queue.stop()
        if queue.doing == "idle":
            self._close_when_idle()

    def _close_when_idle(self) -> None:
        if self._is_closing:
            QTimer.singleShot(0, self._window.close)

    def _save_draft(self) -> None:
        self._settings.draft = self._experiment_files.draft_toml()
        self._settings.seeds = self._window.draft.seeds
        self._settings.beside_draft = self._window.draft.beside
        self._settings.all_settings = self._window.panel.settings_level == "expert"

    # --- coming back -------------------------------------------------------------------------------------------------

    def _offer_unfinished(self) -> None:
        """Once the runs are listed for the first time, offer what was left undone."""
        if self._has_offered:
            return
        self._has_offered = True
        for info in self._run_store.runs:
            left = info.id == self._settings.unfinished or info.state == "interrupted"
            if left and info.resumable and not info.parent:
                words = self.tr("“{name}” was interrupted at {done} %. It can go on from there.")
                done = round(100 * info.progress)
                self._notice_queue.add(
                    words.format(name=info.name, done=done),
                    self.tr("Go on"),
                    partial(self._run_actions.resume, info.id),
                    about=info.id,
                )
                self._offered = info.id
                break
        waiting = self._settings.waiting
        self._settings.unfinished, self._settings.waiting = "", []
        if waiting:
            words = counted(
                len(waiting),
                self.tr("An experiment waited in the queue when the window was closed."),
                self.tr("{n} experiments waited in the queue when the window was closed."),
            )
            self._notice_queue.add(words, self.tr("Train them"), partial(self._train, waiting))

    def _take_offer_back(self) -> None:
        """It goes on, has gone on elsewhere, or is gone: nothing is left to offer."""
        if not self._offered:
            return
        job, info = self._training_controller.queue.job, self._run_store.find(self._offered)
        if info is None or not info.resumable or (job is not None and job.run == self._offered):
            self._notice_queue.forget(self._offered)
            self._offered = ""

    def _train(self, texts: list[str]) -> None:
        try:
            self._training_controller.train_all([loads(text, Path.cwd()) for text in texts])
        except StudioError as error:
            self._training_controller.show_trouble(error)
