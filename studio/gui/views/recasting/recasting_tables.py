"""The values behind what is drawn of a recast network; tables without rows while there is none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from studio.core.network_reading import NetworkReading
from studio.gui.views.recasting.recast_state import RecastState
from studio.gui.views.saving import CsvTable, Value

#: Filters of a network of which none were kept.
_NO_FILTERS = np.empty((0, 1, 1, 1))


def blocks_table(state: RecastState | None) -> CsvTable:
    """A row a block of the teacher, with what has come in its place."""
    head = [
        "block",
        "number",
        "state",
        "channels_before",
        "channels_now",
        "parameters_before",
        "parameters_now",
        "share_of_variance",
    ]
    rows: list[list[Value]] = [
        [
            pair.teacher.name,
            pair.number or None,
            pair.state,
            pair.teacher.channels,
            pair.student.channels,
            pair.teacher.parameters,
            pair.student.parameters,
            pair.apart,
        ]
        for pair in (state.pairs if state is not None else ())
    ]
    return CsvTable(head, rows)


def differences_table(state: RecastState | None) -> CsvTable:
    """How far each new block was from the old one, reading by reading."""
    rows: list[list[Value]] = [
        [curve.title, float(share), float(difference)]
        for curve in (state.curves if state is not None else ())
        for share, difference in zip(curve.share, curve.difference, strict=True)
    ]
    return CsvTable(["block", "share_of_its_time", "squared_difference"], rows)


def savings_table(state: RecastState | None) -> CsvTable:
    """What the network takes before, now, and at the end."""
    head = ["when", "parameters", "multiplications", "milliseconds"]
    if state is None:
        return CsvTable(head, [])
    told = (("before", state.told.teacher), ("now", state.told.student), ("at the end", state.told.planned))
    return CsvTable(head, [_figures(*each) for each in told])


def filters_table(arrays: Mapping[str, np.ndarray]) -> CsvTable:
    """The weights of the first filters of both networks.

    Args:
        arrays: of a snapshot, which may lack those of either network.
    """
    rows: list[list[Value]] = [
        [role, number, channel, row, column, float(weight)]
        for role in ("teacher", "student")
        for (number, channel, row, column), weight in np.ndenumerate(arrays.get(f"filters/{role}", _NO_FILTERS))
    ]
    return CsvTable(["network", "filter", "channel", "row", "column", "weight"], rows)


def _figures(when: str, network: NetworkReading) -> list[Value]:
    return [when, network.parameters, network.macs, network.milliseconds]
