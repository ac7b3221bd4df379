"""The seeds of one experiment together, for views that draw one of them in full: what they reached is told as their mean."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from studio.gui.presenters.shown_run import ShownRun
from studio.runs.references import ENDED_WELL


def seed_runs(lead: ShownRun, shown: Sequence[ShownRun]) -> tuple[ShownRun, ...]:
    """A run, and those drawn with it that differ from it in their seed alone; one a seed, the run itself first.

    A seed that was trained once more is the same draw again, and one that still trains has reached nothing yet.
    """
    if lead.info is None or not lead.group:
        return (lead,)
    by_seed = {lead.info.seed: lead}
    for run in shown:
        if run.group == lead.group and run.info is not None and run.info.state in ENDED_WELL:
            by_seed.setdefault(run.info.seed, run)
    return tuple(by_seed.values())


def mean_values(each: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """By name, the mean of the values that are known of each of the seeds; of one seed its own.

    Args:
        each: the values of a seed, by name.
    """
    names = [name for name in each[0] if all(name in values for values in each)]
    return {name: statistics.fmean(values[name] for values in each) for name in names}
