"""Recall@K: how often an example of the same class is among the K nearest others."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

#: Queries compared at once: bounds the table of distances to ``CHUNK * n`` numbers.
CHUNK = 512


def recall_at_k(embeddings: Tensor, labels: Tensor, ks: Sequence[int]) -> list[float]:
    """The share of examples that have one of their own class among their K nearest others, for every K.

    Every example is a query once and is left out of its own answer. Distances are Euclidean, computed in float64 and
    without the ``a² - 2ab + b²`` shortcut, which loses near neighbours to rounding.

    Args:
        embeddings: (n, D).
        labels: (n,) class numbers.
        ks: each at least 1; those of n and more count all others.

    Returns:
        A fraction in [0, 1] for each of ``ks``, in their order; zeros where there are fewer than two examples.

    Raises:
        ValueError: a K is below 1, or the shapes do not fit together.
    """
    if embeddings.dim() != 2 or labels.shape != embeddings.shape[:1]:
        raise ValueError(f"expected (n, D) and (n,), got {tuple(embeddings.shape)} and {tuple(labels.shape)}")
    if any(k < 1 for k in ks):
        raise ValueError(f"every K must be at least 1, got {list(ks)}")
    count = len(labels)
    most = min(max(ks, default=0), count - 1)
    if most < 1:
        return [0.0 for _ in ks]
    points, labels = embeddings.detach().to("cpu", torch.float64), labels.cpu()
    found = torch.zeros(most, dtype=torch.int64)
    for start in range(0, count, CHUNK):
        rows = torch.arange(start, min(start + CHUNK, count))
        distances = torch.cdist(points[rows], points, compute_mode="donot_use_mm_for_euclid_dist")
        distances[torch.arange(len(rows)), rows] = torch.inf
        nearest = distances.topk(most, largest=False).indices
        hits = labels[nearest] == labels[rows, None]
        found += hits.cummax(1).values.sum(0)
    return [int(found[min(k, most) - 1]) / count for k in ks]
