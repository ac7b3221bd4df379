"""The agreement of a snapshot as plain numbers, group by group."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from studio.events import AgreementReading, GroupAgreement

#: Where the snapshot keeps what was read the run's own way, and how that was: see :mod:`studio.insight.channel_alignment`.
_OWN = "own/"
_DIRECTLY = 0


def agreement_readings(arrays: Mapping[str, np.ndarray]) -> tuple[GroupAgreement, ...]:
    """What the arrays of a snapshot say of agreement, in forward order; empty where neurons were not compared."""
    found = []
    for name in arrays:
        group = name.removeprefix("agreement/")
        if group == name:
            continue
        own, way = None, None
        if f"{_OWN}agreement/{group}" in arrays:
            own = _reading(arrays, _OWN, group)
            way = arrays[f"{_OWN}how/{group}"].item()
        found.append(
            GroupAgreement(
                group,
                _reading(arrays, "", group),
                own,
                None if way is None else "direct" if way == _DIRECTLY else "connector",
            )
        )
    return tuple(found)


def _reading(arrays: Mapping[str, np.ndarray], prefix: str, group: str) -> AgreementReading:
    percent, chance = (float(arrays[f"{prefix}{name}/{group}"].item()) for name in ("agreement", "chance"))
    return AgreementReading(percent / 100, chance / 100)
