"""Answers what the composer asks: what can be picked for a pair, the loss it makes, what fits, how long its stages are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from studio import catalog
from studio.core.message import NOTHING, Text
from studio.experiment import Training
from studio.gui.presenters.card_presenter import network_drawing
from studio.gui.presenters.composer_info import (
    ComposerInfo,
    DesignAspect,
    MethodAspects,
    MethodTable,
    PartInfo,
    Requirement,
    StageSpan,
)
from studio.gui.presenters.draft_info import Values
from studio.methods.base import AnyMethod, Cast, MethodSettings
from studio.methods.entry import AnyEntry
from studio.methods.parts import compatibility
from studio.methods.parts.composed_method import Composed, ComposedSettings
from studio.methods.parts.formula import formula
from studio.methods.parts.made_of_parts import MadeOfParts

#: Set in the composer itself, or by saving; not in its form.
_ELSEWHERE = frozenset({"name", "stages", "labels_as_well", *compatibility.ASPECTS})


def compose(
    table: MethodTable, pair: Cast, values: Values, picks: Sequence[tuple[DesignAspect, str]] = ()
) -> ComposerInfo | None:
    """A method in the composer.

    Args:
        table: the ``[method]`` table of a composed method, or of a named one that is made of the same parts.
        pair: the two networks.
        values: the draft, for how long it trains.
        picks: parts picked since, one after the other.

    Returns:
        None for a method that is not made of these parts, or a pair without a teacher.
    """
    entry: AnyEntry = catalog.find(catalog.TEACHING, str(table["key"]))
    start = _start(entry, table, pair)
    if start is None or pair.teacher is None:
        return None
    settings = ComposedSettings(**start["settings"])
    for aspect, key in picks:
        settings = compatibility.picked(settings, aspect, key, pair)
    made: Composed = catalog.find("method", Composed.key)
    beside: AnyMethod = catalog.find("method", Composed.beside)
    refusal = made.refusal(settings, pair)
    written = formula(settings, pair)
    return ComposerInfo(
        table={**start, "key": made.key, "settings": settings.model_dump(mode="json", exclude_none=True)},
        published=not isinstance(entry, Composed) and not picks,
        parts={aspect: tuple(map(_part, found)) for aspect, found in compatibility.options(settings, pair).items()},
        loss=written.loss,
        notes=written.notes,
        names=(pair.teacher.title, pair.student.title),
        shapes=(
            network_drawing(pair.teacher, "teacher", pair.student.parameters),
            network_drawing(pair.student, "student", pair.teacher.parameters),
        ),
        requirements=tuple(
            Requirement(check.words, check.facts, check.holds) for check in compatibility.checks(settings, pair)
        ),
        refusal=refusal or NOTHING,
        spans=_spans(made, settings, pair, values) if refusal is None else (),
        settings=frozenset(ComposedSettings.model_fields) - made.inactive_settings(settings) - _ELSEWHERE,
        beside=(beside.key, beside.title),
    )


def method_aspects() -> tuple[MethodAspects, ...]:
    """Every named method by its design aspects: where, teacher's side, student's side, distance, what is lost."""
    named = [method for method in catalog.entries("method") if not isinstance(method, Composed)]
    return tuple(
        MethodAspects(
            method.key,
            method.title,
            (
                method.aspects.position,
                method.aspects.teacher,
                method.aspects.student,
                method.aspects.distance,
                method.aspects.missing,
            ),
        )
        for method in named
    )


def composable(method: AnyEntry, pair: Cast | None) -> bool:
    """Whether a method with its default settings can be opened in the composer."""
    if pair is None or pair.teacher is None or pair.teacher.words or pair.student.words:
        return False
    if isinstance(method, MadeOfParts):
        return method.as_composed(method.Settings(), pair) is not None
    return isinstance(method, Composed)


def parts_in_words(settings: MethodSettings) -> Text:
    """A composed method in one line: what is compared, by which distance, and where."""
    if not isinstance(settings, ComposedSettings):
        return NOTHING
    where, teacher, student, distance = settings.parts
    names = {"where": where.title, "teacher": teacher.title, "student": student.title, "distance": distance.title}
    if teacher.title == student.title:
        return Text("{teacher}, {distance}: {where}", names)
    return Text("{teacher} against {student}, {distance}: {where}", names)


def _start(entry: AnyEntry, table: MethodTable, pair: Cast) -> dict[str, Any] | None:
    """The table as one of a composed method; None where it cannot be."""
    if isinstance(entry, Composed):
        return {"settings": {}, **table}
    if not isinstance(entry, MadeOfParts) or pair.teacher is None:
        return None
    try:
        settings = entry.Settings(**table.get("settings", {}))
    except ValidationError:
        settings = entry.Settings()
    made = entry.as_composed(settings, pair)
    if made is None:
        return None
    beside = {str(also["key"]): dict(also) for also in (*made.also, *table.get("also", ()))}
    weight = table.get("task_weight")
    start: dict[str, Any] = {
        "settings": dict(made.settings),
        "task_weight": entry.task_weight if weight is None else weight,
    }
    if beside:
        start["also"] = list(beside.values())
    return start


def _part(option: compatibility.Option) -> PartInfo:
    return PartInfo(option.key, option.title, option.words, option.chosen, option.refusal or NOTHING)


def _spans(made: Composed, settings: ComposedSettings, pair: Cast, values: Values) -> tuple[StageSpan, ...]:
    try:
        training = Training.model_validate(values.get("training", {}))
    except ValidationError:
        training = Training()
    unit = "{n} epochs" if training.steps is None else "{n} steps"
    budget = training.epochs if training.steps is None else training.steps
    return tuple(
        StageSpan(stage.title, stage.share, Text(unit, {"n": round(stage.share * budget)}))
        for stage in made.plan(settings, pair)
    )
