"""What a help page leaves to the program: facts that stand once, in the catalogue or among the measurements.

A line ``@name`` of a page stands for one of :data:`PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from studio import catalog
from studio.core.format import percent
from studio.core.message import NOTHING, Text

if TYPE_CHECKING:
    from studio.gui.presenters.measurements import MeasuredMethod, MeasuredProblem
    from studio.methods.entry import AnyEntry

_LINK = "[{title}](help:method-{key})"


def _source(page: str) -> tuple[Text, ...]:
    """Where the method of the page was published."""
    source = catalog.find(catalog.TEACHING, _key(page)).source
    said = {"authors": source.authors, "title": source.title, "venue": source.venue}
    return (Text("Source: {authors}, *{title}*, {venue}.", said),)


def _methods(_page: str) -> tuple[Text, ...]:
    """Links to the pages of all methods, in one paragraph."""
    return _links(catalog.entries("method"))


def _links(methods: Iterable[AnyEntry]) -> tuple[Text, ...]:
    links = [{"title": method.title, "key": method.key} for method in methods]
    return (*(Text(f"{_LINK} ·", link) for link in links[:-1]), Text(_LINK, links[-1]))


def _methods_by_their_parts(_page: str) -> tuple[Text, ...]:
    """A list of the methods with their four aspects, and what is lost."""
    from studio.gui.presenters.composer_presenter import method_aspects

    lines = []
    for row in method_aspects():
        if not catalog.find("method", row.key).needs.teacher:
            continue
        where, teacher, student, distance, lost = row.aspects
        said = {"title": row.title, "key": row.key, "where": where, "teacher": teacher, "student": student}
        last = Text(" Lost: {lost}.", {"lost": lost}) if str(lost) not in ("", "none") else NOTHING
        lines.append(
            Text(
                "- [{title}](help:method-{key}). Where: {where}. Teacher’s side: {teacher}. Student’s side: {student}. "
                "Distance: {distance}.{last}",
                {**said, "distance": distance, "last": last},
            )
        )
    return tuple(lines)


def _measured(page: str) -> tuple[Text, ...]:
    """What the method of the page reached on the problem that all are measured on."""
    from studio.gui.presenters.measurements import read_measurements

    measurements, key = read_measurements(), _key(page)
    if key not in measurements.methods:
        return (Text("Not measured yet."),)
    problem, row = measurements.problem, measurements.methods[key]
    alone, reference = (_reached(measurements.methods[name]) for name in (problem.alone, problem.reference))
    known = {**_of_problem(problem), "alone": alone, "soft": reference, "this": _reached(row)}
    if key == problem.alone:
        return (
            Text("{where}, {student}, {steps} steps, {seeds} seeds: {this}.", known),
            Text("Taught by {teacher}, which has learnt from all of them and reaches {reached}, it gets {soft}", known),
            Text("with {reference}.", known),
        )
    known["gap"] = _gap(row)
    told = [
        Text("{where}, {student} taught by {teacher} ({reached}), {steps} steps, {seeds} seeds: {alone} alone,", known)
    ]
    if key == problem.reference:
        return (*told, Text("{this} with this: {gap}.", known))
    known["settings"] = _settings(row)
    told += [Text("{soft} with {reference},", known), Text("{this} with this{settings}: {gap}.", known)]
    if row.cost is not None:
        known["cost"] = f"{row.cost:.1f}"
        told.append(Text("A step takes {cost} times as long as one with {reference}.", known))
    return tuple(told)


def _recipes(_page: str) -> tuple[Text, ...]:
    """Every published training: what it is, what it sets, what is to be known of it, where it comes from, its name."""
    from studio.runs.presets.presets import all_recipes

    lines = []
    for recipe in all_recipes():
        full, short = recipe.full, recipe.short
        lengths = {"full": recipe.lengths[0], "short": recipe.lengths[1]}
        lines += [
            Text("## {title}", {"title": Text(full.title)}),
            *(NOTHING, Text(full.words), NOTHING),
            Text("**Sets**: {sets}", {"sets": Text(full.sets)}),
            NOTHING,
            Text("**To know**: {apart}", {"apart": Text(full.apart)}),
            NOTHING,
            Text("Source: {source}.", {"source": Text(full.source)}),
            Text("In the terminal `{key}`, {full}, and", {"key": full.key, **lengths}),
            Text("`{key}`, {short}.", {"key": short.key, **lengths}),
            NOTHING,
        ]
    return tuple(lines)


def _which_method(_page: str) -> tuple[Text, ...]:
    """Which method when: a table for each kind of method."""
    from studio.gui.presenters.method_guide import advice_lines

    return tuple(advice_lines())


def _any_classes(_page: str) -> tuple[Text, ...]:
    """Links to the methods that work with a teacher of other classes."""
    return _links(method for method in catalog.entries("method") if method.needs.teacher and not _needs_classes(method))


def _same_classes(_page: str) -> tuple[Text, ...]:
    """Links to the methods that need a teacher of the same classes."""
    return _links(method for method in catalog.entries("method") if _needs_classes(method))


def _needs_classes(method: AnyEntry) -> bool:
    """Whether only the same classes will do, whatever is set."""
    return method.needs.same_classes and not method.needs.unless


#: What the parts are called in the pages, and what gives their lines for a page.
PARTS: Mapping[str, Callable[[str], tuple[Text, ...]]] = {
    "any-classes": _any_classes,
    "measured": _measured,
    "methods": _methods,
    "methods-by-their-parts": _methods_by_their_parts,
    "recipes": _recipes,
    "same-classes": _same_classes,
    "source": _source,
    "which-method": _which_method,
}


def _key(page: str) -> str:
    return page.removeprefix("method-")


def _of_problem(problem: MeasuredProblem) -> dict[str, object]:
    data = catalog.find("dataset", problem.dataset)
    networks = {role: getattr(problem, role) for role in ("teacher", "student")}
    reference = catalog.find("method", problem.reference)
    return {
        "where": Text(
            "[{title}](help:data-{key}) with {n} labels of each class",
            {"title": data.title, "key": problem.dataset, "n": problem.per_class},
        ),
        **{role: catalog.find("network", key).name(key) for role, key in networks.items()},
        "reached": percent(problem.teacher_accuracy),
        "steps": problem.steps,
        "seeds": problem.seeds,
        "reference": Text(_LINK, {"title": reference.title, "key": reference.key}),
    }


def _reached(row: MeasuredMethod) -> str:
    return percent(row.accuracy, deviation=row.deviation)


def _gap(row: MeasuredMethod) -> Text:
    share = row.gap_closed or 0.0
    return (
        Text("{share} of the gap", {"share": percent(share, 0)}) if round(share, 2) > 0 else Text("nothing of the gap")
    )


def _settings(row: MeasuredMethod) -> str:
    changed = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.settings.items())
    return f" ({changed})" if changed else ""
