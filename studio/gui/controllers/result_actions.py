"""What the buttons under a result do: more seeds, less weight, the student alone, another method or teacher, going on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.core.errors import Invalid, StudioError
from studio.core.format import percent
from studio.gui.controllers.experiment_files import ExperimentFiles
from studio.gui.controllers.page_router import PageRouter
from studio.gui.controllers.run_actions import COMPARISON
from studio.gui.controllers.training_controller import TrainingController
from studio.gui.presenters.result_presenter import more_seeds
from studio.gui.presenters.weight_remedy import weight_remedy
from studio.gui.run_store.run_store import RunStore
from studio.gui.shell.window import Window
from studio.gui.views.views_page import ViewsPage

if TYPE_CHECKING:
    from studio.gui.presenters.result_presenter import Offer
    from studio.runs.run_info import RunInfo


class ResultActions(QObject):
    """Acts on the run that ended last; whatever is in the panels by now, its own experiment is meant.

    Signals:
        report_requested: save a report.
    """

    report_requested = Signal()

    def __init__(
        self,
        window: Window,
        run_store: RunStore,
        views_page: ViewsPage,
        training_controller: TrainingController,
        experiment_files: ExperimentFiles,
        page_router: PageRouter,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._run_store = window, run_store
        self._training_controller, self._experiment_files = training_controller, experiment_files
        self._page_router = page_router
        self._ended = ""
        self._actions: dict[Offer, Callable[[RunInfo], object]] = {
            "go_on": training_controller.resume,
            "seeds": self._train_seeds,
            "weight": self._train_with_less_weight,
            "compare": self._compare_with_alone,
            "alone": self._train_alone,
            "method": lambda _info: page_router.show_chooser("method"),
            "teacher": lambda _info: page_router.show_chooser("teacher"),
            "report": lambda _info: self.report_requested.emit(),
        }
        training_controller.run_ended.connect(self._handle_end)
        views_page.result.chosen.connect(self._act)

    def _handle_end(self, info: RunInfo | None) -> None:
        self._ended = info.id if info is not None else ""

    def _act(self, offer: Offer) -> None:
        info = self._run_store.find(self._ended)
        if info is None:
            return
        try:
            self._actions[offer](info)
        except StudioError as error:
            self._training_controller.show_trouble(error)

    def _train_seeds(self, info: RunInfo) -> None:
        """Train those seeds that are missing for as many as were proposed."""
        group = self._run_store.seed_group(info.id)
        seeds = more_seeds(group, info)
        known = [run.seed for run in group.runs] if group is not None else [info.seed]
        self._put_seeds(info, sorted({*known, *seeds}))
        self._training_controller.train_all(
            [info.experiment_to_change.model_copy(update={"seed": seed}) for seed in seeds]
        )

    def _put_seeds(self, info: RunInfo, seeds: list[int]) -> None:
        """Let the panel say what is trained, where the experiment in it is still that of the run."""
        try:
            in_panel = self._window.draft.experiments()[0].resolved()
        except Invalid:
            return  # something else is being typed there
        besides = {"seed", "name"}
        if in_panel.model_dump(exclude=besides) == info.experiment.model_dump(exclude=besides):
            self._window.draft.set("seeds", seeds, self.tr("train {n} seeds").format(n=len(seeds)))

    def _train_with_less_weight(self, info: RunInfo) -> None:
        group = self._run_store.seed_group(info.id)
        remedy = weight_remedy(info, group.gap if group is not None else info.gap)
        if remedy is None:
            return
        changed = remedy.applied(info.experiment_to_change)
        self._window.draft.load_experiment(changed, self.tr("less weight"), changes=info.experiment)
        self._training_controller.train_all([changed])

    def _compare_with_alone(self, info: RunInfo) -> None:
        """The student alone beside it; trained for this where it has been deleted meanwhile."""
        alone = self._run_store.find(info.references.get("alone", ""))
        if alone is None:
            self._train_alone(info)
            return
        self._run_store.tick([alone.id], on=True)
        reached = percent(alone.test_accuracy)
        words = self.tr("The student alone was trained already, as “{name}”: it reached {accuracy}.")
        self._window.top_bar.phase.set_text(words.format(name=alone.name, accuracy=reached))
        self._page_router.show_view(COMPARISON)

    def _train_alone(self, info: RunInfo) -> None:
        if info.is_chain:
            self._experiment_files.reuse(info)
            self._window.draft.pick("method", "none")
            self._training_controller.train()
        else:
            self._training_controller.compare(info)
