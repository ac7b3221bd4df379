"""What is said of the models of a chain: their names, how each does against the one that taught it, in words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from studio.core.format import percent, percent_range, signed_points
from studio.gui.text.say import say
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.generations.chain_errors import TEACHER, ChainGroup, ModelError
from studio.gui.views.generations.chart_content import (
    ChartColumn,
    ChartContent,
    ChartLevel,
    ChartLine,
    ChartMark,
    Verdict,
)
from studio.runs.results.role_text import average_text, capitalised, role_text, split_role


def chart_content(groups: Sequence[ChainGroup]) -> ChartContent:
    """The groups as the chart draws them, the first one with its numbers and words."""
    lead = groups[0]
    steps = _columns([group.steps for group in groups])
    averages = _columns([group.averages for group in groups])
    roles = [model.role for model in steps]
    lines = tuple(
        ChartLine(
            group.lead.history.label,
            Stroke("run", group.lead.color_index),
            tuple(_mark(group.steps, model.role) for model in steps),
            tuple(_mark(group.averages, model.role) for model in averages),
        )
        for group in groups
    )
    return ChartContent(
        tuple(_step_column(model, roles) for model in steps),
        tuple(_average_column(model) for model in averages),
        lines,
        _levels(lead),
    )


def answer(group: ChainGroup) -> str:
    """The answer to the question of the view in one sentence; empty while there is nothing to compare."""
    verdicts = [verdict(step)[0] for step in group.steps if step.taught_by and step.errors]
    better, worse, unsure = (verdicts.count(kind) for kind in ("better", "worse", "unsure"))
    judged = better + worse + unsure
    if not judged:
        return ""
    if better == judged:
        said = _tr("It does.") if judged == 1 else _tr("All {n} do.").format(n=judged)
    elif better:
        said = _tr("{better} of {n} do.").format(better=better, n=judged)
    else:
        said = _tr("None surely does.")
    rest = []
    if unsure:
        rest.append(_tr("within noise: {n}").format(n=unsure))
    if worse:
        rest.append(_tr("worse: {n}").format(n=worse))
    return f"{said} {capitalised(', '.join(rest))}." if rest else said


def how_to_read(group: ChainGroup) -> str:
    """What numbers and bars are, and by what better and worse are decided."""
    n = len(group.chains)
    if n == 1:
        return _tr(
            "Test error, %, with its 95 % interval; lower is better. Within noise: the 95 % interval of the difference, from "
            "those of both models, includes 0."
        )
    if n == 2:
        return _tr(
            "Test error, %, mean ± spread of 2 seeds; lower is better. Two are too few to judge by: better and worse are "
            "decided by the intervals of their models."
        )
    return _tr(
        "Test error, %, mean ± spread of {n} seeds; lower is better. Within noise: the 95 % interval of the differences, "
        "seed by seed, includes 0."
    ).format(n=n)


def verdict(model: ModelError) -> tuple[Verdict, str]:
    """How a model does against the one it is compared with, and that in two words; empty where nothing can be said."""
    gain = model.gain
    if gain is None:
        return "", ""
    points = f"{100 * abs(gain.value):.1f}"
    if not gain.is_sure or points == "0.0":
        return "unsure", _tr("within noise")
    if gain.value > 0:
        return "better", _tr("{points} better").format(points=points)
    return "worse", _tr("{points} worse").format(points=points)


def role_title(role: str) -> str:
    """A role as a title: "Generation 2"."""
    return say(role_text(role, first=True))


def error_words(model: ModelError) -> str:
    """Its error with what is known about how sure it is."""
    if model.mean is None:
        return "–"
    if model.spread is not None:
        words = percent(model.mean, deviation=model.spread)
        return _tr("{error}, mean ± spread of {n} seeds").format(error=words, n=model.n)
    interval = model.interval
    if interval is None:
        return percent(model.mean)
    return _tr("{error} (95 % interval {interval} %)").format(
        error=percent(model.mean), interval=percent_range(*interval)
    )


def _columns(groups: Sequence[Sequence[ModelError]]) -> list[ModelError]:
    """The models of all groups, those of the first first, each role once."""
    found: dict[str, ModelError] = {}
    for model in itertools.chain(*groups):
        found.setdefault(model.role, model)
    return list(found.values())


def _mark(models: Sequence[ModelError], role: str) -> ChartMark | None:
    model = next((model for model in models if model.role == role), None)
    if model is None or model.mean is None:
        return None
    low, high = model.interval or (None, None)
    return ChartMark(
        100 * model.mean,
        None if low is None else 100 * low,
        None if high is None else 100 * high,
        hollow=model.n < model.chains,
    )


def _step_column(model: ModelError, roles: Sequence[str]) -> ChartColumn:
    kind, number = split_role(model.role)
    said, words = verdict(model)
    return ChartColumn(
        role_title(model.role),
        number or role_title(model.role)[:1],
        say(kind) if number else "",
        words,
        said,
        _few(model),
        _spoken(role_title(model.role), model),
        roles.index(model.taught_by) if model.taught_by in roles else None,
        "teacher" if model.role == TEACHER else "run",
    )


def _average_column(model: ModelError) -> ChartColumn:
    members = _brief(model.members)
    return ChartColumn(
        members,
        str(len(model.members)),
        _tr("networks"),
        _tr("of {n}").format(n=len(model.members)),
        "",
        _few(model),
        _spoken(say(average_text(model.members, first=True)), model),
    )


def _spoken(title: str, model: ModelError) -> str:
    """All that is known of a model in a sentence or two."""
    if model.mean is None:
        return _tr("{model}: not there yet.").format(model=title)
    sentence = _tr("{model}: {error} test error.").format(model=title, error=error_words(model))
    gain = model.gain
    if gain is None:
        return sentence
    points = f"{100 * abs(gain.value):.1f}"
    other = _tr("the first teacher") if model.taught_by == TEACHER else say(role_text(model.taught_by))
    templates = {
        "better": _tr("{points} points better than {other}"),
        "worse": _tr("{points} points worse than {other}"),
        "unsure": _tr("Against {other} within noise"),
    }
    said = templates[verdict(model)[0] or "unsure"].format(points=points, other=other)
    interval = _tr("95 % interval of the gain {low} to {high}").format(
        low=signed_points(gain.low), high=signed_points(gain.high)
    )
    return f"{sentence} {said} ({interval})."


def _few(model: ModelError) -> str:
    if not 0 < model.n < model.chains:
        return ""
    return _tr("{n} of {all} seeds").format(n=model.n, all=model.chains)


def _levels(group: ChainGroup) -> tuple[ChartLevel, ...]:
    levels = []
    teacher, alone = group.first_teacher, group.alone
    if teacher is not None and teacher.mean is not None:
        label = _tr("Teacher {error}").format(error=percent(teacher.mean))
        levels.append(ChartLevel(100 * teacher.mean, "teacher", label))
    if alone is not None and alone.mean is not None:
        label = _tr("Student alone {error}").format(error=percent(alone.mean))
        levels.append(ChartLevel(100 * alone.mean, "alone", label))
    return tuple(levels)


def _brief(members: Sequence[str]) -> str:
    """The numbers of members, runs of them as ranges: "T, 1–3"."""
    parts: list[str] = []
    numbers: list[int] = []
    for member in [*members, ""]:
        kind, number = split_role(member)
        if number and (not numbers or int(number) == numbers[-1] + 1):
            numbers.append(int(number))
            continue
        if numbers:
            parts += [f"{numbers[0]}–{numbers[-1]}"] if len(numbers) > 2 else [str(n) for n in numbers]
        numbers = [int(number)] if number else []
        if kind and not number:
            parts.append(role_title(member)[:1])
    return ", ".join(parts)


def _tr(words: str) -> str:
    return QCoreApplication.translate("generations", words)
