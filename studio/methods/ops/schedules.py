"""How the weight of a term changes over a stage: plain functions of the epoch, counted from 0."""

from __future__ import annotations


def warm_up_factor(epoch: int, epochs: int, share: float) -> float:
    """The factor of ``epoch``: a straight rise to 1 over the first ``share`` of ``epochs``, and 1 afterwards."""
    return min(1.0, (epoch + 1) / max(1.0, share * epochs))


def decay_factor(epoch: int, epochs: int) -> float:
    """The factor of ``epoch``: a straight fall from 1 in the first epoch; behind the last it would be 0."""
    return 1 - epoch / epochs


def start_factor(epoch: int, epochs: int, share: float) -> float:
    """The factor of ``epoch``: 0 during the first ``share`` of ``epochs``, then 1."""
    return float(epoch >= share * epochs)
