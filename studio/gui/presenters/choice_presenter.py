"""The rows of the choosers: everything the catalogue has, with what is known of it and why it cannot be chosen here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from studio import catalog
from studio.core import paths
from studio.core.errors import StudioError
from studio.core.format import count, percent, thousands
from studio.core.message import NOTHING, Text, text
from studio.core.prefixed_key import PrefixedKey
from studio.core.suited_setting import SuitedSetting
from studio.data.base import DataSource, SourceSettings
from studio.experiment import Training
from studio.gui.presenters.card_presenter import data_drawing, method_drawing, shape_words
from studio.gui.presenters.composer_presenter import composable, parts_in_words
from studio.gui.presenters.draft_info import Choice, Step, Values, saved_method_key
from studio.gui.presenters.drawings import TreesShape
from studio.gui.presenters.made_student import is_made_from_teacher, made_student, student_network, with_fitting_student
from studio.gui.presenters.method_headings import OFFERED, YOURS, method_heading
from studio.gui.presenters.network_rows import network_row, network_rows
from studio.gui.presenters.suited_settings import suited_setting
from studio.insight.network_and_data_info import DataInfo, cast_of, data_info
from studio.methods.base import Method
from studio.methods.entry import AnyEntry
from studio.methods.parts.composed_method import Composed
from studio.models.learners import Learner
from studio.runs.references import ENDED_WELL
from studio.runs.store.saved_methods import SavedMethod, SavedMethods
from studio.runs.teacher_classes import NamedTeacher, names_other_classes

if TYPE_CHECKING:
    from studio.methods.base import Cast
    from studio.runs.run_info import RunInfo
    from studio.runs.store.workspace import Workspace

#: What networks are built for while nothing, or a folder nobody has read yet, is picked: CIFAR's shape.
SHAPE, CLASSES = (3, 32, 32), 10
#: The method by which the student stays what it was picked as.
_NO_METHOD = "none"


class ChoicePresenter:
    """Lists what can be picked for one step of a draft."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.saved_methods = SavedMethods(workspace.path)

    def choices(self, step: Step, values: Values) -> list[Choice]:
        """Everything there is for ``step``; networks by how they suit the rest of the draft, the others in the catalogue's order."""
        if step == "data":
            sources: list[DataSource] = list(catalog.entries("dataset"))
            return [self._dataset(source, values) for source in sorted(sources, key=lambda source: not source.is_own)]
        if step == "method":
            return self._methods(values)
        networks = network_rows(step, values, *self.shape(values))
        return networks + [_learner(step, learner) for learner in catalog.entries("learner") if _suits(step, learner)]

    def look_up(self, step: Step, key: str, values: Values) -> Choice | None:
        """All that is known of a network, be it listed or not, such as ``wrn-28-3``."""
        if step not in ("teacher", "student"):
            return None
        try:
            catalog.find("network", key)  # learners are all listed
        except StudioError:
            return None
        return network_row(step, key, values, *self.shape(values))

    def teacher_runs(self, values: Values) -> list[Choice]:
        """Runs on the same data that ended well and kept their student."""
        dataset = str(paths.get(values, "dataset.key", ""))
        runs = [
            run
            for run in self._workspace.runs()
            if run.state in ENDED_WELL and run.dataset == dataset and run.places.student.is_file()
        ]
        return [_run(run) for run in sorted(runs, key=lambda run: run.test_accuracy or 0.0, reverse=True)]

    # --- data ---------------------------------------------------------------------------------------------------------

    def _dataset(self, source: DataSource, values: Values) -> Choice:
        """A row; of data that the draft has picked, as it has them."""
        data, missing = None, None
        try:
            settings = _settings(source, values) if _picked(values).get("key") == source.key else source.Settings()
            missing = source.missing(settings, self._workspace.cache)
            data = data_info(source.key, settings, self._workspace.cache)
        except (StudioError, ValueError):  # what is wrong with the draft stands at its fields
            pass
        known = data or DataInfo(source.kind, source.shape, source.class_count, source.train_count, source.test_count)
        on_board = missing is None and known.train is not None
        return Choice(
            source.key,
            source.title,
            source.words,
            heading=YOURS
            if source.is_own
            else Text("On this computer")
            if on_board
            else Text("From the network, or a folder"),
            tag=thousands(known.train) if known.train is not None else "",
            source=source.origin,
            details=_data_details(known, None if source.is_own else missing),  # what to name is said where it is named
            drawing=data_drawing(known),
            help_page=f"data-{source.key}",
            is_own=source.is_own,
        )

    def shape(self, values: Values) -> tuple[tuple[int, ...], int]:
        """Of the inputs picked, and how many classes there are."""
        data = self._data(values)
        return data.shape or SHAPE, data.classes or CLASSES

    def _data(self, values: Values) -> DataInfo:
        """What is known of the data picked."""
        try:
            source: DataSource = catalog.find("dataset", str(_picked(values).get("key", "")))
            return data_info(source.key, _settings(source, values), self._workspace.cache)
        except (StudioError, ValueError):
            return DataInfo("pictures", SHAPE, CLASSES, None, None)

    # --- methods ------------------------------------------------------------------------------------------------------

    def _methods(self, values: Values) -> list[Choice]:
        """The person's own first: what makes them, and those that were saved. Each with the student that it would have."""
        plain = with_fitting_student({**values, "method": {"key": _NO_METHOD}}, values)
        cast, of_made = self.cast(plain), self.cast({**plain, "student": {"key": made_student()}})
        named = [
            _method(method, of_made if method.needs.made_from_teacher else cast)
            for kind in OFFERED
            for method in catalog.entries(kind)
        ]
        saved = [_saved(own, cast) for own in self.saved_methods.all()]
        return [*(each for each in named if each.composed), *saved, *(each for each in named if not each.composed)]

    def cast(self, values: Values) -> Cast | None:
        """The pair picked, None while it is incomplete or cannot be built."""
        teacher, student = str(paths.get(values, "teacher.key", "")), student_network(values)
        data = self._data(values)
        shape, classes = data.shape or SHAPE, data.classes or CLASSES
        source, named = (str(paths.get(values, f"teacher.{name}", "")) for name in ("source", "classes"))
        other = names_other_classes(NamedTeacher(teacher, source, named), self._workspace, data)
        made = is_made_from_teacher(values)
        try:
            found = cast_of(teacher or None, student, shape, classes, _batch(values), other) if student else None
            columns = data.offers.has_columns if data.shape is not None else None
            return replace(found, made_from_teacher=made, columns=columns) if found is not None else None
        except StudioError:
            return None


def _picked(values: Values) -> Values:
    """The table of data of a draft; empty where there is none."""
    table = values.get("dataset")
    return table if isinstance(table, Mapping) else {}


def _settings(source: DataSource, values: Values) -> SourceSettings:
    """The settings of the source that the draft has.

    Raises:
        ValueError: they are wrong.
    """
    names = source.Settings.model_fields
    return source.Settings(**{name: value for name, value in _picked(values).items() if name in names})


_MANY = ((Text("How many"), Text("as the method says")),)
_ONE = (
    (
        Text("How large"),
        Text("as the rows to learn from say"),
    ),
)


def _suits(step: Step, learner: Learner) -> bool:
    """Many trees teach, one learns; what is made of finished runs is chosen among these."""
    return bool(learner.members()) and learner.teaches == (step == "teacher")


def _learner(step: Step, learner: Learner) -> Choice:
    drawing = TreesShape("teacher" if step == "teacher" else "student", several=learner.teaches)
    return Choice(
        learner.key,
        learner.title,
        learner.words,
        heading=Text("Trees, for tables"),
        details=_MANY if learner.teaches else _ONE,
        drawing=drawing,
        help_page="method-ba_tree",
    )


def _batch(values: Values) -> int | None:
    """Pictures in a step as the draft says; the default where it says nothing, None where it says no number."""
    batch = paths.get(values, "training.batch_size", Training().batch_size)
    return batch if isinstance(batch, int) else None


def _method(method: AnyEntry, cast: Cast | None) -> Choice:
    settings = method.Settings()
    refusal = method.refusal(settings, cast) if cast is not None else None
    aspects = method.aspects
    composed = isinstance(method, Composed)
    return Choice(
        method.key,
        method.title,
        method.words,
        heading=method_heading(method),
        tag=str(method.source.year or ""),
        source="" if composed else ", ".join(part for part in (method.source.authors, method.source.venue) if part),
        details=(
            (Text("Where"), aspects.position),
            (Text("Teacher’s side"), aspects.teacher),
            (Text("Student’s side"), aspects.student),
            (Text("Distance"), aspects.distance),
        ),
        refusal=refusal or NOTHING,
        drawing=method_drawing(method),
        joins=isinstance(method, Method) and method.joint(settings) is not None and not composed,
        help_page=f"method-{method.key}",
        composable=composable(method, cast),
        composed=composed,
        also_called=method.also_called,
        suited=_suited(method, cast) if refusal is None else {},
    )


def _suited(method: AnyEntry, cast: Cast | None) -> dict[str, SuitedSetting]:
    """The settings it is picked with here, where they are not those that were published."""
    suited = method.suited(method.Settings(), cast) if cast is not None else {}
    return {name: suited_setting(found, method, name) for name, found in suited.items()}


def _saved(own: SavedMethod, cast: Cast | None) -> Choice:
    key = saved_method_key(own.name)
    if own.choice is None:
        refusal = Text("{problem} Mend it or delete it.", {"problem": own.problem})
        return Choice(key, own.name, str(own.path), heading=YOURS, refusal=refusal, saved=True)
    entry, settings = own.choice.entry, own.choice.typed
    refusals = [each.entry.refusal(each.typed, cast) for each in (own.choice, *own.choice.also)] if cast else []
    return Choice(
        key,
        own.name,
        own.choice.title if not isinstance(entry, Composed) else parts_in_words(settings),
        heading=YOURS,
        refusal=next((refusal for refusal in refusals if refusal is not None), NOTHING),
        drawing=method_drawing(entry),
        help_page=f"method-{entry.key}",
        composable=composable(entry, cast),
        composed=isinstance(entry, Composed),
        table=own.table,
        saved=True,
    )


def _run(run: RunInfo) -> Choice:
    right = text("{network}, {accuracy} right", network=run.student_title, accuracy=percent(run.test_accuracy))
    other = text("{network}, {score}", network=run.student_title, score=run.scale.told(run.score or 0.0))
    parameters = run.parameters.get("student")
    return Choice(
        str(PrefixedKey("run", run.id)),
        run.name,
        right if run.test_accuracy is not None else other if run.score is not None else Text(run.student_title),
        heading=Text("Earlier runs"),
        tag=count(parameters) if parameters else "",
        details=((Text("Trained with"), run.method_title), (Text("Seed"), str(run.seed))),
        network=run.student,
    )


def _data_details(data: DataInfo, missing: Text | None) -> tuple[tuple[Text | str, Text | str], ...]:
    known: list[tuple[Text | str, Text | str]] = []
    if data.train is not None:
        parts = Text("To learn from and to test on") if data.test is None and missing is None else Text("To learn from")
        known.append((parts, thousands(data.train)))
    if data.test is not None:
        known.append((Text("To test on"), thousands(data.test)))
    if data.classes is not None:
        known.append((Text("Classes"), str(data.classes)))
    if data.shape is not None and data.offers.has_maps:
        size = Text("{size}, grey") if data.shape[0] == 1 else Text("{size}, colour")
        known.append((Text("Size"), Text(size.template, {"size": shape_words(data.shape)})))
    if missing is not None:
        known.append((Text("Not here yet"), missing))
    return tuple(known)
