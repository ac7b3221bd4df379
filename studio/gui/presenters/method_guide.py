"""Which method when, from what the methods declare, what their help pages say first, and what was measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio import catalog
from studio.core import resources
from studio.core.format import percent
from studio.core.message import NOTHING, Text

if TYPE_CHECKING:
    from studio.methods.entry import AnyEntry
    from studio.methods.needs import Needs

#: Steps that cost this many times as much as the reference's are named as a reason against a method.
DEAR = 1.5
_FIRST_REASON = re.compile(r"^## When to use it\s+- (?P<reason>.+?)(?=^- |^## |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class MethodAdvice:
    """What speaks for a method and what against it.

    Attributes:
        key, title: of the method.
        choose_if: the first reason its help page gives, Markdown.
        not_if: where it cannot be used, or is dear.
        measured: the share of the gap it closed on the problem all are measured on, 0 % where it closed nothing; empty
            where it was not measured.
    """

    key: str
    title: str
    choose_if: str
    not_if: tuple[Text, ...]
    measured: str


def all_advice() -> Iterator[tuple[str, list[MethodAdvice]]]:
    """The methods by what they compare, in the order of the catalogue; systems, which take several trainings, last."""
    by_kind: dict[str, list[MethodAdvice]] = {}
    for method in catalog.entries("method"):
        by_kind.setdefault(method.compares, []).append(advice(method))
    yield from by_kind.items()
    yield "several trainings", [advice(system) for system in catalog.entries("system")]


def advice(entry: AnyEntry) -> MethodAdvice:
    """What is to be said of one method or system."""
    from studio.gui.presenters.measurements import read_measurements

    measured = read_measurements().methods.get(entry.key)
    against = list(_limits(entry.needs))
    if measured is not None and measured.cost is not None and measured.cost >= DEAR:
        against.append(Text("time is short: {n} times the time", {"n": f"{measured.cost:.1f}"}))
    gap = measured.gap_closed if measured is not None else None
    share = percent(max(0.0, gap), 0) if gap is not None else ""
    return MethodAdvice(entry.key, entry.title, first_reason(entry.key), tuple(against), share)


def first_reason(key: str) -> str:
    """The first reason for a method that its help page gives; empty where it has none."""
    path = resources.folder("help") / f"method-{key}.md"
    found = _FIRST_REASON.search(path.read_text(encoding="utf-8")) if path.is_file() else None
    return " ".join(found["reason"].split()) if found else ""


def _limits(needs: Needs) -> Iterator[Text]:
    """With what a method cannot work, as it declares."""
    if needs.same_classes and needs.unless:
        yield Text("the teacher knows other classes and “{setting}” is off", {"setting": Text(needs.unless)})
    elif needs.same_classes:
        yield Text("the teacher knows other classes")
    if needs.pictures:
        yield Text("the data are points")
    if needs.taps == "pre":
        yield Text("the networks have no ReLU")
    if needs.same_spatial:
        yield Text("their maps differ in size")
    if needs.same_channels:
        yield Text("their layers differ in width")
    if needs.batch > 1:
        yield Text("a step has fewer than {n} pictures", {"n": needs.batch})


#: What methods of a kind compare, as a heading says it.
HEADINGS: dict[str, Text] = {
    "nothing": Text("Without a teacher"),
    "answers": Text("They compare answers"),
    "features": Text("They compare what layers see"),
    "attention": Text("They compare where both look"),
    "relations": Text("They compare how pictures relate"),
    "gradients": Text("They compare slopes"),
    "several trainings": Text("They take several trainings"),
}


def advice_lines() -> Iterator[Text]:
    """The advice as Markdown: a table for each kind of method."""
    for kind, rows in all_advice():
        yield Text("## {heading}", {"heading": HEADINGS.get(kind, Text(kind))})
        yield NOTHING
        yield Text("| Method | Choose it if | Not if |")
        yield Text("| --- | --- | --- |")
        for row in rows:
            yield Text(
                "| [{title}](help:method-{key}){measured} | {choose} | {reasons} |",
                {
                    "title": Text(row.title),
                    "key": row.key,
                    "measured": Text(" {share} measured", {"share": row.measured}) if row.measured else NOTHING,
                    "choose": Text(row.choose_if),
                    "reasons": _listed(row.not_if),
                },
            )
        yield NOTHING


def _listed(reasons: tuple[Text, ...]) -> Text:
    if not reasons:
        return NOTHING
    whole = reasons[0]
    for reason in reasons[1:]:
        whole = Text("{these}; {this}", {"these": whole, "this": reason})
    return whole
