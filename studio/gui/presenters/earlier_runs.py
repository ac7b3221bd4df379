"""What the runs of a workspace tell of an experiment that has not been run yet: what equal ones reached, and how long they took."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from studio.core.ensemble_keys import ENSEMBLE
from studio.core.errors import StudioError
from studio.core.prefixed_key import PrefixedKey
from studio.experiment import Experiment
from studio.gui.presenters.pair_info import ReachedBefore
from studio.runs.evaluation_data import evaluation_data
from studio.runs.references import ENDED_WELL, KnownContents, find_equal, fingerprint, machine_of
from studio.runs.student_start import start_digest
from studio.runs.timing.estimate import Parts, forecast, knows_pace
from studio.systems.reference_experiments import alone_experiment, needs_teacher, teacher_experiment

if TYPE_CHECKING:
    from studio.runs.run_info import RunInfo
    from studio.runs.store.workspace import Workspace


class EarlierRuns:
    """The runs of a workspace and the content of its data, both looked up once for all that is asked of them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @cached_property
    def _runs(self) -> list[RunInfo]:
        return self._workspace.runs()

    @cached_property
    def _contents(self) -> KnownContents:
        return KnownContents(self._workspace.cache)

    def reached(self, experiment: Experiment) -> ReachedBefore:
        """What teacher and student alone reached before, as far as equal ones were trained."""
        if not needs_teacher(experiment):
            return ReachedBefore()
        try:
            alone = self._reached_by(alone_experiment(experiment))
        except StudioError:
            alone = None
        return ReachedBefore(self.reached_by_teacher(experiment), alone)

    def reached_by_teacher(self, experiment: Experiment) -> float | None:
        """The accuracy of an equal teacher trained before, or of the run it comes from."""
        if not needs_teacher(experiment) or experiment.teacher.source == ENSEMBLE:
            return None
        source = PrefixedKey.parse(experiment.teacher.source)
        try:
            if not source.kind:
                return self._reached_by(teacher_experiment(experiment))
            found = self._workspace.run(source.name) if source.kind == "run" else None
            if found is not None and found.tested_on != evaluation_data(experiment.model_dump(mode="json")):
                return None  # what it reached, it reached on other data
        except StudioError:
            return None
        return found.test_accuracy if found is not None and found.state in ENDED_WELL else None

    def forecast(self, experiments: Sequence[Experiment]) -> list[Parts]:
        """What each of these experiments will train, one after the other; what is there already is not trained again."""
        return forecast(experiments, self._runs, self._workspace.cache, self._contents)

    def tell_pace(self) -> bool:
        """Whether something was trained here that tells how fast this computer is."""
        return knows_pace(self._runs)

    def _reached_by(self, wish: Experiment) -> float | None:
        """What an equal run reached, if there is one that has ended well."""
        word = fingerprint(
            wish, machine_of(wish), content=self._contents.of(wish), start=start_digest(wish, self._workspace)
        )
        found = find_equal(self._runs, word)
        return found.test_accuracy if found is not None and found.state in ENDED_WELL else None
