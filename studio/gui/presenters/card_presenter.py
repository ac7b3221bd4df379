"""The words on the four cards, from plain facts."""

from __future__ import annotations

from studio.core.format import count, percent, ratio, thousands
from studio.core.message import NOTHING, Text, text
from studio.data.base import DataSource
from studio.gui.presenters.draft_info import CardInfo
from studio.gui.widgets.diagrams import (
    Drawing,
    MethodShape,
    NetworkShape,
    PictureGrid,
    PointCloud,
    Role,
    compared_at,
    scale_beside,
)
from studio.insight.network_and_data_info import DataInfo
from studio.methods.base import Method
from studio.networks.base import NetworkSummary

NETWORKS = "networks"

_PICTURES = {
    "few": "{n} labelled pictures to learn from, {of} of each kind{size}",
    "some": "{n} of {all} pictures, {k} kinds{size}",
    "all": "{n} pictures to learn from, {k} kinds{size}",
    "short": "{n} pictures, {k} kinds",
}
_POINTS = {
    "few": "{n} labelled points to learn from, {of} of each kind",
    "some": "{n} of {all} points, {k} kinds",
    "all": "{n} points to learn from, {k} kinds",
    "short": "{n} points, {k} kinds",
}


def shape_words(shape: tuple[int, ...]) -> str:
    """The size of a picture: "32 × 32"."""
    return " × ".join(str(side) for side in shape[1:])


def data_drawing(facts: DataInfo) -> Drawing | None:
    """A few of the pictures or points."""
    if facts.samples is None:
        return None
    if facts.kind == "points" and facts.labels is not None:
        return PointCloud(facts.samples, facts.labels)
    return PictureGrid(facts.samples)


def network_drawing(facts: NetworkSummary, role: Role, others: int = 0) -> Drawing:
    """Its groups, smaller beside a larger network of ``others`` parameters."""
    groups = tuple((tap.height, tap.channels) for tap in facts.taps if tap.group != "stem")
    return NetworkShape(groups, role, scale_beside(facts.parameters, others))


def method_drawing(method: Method) -> Drawing:
    """What it compares."""
    return MethodShape(compared_at(method.aspects.position))


def data_card(
    source: DataSource, facts: DataInfo, drawn: int | None, per_class: int | None, missing: Text | None
) -> CardInfo:
    """How much there is to learn from.

    Args:
        drawn: how many training examples the student gets; None where that is not known yet.
        per_class: how many of each class, where they were chosen so.
        missing: why the data are not on this computer.
    """
    sized = f", {shape_words(facts.shape)}" if facts.shape is not None and facts.kind == "pictures" else ""
    values = {
        "n": thousands(drawn),
        "all": thousands(facts.train),
        "k": facts.classes,
        "size": sized,
        "of": per_class,
    }
    said = _POINTS if facts.kind == "points" else _PICTURES
    if drawn is None or facts.classes is None:
        words = short = Text("The pictures of a folder, a class a folder")
    else:
        some = facts.train is not None and drawn < 0.7 * facts.train
        words = Text(said["few" if per_class is not None else "some" if some else "all"], values)
        short = Text(said["short"], values)
    return CardInfo(
        source.title,
        words,
        short,
        data_drawing(facts),
        note=missing or NOTHING,
        level="warning" if missing else "",
        help_page=f"data-{source.key}",
    )


def teacher_card(
    facts: NetworkSummary, source: str, reached: float | None, wanted: bool, student: NetworkSummary | None
) -> CardInfo:
    """What it is, where it comes from and, if it was trained before, what it reaches.

    Args:
        source: "train", "pretrained", "run" or "file".
        reached: its accuracy where it is known.
        wanted: whether the method has use for a teacher.
    """
    drawing = network_drawing(facts, "teacher", student.parameters if student is not None else 0)
    size = count(facts.parameters)
    if not wanted:
        words = Text("Not used: this method learns from the labels alone")
        return CardInfo(facts.title, words, Text("Not used by this method"), drawing, help_page=NETWORKS)
    known = {"size": size, "accuracy": percent(reached) if reached is not None else ""}
    if reached is not None:
        words = Text("{size} parameters, trained here, {accuracy} right", known)
        return CardInfo(facts.title, words, Text("{size}, reaches {accuracy}", known), drawing, help_page=NETWORKS)
    template = {
        "train": "{size} parameters, trained first",
        "run": "{size} parameters, from an earlier run",
        "file": "{size} parameters, from a file",
    }.get(source, "{size} parameters, trained elsewhere")
    return CardInfo(facts.title, Text(template, known), Text("{size} parameters", known), drawing, help_page=NETWORKS)


def student_card(facts: NetworkSummary, teacher: NetworkSummary | None) -> CardInfo:
    """How large it is beside its teacher."""
    size = count(facts.parameters)
    drawing = network_drawing(facts, "student", teacher.parameters if teacher is not None else 0)
    if teacher is None:
        words = text("{size} parameters", size=size)
        return CardInfo(facts.title, words, words, drawing, help_page=NETWORKS)
    if teacher.key == facts.key:
        words = text("The same network as its teacher, {size} parameters, from new weights", size=size)
        return CardInfo(
            facts.title, words, text("{size}, the same as its teacher", size=size), drawing, help_page=NETWORKS
        )
    smaller = teacher.parameters / max(1, facts.parameters)
    times = ratio(max(smaller, 1 / smaller))
    if smaller >= 1:
        words = text("{size} parameters, {ratio} times smaller than its teacher", size=size, ratio=times)
        return CardInfo(
            facts.title,
            words,
            text("{size}, {ratio} times smaller", size=size, ratio=times),
            drawing,
            help_page=NETWORKS,
        )
    words = text("{size} parameters, {ratio} times larger than its teacher", size=size, ratio=times)
    return CardInfo(
        facts.title, words, text("{size}, {ratio} times larger", size=size, ratio=times), drawing, help_page=NETWORKS
    )


def method_card(title: str, method: Method, parts: Text = NOTHING) -> CardInfo:
    """What it copies; of a composed method its ``parts`` in words."""
    words = parts or method.words
    return CardInfo(title, words, words, method_drawing(method), help_page=f"method-{method.key}")
