"""Under which heading a method stands in lists."""

from __future__ import annotations

from studio import catalog
from studio.core.message import Text
from studio.methods.base import Compares, Method
from studio.methods.entry import AnyEntry
from studio.methods.parts.composed_method import Composed

YOURS, _SEVERAL = Text("Yours"), Text("Several trainings")
_HEADINGS: dict[Compares, Text] = {
    "nothing": Text("The reference"),
    "answers": Text("What it answers"),
    "features": Text("What it sees inside"),
    "attention": Text("What it sees inside"),
    "relations": Text("How pictures relate"),
    "gradients": Text("How it reacts to its input"),
}
#: What can be picked as a method. A procedure is a step of a system, and is not picked by itself.
OFFERED: tuple[catalog.Kind, ...] = ("method", "system")


def method_heading(method: AnyEntry) -> Text:
    """By what it compares; a person's own and what takes several trainings apart."""
    if isinstance(method, Composed):
        return YOURS
    return _HEADINGS[method.compares] if isinstance(method, Method) else _SEVERAL
