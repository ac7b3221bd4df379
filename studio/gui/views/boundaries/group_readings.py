"""What the snapshots of a run say of the agreement of one group, as far as it makes sense."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from studio.core.arrays import Arrays
from studio.events import AgreementReading, KeyMoment
from studio.runs.files.history import RunHistory

#: Before the names of what is read as the run itself compares; all else is behind the map that all runs are read behind.
OWN = "own/"
DIRECTLY, CONNECTED = 0, 1


@dataclass(frozen=True)
class GroupReading:
    """Agreement and chance of one group at one moment, in percent; and agreement at the moments that are reported.

    Attributes:
        own: whether it is read as the run itself compares, not behind the map of all runs.
        start, copied, end: before the first step, after copying, at the end; None where that is not known (yet).
    """

    percent: float
    chance: float
    own: bool = False
    start: float | None = None
    copied: float | None = None
    end: float | None = None


def compared_groups(arrays: Arrays) -> set[str]:
    """The groups whose neurons are compared in a snapshot, in whatever way."""
    names = {name.removeprefix(OWN) for name in arrays}
    return {name.removeprefix("agreement/") for name in names if name.startswith("agreement/")}


def group_readings(history: RunHistory, arrays: Arrays, group: str) -> list[GroupReading]:
    """Behind the map of all runs, then as the run itself compares: what there is of the two.

    Args:
        arrays: of the moment that is shown.
    """
    found = []
    for own in (False, True):
        prefix = OWN if own else ""
        percent, chance = (number(arrays, f"{prefix}{name}/{group}") for name in ("agreement", "chance"))
        if percent is None or chance is None:
            continue
        # behind a connector that has learnt nothing there is nothing to see
        start = None if own else _reported(history, "start", group, own=own)
        copied, end = (_reported(history, moment, group, own=own) for moment in _LATER)
        found.append(GroupReading(percent, chance, own, start, copied, end))
    return found


def channel_arrays(arrays: Arrays, group: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Percent (C,) of agreement and share (C,) of firing by channel, behind the map of all runs where that was read."""
    for prefix in ("", OWN):
        percent, firing = arrays.get(f"{prefix}channels/{group}"), arrays.get(f"{prefix}firing/{group}")
        if percent is not None and firing is not None and percent.ndim == 1 and percent.shape == firing.shape:
            return (percent, firing) if len(percent) else None
    return None


def own_way(arrays: Arrays, group: str) -> int | None:
    """``DIRECTLY`` or ``CONNECTED``; None where the run compares in neither way."""
    way = number(arrays, f"{OWN}how/{group}")
    return int(way) if way is not None and f"{OWN}agreement/{group}" in arrays else None


def number(arrays: Arrays, name: str) -> float | None:
    """A single number; None where it is missing, or is no number or several."""
    value = arrays.get(name)
    if value is None or value.size != 1 or value.dtype.kind not in "fiu":
        return None
    found = float(value.item())
    return found if math.isfinite(found) else None


_LATER: tuple[KeyMoment, ...] = ("copied", "end")


def _reported(history: RunHistory, moment: KeyMoment, group: str, *, own: bool) -> float | None:
    told = history.key_moments.get(moment)
    groups = told.agreement if told is not None else ()
    readings: Iterable[AgreementReading | None] = (g.own if own else g.fitted for g in groups if g.group == group)
    reading = next(iter(readings), None)
    return 100 * reading.agreement if reading is not None else None
