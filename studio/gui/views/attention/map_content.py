"""Makes of the arrays of a snapshot, or of an answer that has the same names, what the table of maps shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QCoreApplication

from studio.core.arrays import Arrays
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.attention.attention_content import AttentionContent, GroupMaps, PictureCaption
from studio.gui.views.attention.map_choice import ENDS, array_name, places_of
from studio.gui.views.charts.naming import answer, class_name, group_name, group_of_block
from studio.gui.views.charts.probabilities import softmax
from studio.gui.views.charts.strokes import Stroke
from studio.runs.files.history import Series
from studio.runs.inspect.asked_model import MapQuestion


@dataclass(frozen=True, eq=False)
class MapSource:
    """Where the maps come from.

    Attributes:
        key: another whenever the arrays are others.
        arrays: of student and teacher, with the pictures and, where they are known, their classes.
        alone: of the student alone on the same pictures, by the student's names; empty without one.
        courses: single numbers over time.
        title: what stands beside the pictures where nobody knows what they are.
    """

    key: object
    arrays: Arrays
    alone: Arrays
    courses: Mapping[str, Series] = field(default_factory=dict)
    title: str = ""


def map_content(source: MapSource, run: ShownRun, what: MapQuestion, tap: str, kind: str) -> AttentionContent:
    """All the table shows of these maps.

    Args:
        what, tap: which maps, see :mod:`studio.gui.views.attention.map_choice`.
        kind: of attention at the ends of groups, how channels are joined.
    """
    arrays, groups = source.arrays, []
    for place in places_of(arrays, what, tap, run.history.groups):
        teacher = arrays.get(array_name(what, tap, "teacher", place, kind))
        student = arrays.get(array_name(what, tap, "student", place, kind))
        if run.role != "run":  # in its own training a reference is the one that learns
            teacher, student = (student, None) if run.role == "teacher" else (None, student)
        if teacher is None and student is None:
            continue
        compared = f"alike/{place}/{kind}" if (what, tap) == ("attention", ENDS) else ""
        alike, course = arrays.get(compared), source.courses.get(compared)
        groups.append(
            GroupMaps(
                _place_name(place), teacher, student, None if alike is None else float(alike.item()),
                np.empty(0) if course is None else course.y,
                source.alone.get(array_name(what, tap, "student", place, kind)),
            )
        )  # fmt: skip
    return AttentionContent(
        (source.key, what, tap, kind, bool(source.alone)),
        arrays["probe/inputs"],
        _captions(source, run),
        tuple(groups),
        Stroke(run.role, run.color_index),
        own_scale=what == "grad_cam",
    )


def _place_name(place: str) -> str:
    group, block = group_of_block(place)
    if block is None:
        return group_name(group)
    words = QCoreApplication.translate("AttentionView", "{group}, block {n}")
    return words.format(group=group_name(group), n=block)


def _captions(source: MapSource, run: ShownRun) -> tuple[PictureCaption, ...]:
    """What each picture is, and what the networks answer; nobody is wrong where it is not known."""
    classes, arrays = run.history.classes, source.arrays
    labels = arrays.get("probe/labels")
    count = len(arrays["probe/inputs"])
    says: list[list[tuple[StrokeRole, str, bool]]] = [[] for _ in range(count)]
    roles: tuple[tuple[Arrays, str, StrokeRole], ...] = (
        (arrays, "teacher", "teacher"),
        (arrays, "student", run.role),
        (source.alone, "student", "alone"),
    )
    for of, role, kind in roles:
        logits = of.get(f"logits/{role}")
        if logits is None or len(logits) != count:
            continue
        probabilities = softmax(logits)
        for i, shares in enumerate(probabilities):
            best = int(shares.argmax())
            wrong = labels is not None and best != int(labels[i])
            words = answer(classes, best, shares[best])
            crossed = QCoreApplication.translate("AttentionView", "✗ {answer}").format(answer=words)
            says[i].append((kind, crossed if wrong else words, wrong))
    names = [source.title] * count if labels is None else [class_name(classes, int(label)) for label in labels]
    return tuple(PictureCaption(name, tuple(said)) for name, said in zip(names, says, strict=True))
