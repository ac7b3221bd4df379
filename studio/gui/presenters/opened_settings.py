"""What the settings of a draft were before anybody changed them by hand: as opened, or as the window filled them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from studio.core import paths
from studio.gui.presenters.draft_info import TABLE
from studio.gui.presenters.suited_settings import FITTED

if TYPE_CHECKING:
    from studio.gui.presenters.draft_info import Values

#: Beside the tables of a draft: the tables of the experiment that was opened, a ready one, a file's or a run's.
OPENED = "opened"
_ABSENT = object()


def unchanged_values(values: Values, places: Iterable[str]) -> dict[str, Any]:
    """The values by path that settings had before they were changed by hand; those that had their default are left out.

    What another choice had is nothing to go back to: the settings of a method count while that method is picked. Nor is
    what was filled in, where a person has put the default in its place.

    Args:
        values: a draft.
        places: paths of settings.
    """
    fitted, opened = (_table(values, name) for name in (FITTED, OPENED))
    made = {}
    for path in places:
        before = fitted.get(path, _ABSENT) if paths.get(values, path, _ABSENT) is not _ABSENT else _ABSENT
        if before is _ABSENT and all(_is_same(values, opened, choice) for choice in _choices_above(path)):
            before = paths.get(opened, path, _ABSENT)
        if before is not _ABSENT:
            made[path] = before
    return made


def _choices_above(path: str) -> Iterator[str]:
    """The tables on the way to a setting that name what was picked: of a method that is added also its own."""
    names = path.split(".")
    if names[0] in TABLE.values():
        yield names[0]
    if names[:2] == ["method", "also"] and len(names) > 2:
        yield ".".join(names[:3])


def _is_same(values: Values, opened: Values, choice: str) -> bool:
    return bool(paths.get(values, f"{choice}.key") == paths.get(opened, f"{choice}.key"))


def _table(values: Values, name: str) -> dict[str, Any]:
    table = values.get(name)
    return dict(table) if isinstance(table, dict) else {}
