"""A student that is made from the teacher: which network it is depends on the teacher and on the method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio import catalog
from studio.core import paths
from studio.core.errors import StudioError
from studio.experiment import MethodChoice
from studio.networks.cut import cut_key

if TYPE_CHECKING:
    from studio.gui.presenters.draft_info import Values


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
