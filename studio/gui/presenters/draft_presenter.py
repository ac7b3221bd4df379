"""Answers what the panels ask about a draft, from the catalogue, the workspace and dry runs of the networks.

Called in a worker: a first answer imports and builds. What is answered is plain values and words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from studio.core import paths
from studio.core.message import NOTHING
from studio.core.picture_preview import PicturePreview
from studio.core.table_preview import TablePreview
from studio.experiment import MethodChoice
from studio.gui.presenters.choice_presenter import ChoicePresenter
from studio.gui.presenters.composer_info import ComposerInfo, DesignAspect, MethodAspects, MethodTable
from studio.gui.presenters.composer_presenter import compose, method_aspects
from studio.gui.presenters.draft_info import Choice, DraftInfo, Problem, Step, Values
from studio.gui.presenters.draft_reading import DraftReading, valid_choice
from studio.gui.presenters.pair_info import PairInfo
from studio.gui.presenters.pair_presenter import pair_info
from studio.gui.presenters.preview_presenter import preview_data
from studio.runs.teacher_source import network_of_runs
from studio.runs.timing.estimate import knows_pace
from studio.runs.timing.known_latencies import KnownLatencies
from studio.runs.timing.preset_times import preset_seconds

if TYPE_CHECKING:
    from studio.core.ensemble_keys import Mean
    from studio.runs.presets.presets import Preset
    from studio.runs.store.saved_methods import SavedMethods
    from studio.runs.store.workspace import Workspace


class DraftPresenter:
    """Knows the catalogue and a workspace; see :class:`studio.gui.presenters.draft_info.Presenter`.

    A teacher that comes from one run or several has their network, whatever the draft says beside it.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._choices = ChoicePresenter(workspace)
        self._latencies = KnownLatencies(workspace.cache)

    def describe(self, values: Values) -> DraftInfo:
        """What to show for a draft; what is wrong with it stands in ``problems``."""
        values = self._with_network_of_runs(values)
        draft = DraftReading(values, self._workspace)
        problems = self._with_refusal(draft.problems(), draft.method, values)
        estimate = draft.estimate() if draft.experiment is not None and not problems else NOTHING
        return DraftInfo(draft.cards(), tuple(problems), estimate, draft.defaults(), draft.suited())

    def _with_refusal(self, problems: list[Problem], method: MethodChoice | None, values: Values) -> list[Problem]:
        """Where the choices do not go together, what the method says of it in its list stands in its place."""
        cast = self._choices.cast(values) if method is not None and any(not one.path for one in problems) else None
        if method is None or cast is None:
            return problems
        refused = method.refused(cast)
        if refused is None:
            return problems
        return [*(one for one in problems if one.path), Problem("method.key", refused[1])]

    def choices(self, step: Step, values: Values) -> list[Choice]:
        """What can be picked for a step, those refused among them."""
        return self._choices.choices(step, self._with_network_of_runs(values))

    def look_up(self, step: Step, key: str, values: Values) -> Choice | None:
        """A choice that is not listed but answers to ``key``."""
        return self._choices.look_up(step, key, self._with_network_of_runs(values))

    def teacher_runs(self, values: Values) -> list[Choice]:
        """Finished runs whose student could teach here."""
        return self._choices.teacher_runs(values)

    def pair(self, values: Values) -> PairInfo | None:
        """Teacher and student beside each other."""
        cast = self._choices.cast(self._with_network_of_runs(values))
        return pair_info(cast, own=valid_choice(MethodChoice, values.get("method"))) if cast is not None else None

    def timed_pair(self, values: Values) -> PairInfo | None:
        """The same with what each takes for one input here, and what was reached before."""
        values = self._with_network_of_runs(values)
        cast = self._choices.cast(values)
        if cast is None or cast.teacher is None or cast.teacher.words or cast.student.words:
            return None
        shape, classes = self._choices.shape(values)
        times = [self._latencies.of(each.key, shape, classes) for each in (cast.teacher, cast.student)]
        draft = DraftReading(values, self._workspace)
        return pair_info(cast, (times[0], times[1]), draft.method, draft.reached())

    def preview(self, values: Values) -> TablePreview | PicturePreview | None:
        """What the data picked hold."""
        return preview_data(values, self._workspace.cache)

    def compose(
        self, values: Values, table: MethodTable, picks: Sequence[tuple[DesignAspect, str]] = ()
    ) -> ComposerInfo | None:
        """A method in the composer."""
        values = self._with_network_of_runs(values)
        pair = self._choices.cast(values)
        return compose(table, pair, values, picks) if pair is not None else None

    def method_aspects(self) -> tuple[MethodAspects, ...]:
        """Every named method by its design aspects."""
        return method_aspects()

    def preset_seconds(self, presets: Sequence[Preset]) -> Mapping[str, float]:
        """How long ready experiments will take here."""
        return preset_seconds(presets, self._workspace.runs(), self._workspace.cache)

    def knows_pace(self) -> bool:
        """Whether something was trained here that tells how fast this computer is."""
        return knows_pace(self._workspace.runs())

    @property
    def saved_methods(self) -> SavedMethods:
        """The saved methods of the workspace."""
        return self._choices.saved_methods

    def _with_network_of_runs(self, values: Values) -> Values:
        source, members, mean = (paths.get(values, f"teacher.{name}", "") for name in ("source", "members", "mean"))
        named = [str(member) for member in members] if isinstance(members, (list, tuple)) else []
        averaged: Mean = "logits" if mean == "logits" else "probabilities"
        network = network_of_runs(str(source), self._workspace, named, averaged)
        return {**values, "teacher": {**values["teacher"], "key": network}} if network else values
