"""Wrong labels on purpose: what a teacher is worth where labels cannot be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from studio.data.random import generator

if TYPE_CHECKING:
    from torch import Tensor


def with_wrong_labels(labels: Tensor, share: float, classes: int) -> Tensor:
    """Labels of which a share is wrong, drawn evenly from the other classes.

    The same ones are wrong in every run: they belong to the data, so that teacher and student, and students of all seeds,
    learn from the same mistakes. A larger share keeps the mistakes of a smaller one.

    Args:
        labels: (N,) int64.
        share: how many are wrong, 0 to 1, rounded to whole labels.
        classes: how many there are; where it is one, no label can be wrong.

    Example:
        >>> labels = torch.zeros(10, dtype=torch.int64)
        >>> int((with_wrong_labels(labels, 0.3, 4) != labels).sum())
        3
    """
    wrong = round(share * len(labels))
    if wrong == 0 or classes < 2:
        return labels
    draw = generator("wrong labels")
    rows = torch.randperm(len(labels), generator=draw)[:wrong]
    steps = torch.randint(1, classes, (len(labels),), generator=draw)[:wrong]
    noisy = labels.clone()
    noisy[rows] = (labels[rows] + steps) % classes
    return noisy
