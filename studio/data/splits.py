"""Which examples train, choose and test: stratified by class, decided by a seed, the same on every machine.

The order of operations: first the test part is set aside (where a dataset has none of its own), then the training part
is thinned, then the validation part is taken from what is left. No class is ever emptied by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from studio.data.random import generator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor


@dataclass(frozen=True)
class Split:
    """Rows of the training part (int64, ascending). ``test`` is None where the dataset has its own test part."""

    train: Tensor
    validation: Tensor | None
    test: Tensor | None


@dataclass(frozen=True)
class PartSizes:
    """Examples of each class in the parts of a :class:`Split`, (K,) int64 each."""

    train: Tensor
    validation: Tensor | None
    test: Tensor | None


def part_sizes(
    sizes: Tensor,
    *,
    test: float | None = None,
    fraction: float = 1.0,
    per_class: int | None = None,
    validation: float = 0.0,
) -> PartSizes:
    """How many examples :func:`split` deals to each part, found without knowing which; a larger class never gets fewer.

    Args:
        sizes: (K,) int64, examples of each class in the training part.
        test, fraction, per_class, validation: as of :func:`split`.

    Example:
        >>> import torch
        >>> part_sizes(torch.tensor([1, 50]), fraction=0.1, validation=0.2).validation.tolist()
        [0, 1]
    """
    tested = kept_back = None
    if test is not None:
        tested = _aside(sizes, test)
        sizes = sizes - tested
    sizes = torch.minimum(sizes, _thinned(sizes, fraction, per_class))
    if validation > 0.0:
        kept_back = _aside(sizes, validation)
        sizes = sizes - kept_back
    return PartSizes(sizes, kept_back, tested)


def split(
    labels: Tensor,
    *,
    seed: int,
    test: float | None = None,
    test_seed: int = 0,
    fraction: float = 1.0,
    per_class: int | None = None,
    validation: float = 0.0,
) -> Split:
    """Deal the training part of a dataset out.

    Args:
        labels: (N,) int64, of everything the source calls training examples.
        seed: decides the thinning and the validation part.
        test: share set aside for testing, None where the dataset has a test part.
        test_seed: decides that share. It is apart from ``seed`` because a teacher serves students of several seeds:
            what it has trained on must not be what they are tested on.
        fraction: share of the rest to train on. A smaller fraction of one seed is part of a larger one.
        per_class: training examples of each class instead of a share.
        validation: share of the thinned training examples kept for choosing.
    """
    rows = torch.arange(len(labels))
    tested = None
    if test is not None:
        rows, tested = _set_aside(labels, rows, test, generator(test_seed, "test part"))
    if per_class is not None or fraction < 1.0:
        order = _shuffled_ranks(labels[rows], generator(seed, "thinning"))
        wanted = _thinned(torch.bincount(labels[rows]), fraction, per_class)
        rows = rows[order < wanted[labels[rows]]]
    chosen_on = None
    if validation > 0.0:
        rows, chosen_on = _set_aside(labels, rows, validation, generator(seed, "validation part"))
    return Split(rows, chosen_on, tested)


def repeated_splits(labels: Tensor, count: int, *, test: float = 0.1, seed: int = 0) -> Iterator[Split]:
    """Several random divisions into a part to learn from and one to test on, each class in its share.

    The one numbered ``i`` is that of :func:`split` with ``test_seed = seed + i``, so that a run can repeat it.

    Args:
        labels: (N,) int64.
        count: how many.
        test: share set aside for testing.

    Example:
        >>> import torch
        >>> [len(each.train) for each in repeated_splits(torch.arange(100) % 2, count=2)]
        [90, 90]
    """
    for number in range(count):
        yield split(labels, seed=0, test=test, test_seed=seed + number)


def _set_aside(labels: Tensor, rows: Tensor, share: float, draw: torch.Generator) -> tuple[Tensor, Tensor]:
    """Split ``rows`` into (the rest, the share); a class of two or more has at least one on either side."""
    own = labels[rows]
    aside = _shuffled_ranks(own, draw) < _aside(torch.bincount(own), share)[own]
    return rows[~aside], rows[aside]


def _aside(sizes: Tensor, share: float) -> Tensor:
    """How many of each class are set aside."""
    return torch.minimum(_share(sizes, share).clamp(min=1), (sizes - 1).clamp(min=0))


def _thinned(sizes: Tensor, fraction: float, per_class: int | None) -> Tensor:
    """How many of each class are wanted, which may be more than there are."""
    return torch.full_like(sizes, per_class) if per_class is not None else _share(sizes, fraction).clamp(min=1)


def _share(sizes: Tensor, share: float) -> Tensor:
    """``share`` of each size, rounded half up."""
    return torch.floor(sizes.to(torch.float64) * share + 0.5).to(torch.int64)


def _shuffled_ranks(labels: Tensor, draw: torch.Generator) -> Tensor:
    """Of every row its place (from 0) in a random order of its class."""
    shuffled = torch.randperm(len(labels), generator=draw)
    by_class = shuffled[torch.argsort(labels[shuffled], stable=True)]
    sizes = torch.bincount(labels)
    first = (sizes.cumsum(0) - sizes)[labels[by_class]]
    ranks = torch.empty_like(labels)
    ranks[by_class] = torch.arange(len(labels)) - first
    return ranks
