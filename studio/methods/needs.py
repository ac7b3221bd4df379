"""What a method needs of the networks and the data it works with, and what is said where it has not got that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.core.message import Text
from studio.networks.base import NetworkSummary, TapKind, TapShape


@dataclass(frozen=True)
class Needs:
    """What must hold for a method to work; the window disables what cannot and says why (METHODS 0.3).

    ``unless`` is the label of a setting that does away with the need for the same classes; "" where there is none.
    ``gradients``: the teacher's answers are differentiated by its inputs.
    ``learners`` are those who are trees or other learners without gradients: the student then is one, the teacher may be.
    ``columns``: it works with the columns of a table. ``batch`` is the fewest pictures of a step that can be compared with
    one another. ``made_from_teacher`` says that it makes its student of the teacher, and takes no other.
    """

    teacher: bool = True
    taps: TapKind | None = None
    same_classes: bool = False
    unless: str = ""
    same_channels: bool = False
    same_spatial: bool = False
    pictures: bool = False
    gradients: bool = False
    learners: tuple[Literal["teacher", "student"], ...] = ()
    columns: bool = False
    batch: int = 1
    made_from_teacher: bool = False


@dataclass(frozen=True)
class Cast:
    """The networks of a run by role, as plain facts.

    Attributes:
        pairs: (teacher group, student group), bottom to top, stems left out.
        classes: of the data.
        batch: pictures in a step; None while it is not known.
        made_from_teacher: whether the student begins as a copy of the teacher, and the method makes something else of it.
        other_classes: whether the teacher names other classes than the data, where that is known.
        columns: whether the data are a table, whose numbers have names; None while it is not known.
    """

    student: NetworkSummary
    teacher: NetworkSummary | None
    pairs: tuple[tuple[str, str], ...]
    classes: int
    batch: int | None = None
    made_from_teacher: bool = False
    other_classes: bool = False
    columns: bool | None = None

    @property
    def anchors(self) -> tuple[tuple[str, str], ...]:
        """The pairs, and before them the stems where both networks have one."""
        both = self.teacher is not None and all(
            any(tap.group == "stem" for tap in network.taps) for network in (self.teacher, self.student)
        )
        return (("stem", "stem"), *self.pairs) if both else self.pairs

    @property
    def compared_maps(self) -> tuple[tuple[int, int], ...]:
        """Height and width of what is compared at each pair: of the smaller of two maps, axis by axis."""
        if self.teacher is None:
            return ()
        both = [(self.teacher.tap(t), self.student.tap(s)) for t, s in self.pairs]
        return tuple((min(t.height, s.height), min(t.width, s.width)) for t, s in both)


def unmet(needs: Needs, cast: Cast) -> Text | None:
    """The first need that ``cast`` does not meet, as a sentence with what to do, or None."""
    teacher = cast.teacher
    if needs.columns and cast.columns is False:
        return Text("It makes up rows column by column, and these data are no table: choose a table as the data.")
    reason = _other_learners(needs, cast) or _other_cast(needs, cast)
    if reason is not None or teacher is None or not needs.teacher:
        return reason
    return _unmet_by_answers(needs, cast, teacher) or _unmet_by_taps(needs, cast, teacher)


def _other_learners(needs: Needs, cast: Cast) -> Text | None:
    """Trees where networks are trained, or a network where a tree is fitted."""
    wants_tree = "student" in needs.learners
    if wants_tree and not cast.student.words:
        return Text("It fits one tree, and {student} is a network: choose “One tree”.", {"student": cast.student.title})
    if cast.student.words and not wants_tree:
        return Text("It trains a network, and {student} is none.", {"student": cast.student.title})
    if cast.teacher is not None and cast.teacher.words and "teacher" not in needs.learners:
        return Text("It learns from a network, and {teacher} is none.", {"teacher": cast.teacher.title})
    return None


def _unmet_by_answers(needs: Needs, cast: Cast, teacher: NetworkSummary) -> Text | None:
    if needs.same_classes and (cast.other_classes or teacher.classes != cast.student.classes):
        return _other_classes(needs, teacher.classes, cast.student.classes)
    if cast.batch is not None and cast.batch < needs.batch:
        return Text(
            "It compares the pictures of a step with one another. Of {batch} that comes out the same whatever the networks "
            "are: take a batch of {least} or more.",
            {"batch": cast.batch, "least": needs.batch},
        )
    if needs.gradients and not teacher.passes_gradients:
        return Text(
            "It asks how the teacher's answers change with its inputs; {teacher} has no gradient. Choose a network as the "
            "teacher, or a method that compares answers.",
            {"teacher": teacher.title},
        )
    return None


def _unmet_by_taps(needs: Needs, cast: Cast, teacher: NetworkSummary) -> Text | None:
    student = cast.student
    if needs.taps is None:
        return None
    if not teacher.taps:
        return Text(
            "It looks inside the teacher; {teacher} shows only its answers. Choose a method that compares answers.",
            {"teacher": teacher.title},
        )
    for t_group, s_group in cast.pairs:
        t, s = teacher.tap(t_group), student.tap(s_group)
        names = {"teacher": teacher.title, "student": student.title, "group": s_group}
        if needs.pictures and min(t.height * t.width, s.height * s.width) == 1:
            return _no_map(*((student, s_group) if s.height * s.width == 1 else (teacher, t_group)))
        missing = _missing_tap(needs.taps, t, s)
        if missing:
            return Text(missing, names)
        if needs.same_channels and t.channels != s.channels:
            wide = {**names, "t": t.channels, "s": s.channels}
            return Text("It needs equally many channels at {group}: the teacher has {t}, the student {s}.", wide)
        if needs.same_spatial and (t.height, t.width) != (s.height, s.width):
            sized = {**names, "t": f"{t.height} × {t.width}", "s": f"{s.height} × {s.width}"}
            return Text("It needs maps of equal size at {group}: the teacher has {t}, the student {s}.", sized)
    return None


def _no_map(flat: NetworkSummary, group: str) -> Text:
    """What to say of a network that has no map at a group: it has none at all, or is down to one place there."""
    if any(tap.height * tap.width > 1 for tap in flat.taps):
        return Text(
            "It compares maps over pictures; at {group} {flat} has a single place left of these. Choose larger pictures, a "
            "network that keeps more of small ones, or a method that compares answers.",
            {"flat": flat.title, "group": group},
        )
    return Text(
        "It compares maps over pictures; {flat} works on vectors. Choose pictures and a convolutional pair, or a "
        "method that compares answers.",
        {"flat": flat.title},
    )


def _other_cast(needs: Needs, cast: Cast) -> Text | None:
    """What to say where there is no teacher, or a student that is made from it and should not be, or should and is not."""
    if needs.teacher and cast.teacher is None:
        return Text("It needs a teacher: choose one.")
    if needs.made_from_teacher and not cast.made_from_teacher:
        return Text("It makes its student from the teacher: choose “Made from the teacher” as the student.")
    if cast.made_from_teacher and not needs.made_from_teacher:
        return Text("It takes a student as it is, and this one is made from the teacher. Choose another student.")
    return None


def _missing_tap(kind: TapKind, teacher: TapShape, student: TapShape) -> str:
    """What to say where one of two groups lacks a point; empty where both have it."""
    if kind == "pre" and not (teacher.pre and student.pre):
        return "It compares neurons before their ReLU; at {group} there is none. Choose networks with ReLU."
    if kind == "first" and not (teacher.first and student.first):
        return (
            "It relates the first and the last layer of every group; {group} has a single layer. Choose networks with "
            "several layers in a group, or the ends of groups."
        )
    return ""


def _other_names(needs: Needs) -> Text:
    """What to say of a teacher that knows as many classes, but others."""
    if needs.unless:
        return Text(
            "It compares answers, and this teacher names other classes. Choose a method that looks inside, or switch on "
            "“{setting}”.",
            {"setting": needs.unless},
        )
    return Text("It compares answers, and this teacher names other classes. Choose a method that looks inside.")


def _other_classes(needs: Needs, teacher: int, student: int) -> Text:
    """What to say of networks that know so many classes each; where these are as many, they have other names."""
    if teacher == student:
        return _other_names(needs)
    counts = {"teacher": teacher, "student": student, "setting": needs.unless}
    if needs.unless:
        return Text(
            "Teacher and student must name the same classes; the teacher knows {teacher}, the student {student}. "
            "If that is meant, switch on “{setting}”.",
            counts,
        )
    return Text(
        "Teacher and student must name the same classes; the teacher knows {teacher}, the student {student}.",
        counts,
    )
