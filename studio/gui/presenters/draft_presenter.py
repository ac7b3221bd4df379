"""Answers what the panels ask about a draft, from the catalogue, the workspace and dry runs of the networks.

Called in a worker: a first answer imports and builds. What is answered is plain values and words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from studio.core import paths
from studio.core.ensemble_keys import ENSEMBLE
from studio.core.errors import Invalid, StudioError
from studio.core.format import about
from studio.core.message import NOTHING, Text, text
from studio.core.picture_preview import PicturePreview
from studio.core.prefixed_key import PrefixedKey
from studio.core.suited_setting import SuitedSetting
from studio.core.table_preview import TablePreview
from studio.experiment import DatasetChoice, Experiment, MethodChoice, split_seeds, validated
from studio.gui.presenters.card_presenter import chain_words, data_card, method_card, student_card, teacher_card
from studio.gui.presenters.choice_presenter import ChoicePresenter
from studio.gui.presenters.composer_info import ComposerInfo, DesignAspect, MethodAspects, MethodTable
from studio.gui.presenters.composer_presenter import compose, method_aspects, parts_in_words
from studio.gui.presenters.draft_info import (
    TABLE,
    CardInfo,
    Choice,
    DraftInfo,
    Problem,
    Step,
    Values,
)
from studio.gui.presenters.made_student import STUDENT_BEFORE, is_made_from_teacher, student_network
from studio.gui.presenters.opened_settings import OPENED
from studio.gui.presenters.pair_info import PairInfo, ReachedBefore
from studio.gui.presenters.pair_presenter import pair_info
from studio.gui.presenters.preview_presenter import preview_data
from studio.gui.presenters.suited_settings import FITTED, suited_in
from studio.insight.network_and_data_info import DataInfo, data_info, network_info
from studio.networks.normalised_values import risk_of_few_values
from studio.runs.batch_fit import small_batch_refusal
from studio.runs.evaluation_data import evaluation_data
from studio.runs.method_fit import method_refusal, suited_settings
from studio.runs.references import ENDED_WELL, KnownContents, find_equal, fingerprint, machine_of
from studio.runs.split_fit import split_refusal
from studio.runs.student_start import start_digest
from studio.runs.teacher_classes import NamedTeacher, names_other_classes
from studio.runs.teacher_source import network_of_runs
from studio.runs.timing.estimate import Parts, drawn, forecast, knows_pace
from studio.runs.timing.known_latencies import KnownLatencies
from studio.runs.timing.preset_times import preset_seconds
from studio.systems.base import TrainStep, system_of
from studio.systems.reference_experiments import alone_experiment, needs_teacher, teacher_experiment

if TYPE_CHECKING:
    from studio.core.ensemble_keys import Mean
    from studio.networks.base import NetworkSummary
    from studio.runs.presets.presets import Preset
    from studio.runs.run_info import RunInfo
    from studio.runs.store.saved_methods import SavedMethods
    from studio.runs.store.workspace import Workspace

_UNPICKED: dict[Step, Text] = {
    "data": Text("Choose what to learn from"),
    "teacher": Text("Choose who knows"),
    "student": Text("Choose who learns"),
    "method": Text("Choose how to learn"),
}


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
        draft = _Draft(values, self._workspace)
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
        return pair_info(cast, own=_model(MethodChoice, values.get("method"))) if cast is not None else None

    def timed_pair(self, values: Values) -> PairInfo | None:
        """The same with what each takes for one input here, and what was reached before."""
        values = self._with_network_of_runs(values)
        cast = self._choices.cast(values)
        if cast is None or cast.teacher is None or cast.teacher.words or cast.student.words:
            return None
        shape, classes = self._choices.shape(values)
        times = [self._latencies.of(each.key, shape, classes) for each in (cast.teacher, cast.student)]
        draft = _Draft(values, self._workspace)
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


class _Draft:
    """One draft and what follows from it, each looked up once."""

    def __init__(self, values: Values, workspace: Workspace) -> None:
        self.values = values
        self._workspace = workspace
        self._wrong: list[Problem] = []
        self.experiment = self._validated()
        self.dataset = _model(DatasetChoice, values.get("dataset"))
        self.method = _model(MethodChoice, values.get("method"))
        self.data = self._data()
        self.networks = {role: self._network(role) for role in ("teacher", "student")}

    def _validated(self) -> Experiment | None:
        beside = ("seeds", STUDENT_BEFORE, FITTED, OPENED)
        tables = {key: value for key, value in self.values.items() if key not in beside}
        seeds = self.values.get("seeds", [0])
        several = seeds or [0] if isinstance(seeds, list) else [seeds]
        try:
            made = [validated({**tables, "seed": seed}) for seed in several]
        except Invalid as invalid:
            places = {"seed": "seeds"}
            self._wrong = [Problem(places.get(one.place, one.place), _problem_text(one)) for one in invalid.problems]
            return None
        return made[0]

    def _data(self) -> DataInfo | None:
        if self.dataset is None:
            return None
        try:
            return data_info(self.dataset.key, self.dataset.source_settings, self._workspace.cache)
        except StudioError as error:
            self._wrong.append(Problem("dataset", error.paragraph()))
            return None

    def _network(self, role: str) -> NetworkSummary | None:
        key = student_network(self.values) if role == "student" else str(paths.get(self.values, f"{role}.key", ""))
        shape = self.data.shape if self.data is not None and self.data.shape is not None else (3, 32, 32)
        classes = self.data.classes if self.data is not None and self.data.classes is not None else 10
        if not key:
            return None
        try:
            return network_info(key, shape, classes)
        except StudioError as error:
            if not any(problem.path.startswith(role) for problem in self._wrong):
                self._wrong.append(Problem(f"{role}.key", error.paragraph()))
            return None

    @cached_property
    def _runs(self) -> list[RunInfo]:
        """The runs of the workspace, listed once for all that is asked of them."""
        return self._workspace.runs()

    @cached_property
    def _contents(self) -> KnownContents:
        """The content of the data, looked up once for all that is asked of it."""
        return KnownContents(self._workspace.cache)

    # --- answers ------------------------------------------------------------------------------------------------------

    def problems(self) -> list[Problem]:
        """Everything that keeps it from running; of what was not picked yet, the first alone."""
        found = list(self._wrong)
        if not found and self.experiment is not None:
            refusal = self._refusal(self.experiment)
            if refusal is not None:
                found.append(Problem("method.key", refusal))
            if self.data is not None:
                refused = (small_batch_refusal(self.experiment, self.data), split_refusal(self.experiment, self.data))
                found += [Problem(why.place, why.paragraph()) for why in refused if why is not None]
        return found

    def _refusal(self, experiment: Experiment) -> Text | None:
        if self.data is None:
            return None
        choice = experiment.teacher
        teacher = NamedTeacher(choice.key, choice.source, choice.classes)
        other = names_other_classes(teacher, self._workspace, self.data)
        return method_refusal(experiment, self.data, other)

    def cards(self) -> dict[Step, CardInfo]:
        """What each card shows."""
        teacher, student = self.networks["teacher"], self.networks["student"]
        made: dict[Step, CardInfo] = {step: CardInfo(words, "") for step, words in _UNPICKED.items()}
        if self.dataset is not None and self.data is None:  # what is wrong with them stands below their name
            made["data"] = CardInfo(self.dataset.title, "", help_page=f"data-{self.dataset.key}")
        elif self.dataset is not None and self.data is not None:
            source = self.dataset.source
            missing = source.missing(self.dataset.source_settings, self._workspace.cache)
            made["data"] = data_card(
                source, self.dataset.title, self.data, self.drawn(), self.dataset.per_class, missing
            )
        if teacher is not None:
            used = self.method is None or self._uses_teacher(self.method)
            source = str(paths.get(self.values, "teacher.source", "train"))
            origin = ENSEMBLE if source == ENSEMBLE else PrefixedKey.parse(source).kind or "train"
            made["teacher"] = teacher_card(teacher, origin, self._teacher_reaches(), used, student)
        if student is not None:
            risk = risk_of_few_values(student, self.experiment.training.batch_size) if self.experiment else None
            card = student_card(student, teacher, made=is_made_from_teacher(self.values))
            made["student"] = replace(card, note=risk, level="warning") if risk is not None else card
        if self.method is not None:
            parts = parts_in_words(self.method.typed)
            made["method"] = method_card(self.method.title, self.method.entry, parts, self._trains())
        return made

    def _trains(self) -> tuple[Text, Text] | None:
        """Of a chain how many steps it takes for all of its seeds; None of one training, and where it cannot run."""
        system = system_of(self.experiment) if self.experiment is not None else None
        if self.experiment is None or system is None or self.problems():
            return None
        forecasts, plan = self._forecasts, system.plan(self.experiment)
        planned = len(forecasts) * len(plan)
        networks = all(isinstance(step, TrainStep) for step in plan)
        if not all(forecasts):
            return chain_words(planned, planned, None, networks=networks)
        parts = [part for parts in forecasts for part in parts]
        trainings = len(parts) - len(forecasts)
        if len(forecasts) > 1:  # seeds may share a teacher: the others need not be there already
            planned = trainings or planned
        return chain_words(trainings, planned, sum(part.seconds for part in parts), networks=networks)

    @staticmethod
    def _uses_teacher(method: MethodChoice) -> bool:
        return any(choice.entry.needs.teacher for choice in method.all)

    def reached(self) -> ReachedBefore:
        """What teacher and student alone reached before, as far as equal ones were trained."""
        if self.experiment is None or not needs_teacher(self.experiment):
            return ReachedBefore()
        try:
            alone = self._reached_by(alone_experiment(self.experiment))
        except StudioError:
            alone = None
        return ReachedBefore(self._teacher_reaches(), alone)

    def _reached_by(self, wish: Experiment) -> float | None:
        """What an equal run reached, if there is one that has ended well."""
        word = fingerprint(
            wish, machine_of(wish), content=self._contents.of(wish), start=start_digest(wish, self._workspace)
        )
        found = find_equal(self._runs, word)
        return found.test_accuracy if found is not None and found.state in ENDED_WELL else None

    def _teacher_reaches(self) -> float | None:
        """The accuracy of an equal teacher trained before, or of the run it comes from."""
        if self.experiment is None or not needs_teacher(self.experiment):
            return None
        if self.experiment.teacher.source == ENSEMBLE:
            return None
        source = PrefixedKey.parse(self.experiment.teacher.source)
        try:
            if not source.kind:
                return self._reached_by(teacher_experiment(self.experiment))
            found = self._workspace.run(source.name) if source.kind == "run" else None
            if found is not None and found.tested_on != evaluation_data(self.experiment.model_dump(mode="json")):
                return None  # what it reached, it reached on other data
        except StudioError:
            return None
        return found.test_accuracy if found is not None and found.state in ENDED_WELL else None

    def drawn(self) -> int | None:
        """How many training examples the student gets; None where the files decide."""
        return drawn(self.dataset, self.data) if self.dataset is not None and self.data is not None else None

    def defaults(self) -> Mapping[str, Any]:
        """Values that follow from what was picked."""
        made: dict[str, Any] = {}
        if self.method is not None:
            made["method.task_weight"] = self.method.entry.task_weight
        if self.dataset is not None:
            augmentation = self.dataset.source.augmentation
            made |= {f"dataset.augmentation.{name}": value for name, value in augmentation.model_dump().items()}
        if self.experiment is not None and self.experiment.training.steps is None:
            made["teacher.epochs"] = self.experiment.training.epochs
        return made

    def suited(self) -> Mapping[str, SuitedSetting]:
        """Settings of the method that suit what was picked, by path."""
        if self.experiment is None or self.data is None or self._wrong:
            return {}
        return suited_in(self.experiment, suited_settings(self.experiment, self.data))

    @property
    def _seeds(self) -> list[int]:
        splits = self.experiment.dataset.splits if self.experiment is not None else 1
        return split_seeds(self.values.get("seeds") or [0], splits)

    @cached_property
    def _forecasts(self) -> list[Parts]:
        """What each of its seeds will train; none while it is incomplete."""
        if self.experiment is None:
            return []
        of_seeds = [self.experiment.model_copy(update={"seed": seed}) for seed in self._seeds]
        return forecast(of_seeds, self._runs, self._workspace.cache, self._contents)

    def estimate(self) -> Text:
        """How long all of its seeds will take, references that have to be trained included."""
        seeds, planned = self._seeds, self._forecasts
        if not planned or not all(planned):
            return NOTHING
        parts = [part for run in planned for part in run]
        where = text("on this computer") if knows_pace(self._runs) else text("on two processor cores")
        words = {"time": about(sum(part.seconds for part in parts)), "n": len(seeds), "where": where}
        roles = {part.role for part in parts}
        if len(seeds) > 1:
            if self.experiment is not None and self.experiment.dataset.splits > 1:
                return text("About {time} {where} for all {n} splits.", **words)
            return text("About {time} {where} for all {n} seeds.", **words)
        if "teacher" in roles:
            return text("About {time} {where}, teacher included.", **words)
        return text("About {time} {where}.", **words)


def _model(kind: Any, table: Any) -> Any:
    """The table as its model, None while it is incomplete or wrong."""
    if not isinstance(table, dict) or not table.get("key"):
        return None
    try:
        return kind.model_validate(table)
    except ValueError:
        return None


def _problem_text(problem: StudioError) -> Text:
    """One problem of a draft; what was not picked yet is asked for."""
    for step, table in TABLE.items():
        if problem.place in (table, f"{table}.key") and not problem.why:
            return text("{what}.", what=_UNPICKED[step])
    return problem.paragraph()
