"""The agreement that runs reported, over seeds: what the benchmarks that tell it share."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from studio.runs.files.agreement import read_agreement
from studio.runs.run_info import RunInfo

#: The moments that are told, after the start.
MOMENTS = {"copied": "after copying", "end": "at the end"}
#: How it is read: the same way for all students of a teacher, and as the run itself compares.
WAYS = {"fitted": "fitted map", "own": "own way"}

#: Of one run by moment: its groups, bottom to top, as :class:`studio.events.GroupAgreement` has them.
Reported = Mapping[str, list[dict[str, Any]]]
#: One group: ``agreement`` and ``chance``, fractions.
Reading = Mapping[str, float]


def reported(info: RunInfo) -> Reported:
    """What a run reported, as JSON keeps it."""
    return {moment: [asdict(group) for group in groups] for moment, groups in read_agreement(info.places).items()}


def readings(seeds: Iterable[Reported], moment: str, way: str) -> list[list[Reading]]:
    """Of every group, bottom to top, the readings of all seeds; groups that are not read in this way are left out."""
    rows = [[group[way] for group in seed.get(moment, [])] for seed in seeds]
    return [list(group) for group in zip(*rows, strict=True) if None not in group]


def in_percent(groups: list[list[Reading]]) -> str:
    """Mean +- standard deviation of each group's agreement in percent."""
    return " / ".join(mean([100 * reading["agreement"] for reading in group]) for group in groups)


def mean(values: list[float]) -> str:
    """Mean +- standard deviation; the value of a single seed."""
    off = f" ± {statistics.stdev(values):.1f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.1f}{off}"


def chance(seeds: Iterable[Reported], way: str) -> str:
    """The lowest and the highest chance level of all moments, groups and seeds, in percent."""
    found = [
        100 * group[way]["chance"]
        for seed in seeds
        for groups in seed.values()
        for group in groups
        if group[way] is not None
    ]
    return f"{min(found):.1f} to {max(found):.1f} %" if found else "none"
