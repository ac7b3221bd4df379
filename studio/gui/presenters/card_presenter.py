"""The words on the four cards."""

from __future__ import annotations

from studio.core.data_kinds import DataKind
from studio.core.format import about, count, percent, ratio, thousands
from studio.core.message import NOTHING, Text
from studio.data.base import DataSource
from studio.gui.presenters.draft_info import CardInfo
from studio.gui.presenters.drawings import (
    Drawing,
    MethodShape,
    NetworkRole,
    NetworkShape,
    PictureGrid,
    PointCloud,
    TableSketch,
    TreesShape,
    scale_beside,
)
from studio.insight.network_and_data_info import DataInfo
from studio.methods.entry import AnyEntry
from studio.networks.base import NetworkSummary

NETWORKS = "networks"
TREES = "method-ba_tree"

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
_ROWS = {
    "few": "{n} labelled rows to learn from, {of} of each class",
    "some": "{n} of {all} rows, {k} classes",
    "all": "{n} rows to learn from, {k} classes",
    "short": "{n} rows, {k} classes",
}
_SAID: dict[DataKind, dict[str, str]] = {"pictures": _PICTURES, "points": _POINTS, "table": _ROWS}


def shape_words(shape: tuple[int, ...]) -> str:
    """The size of a picture: "32 × 32"."""
    return " × ".join(str(side) for side in shape[1:])


def data_drawing(data: DataInfo) -> Drawing | None:
    """A few of the pictures, points or rows."""
    if data.samples is None:
        return None
    if data.labels is not None and data.offers.is_planar:
        return PointCloud(data.samples, data.labels)
    if data.labels is not None and data.offers.has_columns:
        return TableSketch(data.samples, data.labels)
    return PictureGrid(data.samples)


def network_drawing(network: NetworkSummary, role: NetworkRole, others: int = 0) -> NetworkShape:
    """Its groups, smaller beside a larger network of ``others`` parameters."""
    groups = tuple((end.height, end.channels) for end in network.group_ends)
    return NetworkShape(groups, role, scale_beside(network.parameters, others))


def method_drawing(method: AnyEntry) -> Drawing:
    """What it compares."""
    return MethodShape(method.compares)


def data_card(
    source: DataSource, name: str, data: DataInfo, drawn: int | None, per_class: int | None, missing: Text | None
) -> CardInfo:
    """How much there is to learn from.

    Args:
        name: what the data are called.
        drawn: how many training examples the student gets; None where that is not known yet.
        per_class: how many of each class, where they were chosen so.
        missing: why the data are not on this computer.
    """
    sized = f", {shape_words(data.shape)}" if data.shape is not None and data.offers.has_maps else ""
    values = {
        "n": thousands(drawn),
        "all": thousands(data.train),
        "k": data.classes,
        "size": sized,
        "of": per_class,
    }
    said = _SAID[data.kind]
    if drawn is None or data.classes is None:
        rows = Text("The rows of a file; one of its columns says the class")
        words = short = rows if data.offers.has_columns else Text("The pictures of a folder, a class a folder")
    else:
        some = data.train is not None and drawn < 0.7 * data.train
        words = Text(said["few" if per_class is not None else "some" if some else "all"], values)
        short = Text(said["short"], values)
    return CardInfo(
        name,
        words,
        short,
        data_drawing(data),
        note=missing or NOTHING,
        level="warning" if missing else "",
        help_page=f"data-{source.key}",
    )


def teacher_card(
    teacher: NetworkSummary, source: str, reached: float | None, wanted: bool, student: NetworkSummary | None
) -> CardInfo:
    """What it is, where it comes from and, if it was trained before, what it reaches.

    Args:
        source: "train", "run", "file", "pretrained" or "ensemble".
        reached: its accuracy where it is known.
        wanted: whether the method has use for a teacher.
    """
    drawing = network_drawing(teacher, "teacher", student.parameters if student is not None else 0)
    size = count(teacher.parameters)
    if teacher.words and source == "train":
        return _learner_card(teacher, "teacher")
    if not wanted:
        words = Text("Not used: this method learns from the labels alone")
        return CardInfo(teacher.title, words, Text("Not used by this method"), drawing, help_page=NETWORKS)
    known = {"size": size, "accuracy": percent(reached) if reached is not None else ""}
    if reached is not None:
        words = Text("{size} parameters, trained here, {accuracy} right", known)
        return CardInfo(teacher.title, words, Text("{size}, reaches {accuracy}", known), drawing, help_page=NETWORKS)
    template = {
        "train": "{size} parameters, trained first",
        "run": "{size} parameters, from an earlier run",
        "file": "{size} parameters, from a file",
        "pretrained": "{size} parameters, with published weights",
        "ensemble": "{size} parameters, the mean answer of finished runs",
    }.get(source, "{size} parameters, trained elsewhere")
    return CardInfo(teacher.title, Text(template, known), Text("{size} parameters", known), drawing, help_page=NETWORKS)


def student_card(student: NetworkSummary, teacher: NetworkSummary | None, *, made: bool = False) -> CardInfo:
    """How large it is beside its teacher.

    Args:
        made: whether it is made from the teacher.
    """
    drawing = network_drawing(student, "student", teacher.parameters if teacher is not None else 0)
    values = {"size": count(student.parameters)}
    if student.words:
        return _learner_card(student, "student")
    if teacher is None or teacher.words:
        words = short = "{size} parameters"
    elif made:
        return _made_card(student, teacher, drawing)
    elif teacher.key == student.key:
        words = "The same network as its teacher, {size} parameters, from new weights"
        short = "{size}, the same as its teacher"
    else:
        smaller = teacher.parameters / max(1, student.parameters)
        values["ratio"] = ratio(max(smaller, 1 / smaller))
        if smaller >= 1:
            words = "{size} parameters, {ratio} times smaller than its teacher"
            short = "{size}, {ratio} times smaller"
        else:
            words = "{size} parameters, {ratio} times larger than its teacher"
            short = "{size}, {ratio} times larger"
    return CardInfo(student.title, Text(words, values), Text(short, values), drawing, help_page=NETWORKS)


def _learner_card(learner: NetworkSummary, role: NetworkRole) -> CardInfo:
    """Trees: nothing of them is counted before they are fitted."""
    words = Text(learner.words)
    return CardInfo(learner.title, words, words, TreesShape(role, several=role == "teacher"), help_page=TREES)


def _made_card(student: NetworkSummary, teacher: NetworkSummary, drawing: Drawing) -> CardInfo:
    """Of a student that is made from its teacher: what it becomes, as far as a method says so."""
    smaller = teacher.parameters / max(1, student.parameters)
    values = {"network": student.title, "size": count(student.parameters), "ratio": ratio(smaller)}
    words, short = "{network}: {size} parameters, {ratio} times smaller", "{size}, {ratio} times smaller"
    if teacher.key == student.key:
        words, short = "A copy of its teacher, {size} parameters, until a method is chosen that makes it", "A copy"
    return CardInfo(
        Text("Made from the teacher"), Text(words, values), Text(short, values), drawing, help_page=NETWORKS
    )


def method_card(
    title: str, method: AnyEntry, parts: Text = NOTHING, trains: tuple[Text, Text] | None = None
) -> CardInfo:
    """What it copies.

    Args:
        parts: those of a composed method in words.
        trains: of a chain of trainings how much there is to do, and that in brief; see :func:`chain_words`.
    """
    words = parts or method.words
    note, brief = trains or (NOTHING, words)
    return CardInfo(title, words, brief, method_drawing(method), note=note, help_page=f"method-{method.key}")


#: What is said of steps that are all trainings of networks, and of others: all there, one to do, all to do, some, brief.
_CHAIN_WORDS = {
    True: (
        "All {n} networks are there already",
        "Trains one network",
        "Trains {n} networks",
        "Trains {n} of {planned} networks, the others are there",
        "{n} networks",
    ),
    False: (
        "All {n} steps are done already",
        "Takes one step",
        "Takes {n} steps",
        "Takes {n} of {planned} steps, the others are done",
        "{n} steps",
    ),
}


def chain_words(steps: int, planned: int, seconds: float | None, *, networks: bool = True) -> tuple[Text, Text]:
    """How much a chain has to do before it ends: in a sentence, and in brief.

    Args:
        steps: how many of the ``planned`` ones are to be taken; the others were taken before.
        seconds: for all of them; None where that is not known.
        networks: whether every step trains a network; others fit trees, make cases, select members.
    """
    there, one, every, some, few = _CHAIN_WORDS[networks]
    if not steps:
        return (Text(there, {"n": planned}),) * 2
    words, brief = Text(every if steps == planned else some, {"n": steps, "planned": planned}), Text(few, {"n": steps})
    if steps == 1:
        words, brief = (Text(one),) * 2
    if seconds is None:
        return words, brief
    time = about(seconds)
    return (
        Text("{trains}, about {time}", {"trains": words, "time": time}),
        Text("{trains}, about {time}", {"trains": brief, "time": time}),
    )
