"""Which arrays the snapshots of a run hold: asked once a run, of its first snapshot."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache

from studio.gui.views.charts.time_axis import ACTIVE
from studio.runs.files.history import Moment, RunHistory

#: The runs whose names are remembered.
MOST_KNOWN = 200


def can_fill(history: RunHistory, beginnings: tuple[str, ...]) -> bool | None:
    """Whether the snapshots of a run hold an array whose name begins so.

    What they hold is decided by networks and data, not by the moment: the first one tells.

    Returns:
        None where that is not known: there is none yet, or it cannot be read.
    """
    if not history.moments:
        return None if history.state in ACTIVE else False
    names = _names_of(history.moments[0])
    return any(name.startswith(beginnings) for name in names) if names else None


def _names_of(moment: Moment) -> tuple[str, ...]:
    known = _known()
    if moment not in known:
        try:
            arrays = moment.load()
        except (OSError, ValueError, KeyError):
            return ()
        known[moment] = (*arrays, *arrays.unfit)
        while len(known) > MOST_KNOWN:
            known.popitem(last=False)
    known.move_to_end(moment)
    return known[moment]


@lru_cache(maxsize=1)
def _known() -> OrderedDict[Moment, tuple[str, ...]]:
    """The names that were read."""
    return OrderedDict()
