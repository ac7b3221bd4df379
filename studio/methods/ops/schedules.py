"""How the weight of a term changes over a stage: plain functions of a period, counted from 0, and of how many there are.

A period is an epoch, as in the published schedules, or a step where the stage is no whole number of epochs, see
:attr:`studio.methods.base.Batch.period`.
"""

from __future__ import annotations


def warm_up_factor(period: int, periods: int, share: float) -> float:
    """The factor of ``period``: a straight rise to 1 over the first ``share`` of ``periods``, and 1 afterwards."""
    return min(1.0, (period + 1) / max(1.0, share * periods))


def decay_factor(period: int, periods: int) -> float:
    """The factor of ``period``: a straight fall from 1 in the first; behind the last it would be 0."""
    return 1 - period / periods


def start_factor(period: int, periods: int, share: float) -> float:
    """The factor of ``period``: 0 during the first ``share`` of ``periods``, then 1."""
    return float(period >= share * periods)
