"""What follows from a draft: its problems, its cards, what it will take. Plain values and words.

Made in a worker: it builds the networks to count them, and looks into the runs of the workspace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from studio.core import paths
from studio.core.ensemble_keys import ENSEMBLE
from studio.core.errors import Invalid, StudioError
from studio.core.format import about
from studio.core.message import NOTHING, Text, text
from studio.core.prefixed_key import PrefixedKey
from studio.core.suited_setting import SuitedSetting
from studio.experiment import DatasetChoice, Experiment, MethodChoice, split_seeds, validated
from studio.gui.presenters.card_presenter import chain_words, data_card, method_card, student_card, teacher_card
from studio.gui.presenters.composer_presenter import parts_in_words
from studio.gui.presenters.draft_info import TABLE, CardInfo, Problem, Step, Values
from studio.gui.presenters.earlier_runs import EarlierRuns
from studio.gui.presenters.made_student import STUDENT_BEFORE, is_made_from_teacher, student_network
from studio.gui.presenters.opened_settings import OPENED
from studio.gui.presenters.pair_info import ReachedBefore
from studio.gui.presenters.suited_settings import FITTED, suited_in
from studio.insight.network_and_data_info import DataInfo, data_info, network_info
from studio.networks.normalised_values import risk_of_few_values
from studio.runs.batch_fit import small_batch_refusal
from studio.runs.method_fit import method_refusal, suited_settings
from studio.runs.split_fit import split_refusal
from studio.runs.teacher_classes import NamedTeacher, names_other_classes
from studio.runs.timing.estimate import Parts, drawn
from studio.runs.weights_fit import weights_refusal
from studio.systems.base import TrainStep, system_of

if TYPE_CHECKING:
    from studio.networks.base import NetworkSummary
    from studio.runs.store.workspace import Workspace

_Choice = TypeVar("_Choice", bound=BaseModel)

_UNPICKED: dict[Step, Text] = {
    "data": Text("Choose what to learn from"),
    "teacher": Text("Choose who knows"),
    "student": Text("Choose who learns"),
    "method": Text("Choose how to learn"),
}


class DraftReading:
    """One draft and what follows from it, each looked up once.

    Attributes:
        values: what was picked, as it is kept in the panels.
        experiment, dataset, method: of them what is complete and valid; None else.
        data: what the data hold; None where it cannot be told.
        networks: by role what is known of teacher and student; None where none is picked or it cannot be built.
    """

    def __init__(self, values: Values, workspace: Workspace) -> None:
        self.values = values
        self._workspace = workspace
        self._earlier = EarlierRuns(workspace)
        self._wrong: list[Problem] = []
        self.experiment = self._validated()
        self.dataset = valid_choice(DatasetChoice, values.get("dataset"))
        self.method = valid_choice(MethodChoice, values.get("method"))
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

    # --- answers ------------------------------------------------------------------------------------------------------

    def problems(self) -> list[Problem]:
        """Everything that keeps it from running; of what was not picked yet, the first alone."""
        found = list(self._wrong)
        if not found and self.experiment is not None:
            refusal = self._refusal(self.experiment)
            if refusal is not None:
                found.append(Problem("method.key", refusal))
            if self.data is not None:
                refused = (
                    small_batch_refusal(self.experiment, self.data),
                    split_refusal(self.experiment, self.data),
                    weights_refusal(self.experiment, self.data, self._workspace),
                )
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
            named = str(paths.get(self.values, "teacher.source", "train"))
            origin = ENSEMBLE if named == ENSEMBLE else PrefixedKey.parse(named).kind or "train"
            reached = self._earlier.reached_by_teacher(self.experiment) if self.experiment is not None else None
            made["teacher"] = teacher_card(teacher, origin, reached, used, student)
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
        return self._earlier.reached(self.experiment) if self.experiment is not None else ReachedBefore()

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
        return self._earlier.forecast(of_seeds)

    def estimate(self) -> Text:
        """How long all of its seeds will take, references that have to be trained included."""
        seeds, planned = self._seeds, self._forecasts
        if not planned or not all(planned):
            return NOTHING
        parts = [part for run in planned for part in run]
        where = text("on this computer") if self._earlier.tell_pace() else text("on two processor cores")
        words = {"time": about(sum(part.seconds for part in parts)), "n": len(seeds), "where": where}
        roles = {part.role for part in parts}
        if len(seeds) > 1:
            if self.experiment is not None and self.experiment.dataset.splits > 1:
                return text("About {time} {where} for all {n} splits.", **words)
            return text("About {time} {where} for all {n} seeds.", **words)
        if "teacher" in roles:
            return text("About {time} {where}, teacher included.", **words)
        return text("About {time} {where}.", **words)


def valid_choice(kind: type[_Choice], table: object) -> _Choice | None:
    """The table of a draft as its model; None while it is incomplete or wrong."""
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
