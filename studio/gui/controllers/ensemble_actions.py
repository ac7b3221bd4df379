"""Ensembles from the window: ticked runs averaged as a row of their own, and a finished run used as the teacher."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.core.errors import StudioError
from studio.core.prefixed_key import PrefixedKey
from studio.gui.controllers.page_router import PageRouter
from studio.gui.controllers.training_controller import TrainingController
from studio.gui.run_store.run_store import RunStore
from studio.gui.runs_table.average_dialog import AverageDialog
from studio.gui.runs_table.runs_dock import RunsDock
from studio.gui.shell.window import Window
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.training.worker import TrainingJob

if TYPE_CHECKING:
    from studio.core.ensemble_keys import Mean
    from studio.experiment import Experiment
    from studio.runs.store.workspace import Workspace


class EnsembleActions(QObject):
    """What the menu of the table and the menu of the window do with several runs, or with one that could teach."""

    def __init__(
        self,
        window: Window,
        run_store: RunStore,
        runs_dock: RunsDock,
        training_controller: TrainingController,
        background: BackgroundJobs,
        page_router: PageRouter,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._run_store = window, run_store
        self._training_controller, self._background, self._page_router = training_controller, background, page_router
        self.dialog: AverageDialog | None = None
        runs_dock.menu.average_requested.connect(self.ask)
        runs_dock.menu.teacher_requested.connect(self.use_as_teacher)

    def ask(self) -> None:
        """Ask which of the ticked runs are averaged, and how."""
        ticked = [info for run in self._run_store.ticked if (info := self._run_store.find(run)) is not None]
        dialog = self.dialog = AverageDialog(ticked, self._window)
        dialog.chosen.connect(self.average)
        dialog.destroyed.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None

    def average(self, runs: list[str], mean: Mean, name: str) -> None:
        """Look the runs up in the background, then measure what they answer together like any other job of the queue."""
        self._background.submit(
            partial(_ensemble, self._run_store.workspace, runs, mean, name),
            self._measure,
            self._training_controller.show_trouble,
        )

    def _measure(self, experiment: Experiment) -> None:
        self._training_controller.add([TrainingJob(experiment.title, experiment)])

    def use_as_teacher(self, run: str) -> None:
        """What a run has learnt is the teacher in the panels; on the data it knows, where other data are picked."""
        info = self._run_store.find(run)
        if info is None:
            return
        draft = self._window.draft
        values = draft.values
        values["teacher"] = {"key": info.student, "source": str(PrefixedKey("run", run))}
        try:
            if draft.key("data") != info.dataset:
                values["dataset"] = info.experiment.dataset.model_dump(mode="json", exclude_defaults=True)
        except StudioError as error:
            self._training_controller.show_trouble(error)
            return
        draft.load(values, self.tr("{name} as the teacher").format(name=info.name))
        self._page_router.show_views()


def _ensemble(workspace: Workspace, runs: list[str], mean: Mean, name: str) -> Experiment:
    from studio.runs.ensembles import ensemble_experiment, member_runs

    members = [str(PrefixedKey("run", run)) for run in runs]
    return ensemble_experiment(member_runs(members, workspace, "student.members"), mean, name)
