"""A student that is made from the teacher: which network it is depends on the teacher and on the method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from studio import catalog
from studio.core import paths
from studio.core.errors import StudioError
from studio.experiment import MethodChoice
from studio.networks.cut import cut_key

if TYPE_CHECKING:
    from studio.gui.presenters.draft_info import Values
    from studio.methods.entry import AnyEntry


#: Beside the tables of a draft: the student that was chosen before a method came that makes its own.
STUDENT_BEFORE = "student_before"


def made_student() -> str:
    """The key of a student that a method makes from the teacher."""
    return str(next(family.key for family in catalog.entries("network") if family.made_from_teacher))


def makes_student(values: Values) -> bool:
    """Whether the method of a draft makes its student from the teacher."""
    try:
        found: AnyEntry = catalog.find(catalog.TEACHING, str(paths.get(values, "method.key", "")))
    except StudioError:
        return False
    return found.needs.made_from_teacher


def with_fitting_student(values: Values, before: Values) -> dict[str, Any]:
    """A draft with a student that its method can teach.

    A method that makes its student from the teacher is given that. Where it gives way to another one, the student comes
    back that it had displaced, or else a network of the form that it would have made.

    Args:
        values: the draft with another method.
        before: the draft as it was.
    """
    fitting = dict(values)
    if makes_student(values) == is_made_from_teacher(values):
        return fitting
    if makes_student(values):
        student = {"key": made_student()}
        return {**fitting, "student": student, **({STUDENT_BEFORE: values["student"]} if "student" in values else {})}
    form = student_network(before)
    student = fitting.pop(STUDENT_BEFORE, {"key": form} if form else {})
    return {**fitting, "student": student}


def is_made_from_teacher(values: Values) -> bool:
    """Whether the student of a draft begins as a copy of its teacher."""
    try:
        return bool(catalog.find(("network", "learner"), str(paths.get(values, "student.key", ""))).made_from_teacher)
    except StudioError:
        return False


def student_network(values: Values) -> str:
    """The key of the network that the student of a draft is in the end; empty while that is not known."""
    teacher, student = (str(paths.get(values, f"{table}.key", "")) for table in ("teacher", "student"))
    if not is_made_from_teacher(values):
        cut = paths.get(values, "student.cut", None)
        return cut_key(cut, student) if student and isinstance(cut, int) and cut > 0 else student
    try:
        method = MethodChoice.model_validate(values.get("method"))
    except ValueError:
        return teacher
    # until a method is picked that makes something of it, it is its teacher's copy
    makes = method.entry.needs.made_from_teacher
    return method.entry.student_network(method.typed, teacher, student) if makes and teacher else teacher
