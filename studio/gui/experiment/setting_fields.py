"""The fields of the forms of an experiment, read off its models. Loads the catalogue: called in a worker at first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from studio.core.errors import StudioError
from studio.core.message import translatable
from studio.gui.experiment.draft import SEEDS
from studio.gui.presenters.draft_info import Values
from studio.gui.widgets.fields import Field, fields_of

_PICTURES = "pictures"

SEEDS_FIELD = Field(
    path=SEEDS,
    label=translatable("Seeds"),
    help=translatable("Starts of all chance; each seed is a run of its own, and several tell how much is luck"),
    kind="ints",
    default=[0],
    low=0,
    high=2**31 - 1,
    section=translatable("Method"),
)


def experiment_fields(values: Values) -> tuple[Field, ...]:
    """The settings of the left dock: training, the method's own, seeds; the data's and the teacher's are on their pages."""
    from studio.experiment import References, Training

    training = fields_of(Training, "training", translatable("Training"))
    return (
        *(_counting(_entry("dataset", _table(values, "dataset").get("key", "")), training) if _trains(values) else ()),
        *method_fields(values),
        *_splits_field(str(_table(values, "dataset").get("key", ""))),
        SEEDS_FIELD,
        *(fields_of(References, "references", translatable("Comparison")) if _has_teacher(values) else ()),
    )


def _splits_field(key: str) -> tuple[Field, ...]:
    """How often the data are split, at hand where it is common: on tables without rows to test on."""
    from studio.experiment import DatasetChoice

    source = _entry("dataset", key)
    if source is None or not source.offers.has_columns or source.test_count is not None:
        return ()
    others = tuple(name for name in DatasetChoice.model_fields if name != "splits")
    fields = fields_of(DatasetChoice, "dataset", translatable("Method"), skip=others)
    return tuple(replace(field, level="beginner") for field in fields)


def method_fields(values: Values) -> tuple[Field, ...]:
    """The settings of the method, of those added to it, and the weight of the labels where they are weighed."""
    from studio.experiment import MethodChoice

    method = _table(values, "method")
    entry = _method_entry(method.get("key", ""))
    weighed = entry is None or entry.weighs_labels
    skip = tuple(name for name in MethodChoice.model_fields if name != "task_weight" or not weighed)
    also = method.get("also") or ()
    added = [field for index, table in enumerate(also) for field in _own_fields(table, f"method.also.{index}.settings")]
    return (
        *_own_fields(method, "method.settings"),
        *added,
        *fields_of(MethodChoice, "method", translatable("Method"), skip=skip),
    )


def composer_fields(values: Values, names: Collection[str]) -> tuple[Field, ...]:
    """The settings of a composed method by these names, those of what stands beside it, and the weight of the labels."""
    own = "method.settings."
    fields = method_fields(values)
    return tuple(f for f in fields if not f.path.startswith(own) or f.path.removeprefix(own) in names)


def teacher_fields(*, trained: bool, from_file: bool = False) -> tuple[Field, ...]:
    """How the teacher teaches, if it is ``trained`` first how it is trained, and of a file what its classes are called."""
    from studio.experiment import TeacherChoice

    training = () if trained else ("epochs", "fraction", "seed")
    names = () if from_file else ("classes",)
    return fields_of(TeacherChoice, "teacher", "", skip=("key", "source", "members", "mean", *training, *names))


def student_fields(key: str) -> tuple[Field, ...]:
    """What is said of a student besides the network ``key`` and what it begins with; nothing of one that is no plain network."""
    from studio.experiment import StudentChoice
    from studio.networks.base import NetworkFamily

    family = _entry("network", key)
    plain = isinstance(family, NetworkFamily) and not family.made_from_teacher
    return fields_of(StudentChoice, "student", "", skip=("key", "members", "init")) if plain else ()


def method_defaults(values: Values) -> dict[str, Any]:
    """Defaults that follow from the method picked: its own weight of the labels."""
    entry = _method_entry(_table(values, "method").get("key", ""))
    return {"method.task_weight": entry.task_weight} if entry else {}


def data_defaults(key: str) -> dict[str, Any]:
    """Defaults that follow from the data picked: its own way of varying pictures."""
    entry = _entry("dataset", key)
    own = entry.augmentation.model_dump() if entry else {}
    return {f"dataset.augmentation.{name}": value for name, value in own.items()}


def data_fields(key: str) -> tuple[Field, ...]:
    """How much of the data, how varied, and the source's own settings."""
    from studio.experiment import DatasetChoice

    own = _entry("dataset", key)
    pictures = own is None or own.offers.has_maps
    skip = ("key",) if pictures else ("key", "augmentation")
    common = fields_of(
        DatasetChoice,
        "dataset",
        translatable("How much, and how varied") if pictures else translatable("How much"),
        skip,
    )
    return (*(fields_of(own.Settings, "dataset", own.title) if own else ()), *_counting(own, common))


def _counting(source: Any, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields with what the data consist of as their unit: pictures, points or rows."""
    if source is None or source.offers.has_maps:
        return fields
    return tuple(replace(field, unit=source.offers.noun) if field.unit == _PICTURES else field for field in fields)


def _trains(values: Values) -> bool:
    """Whether something learns in epochs; a method or teacher that is not picked yet may do so."""
    entry = _method_entry(str(_table(values, "method").get("key", "")))
    teacher = str(_table(values, "teacher").get("key", ""))
    try:
        return entry is None or not teacher or bool(entry.trains(teacher))
    except StudioError:  # a teacher that nobody knows is told at its card
        return True


def _has_teacher(values: Values) -> bool:
    """Whether there is anything to compare the student alone with; a method not picked yet may bring a teacher."""
    method = _table(values, "method")
    entries = [_method_entry(table.get("key", "")) for table in (method, *(method.get("also") or ()))]
    return any(entry is None or entry.needs.teacher for entry in entries)


def _own_fields(table: Values, prefix: str) -> tuple[Field, ...]:
    """The settings of a method that change something while the others are as they are."""
    entry = _method_entry(str(table.get("key", "")))
    if entry is None:
        return ()
    try:
        idle = entry.inactive_settings(entry.Settings(**table.get("settings", {})))
    except ValueError:  # a value out of range is told at its field
        idle = frozenset()
    return fields_of(entry.Settings, prefix, entry.title, skip=tuple(idle))


def _method_entry(key: str) -> Any:
    """What ``method.key`` names: a method, or a system of several trainings."""
    from studio import catalog

    return _entry(catalog.TEACHING, key)


def _entry(kind: Any, key: str) -> Any:
    from studio import catalog

    try:
        return catalog.find(kind, key)
    except StudioError:
        return None


def _table(values: Values, name: str) -> dict[str, Any]:
    table = values.get(name)
    return dict(table) if isinstance(table, dict) else {}
