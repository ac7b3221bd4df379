"""An experiment on several splits of its data: one run each, numbered by their seeds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.experiment.model import Experiment


def split_seeds(seeds: Iterable[int], splits: int) -> list[int]:
    """The seeds of all runs: of each seed the whole set of ``splits`` seeds that it belongs to, none twice.

    Sets begin at multiples of their size, so that the experiment of any one of the runs stands for the same runs.

    Example:
        >>> split_seeds([0], 3), split_seeds([4], 3), split_seeds([7, 2], 1)
        ([0, 1, 2], [3, 4, 5], [7, 2])
    """
    return list(
        dict.fromkeys(first + number for seed in seeds for first in (seed - seed % splits,) for number in range(splits))
    )


def each_split(experiment: Experiment) -> list[Experiment]:
    """The experiment once for each of its splits; itself where its data are split once."""
    seeds = split_seeds([experiment.seed], experiment.dataset.splits)
    return [experiment.model_copy(update={"seed": seed}) for seed in seeds]
