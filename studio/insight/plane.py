"""What a network answers over the whole plane, for data that are points (x, y)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from studio.data.base import Dataset
from studio.data.random import generator
from studio.insight.fetch import fetched
from studio.insight.probe import draw_by_class
from studio.insight.probe_reader import ProbeReader

#: Grid points along each side: boundaries between them are interpolated, and a snapshot stays about a megabyte.
GRID = 64
#: Border around the training points, as a share of their extent.
MARGIN = 0.15
#: Neurons of a layer whose boundaries are kept, and training points that are drawn.
NEURONS = 32
POINTS = 400
#: The largest number that float16 holds, rounded down.
HALF_LIMIT = 6e4


@dataclass(frozen=True)
class Plane:
    """The part of the plane that is drawn.

    Attributes:
        extent: (4,) float32: x0, x1, y0, y1.
        grid: (G*G, 2) float32, row by row from y0, each row from x0; the ends lie on the extent.
        points: (n, 2) float32, the training points that are drawn, n <= 400; ``labels`` (n,) int64.
    """

    extent: Tensor
    grid: Tensor
    points: Tensor
    labels: Tensor


def plane_of(dataset: Dataset, seed: int) -> Plane | None:
    """The plane around a dataset's training points; None where the data are no points of two coordinates."""
    if not dataset.offers.is_planar or dataset.shape != (2,):
        return None
    points = dataset.train.inputs.float()
    low, high = points.amin(0), points.amax(0)
    border = MARGIN * (high - low).clamp_min(1e-6)
    (x0, y0), (x1, y1) = (low - border).tolist(), (high + border).tolist()
    y, x = torch.meshgrid(torch.linspace(y0, y1, GRID), torch.linspace(x0, x1, GRID), indexing="ij")
    drawn = dataset.train.take(draw_by_class(dataset.train.labels, POINTS, generator(seed, "plane")))
    extent, grid = torch.tensor([x0, x1, y0, y1]), torch.stack([x.flatten(), y.flatten()], 1)
    return Plane(extent, grid, drawn.inputs.float(), drawn.labels)


def evaluate_on_plane(reader: ProbeReader, plane: Plane) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """What a network answers at every point of the grid; call undisturbed.

    Returns:
        Probabilities (K, G, G), and for every group with a point before its ReLU the values of its first 32 neurons
        there, (N, G, G); float16, row 0 at y0.
    """
    probabilities: list[Tensor] = []
    layers: dict[str, list[Tensor]] = defaultdict(list)
    for _, outputs in reader.run_in_chunks(plane.grid.to(reader.device)):
        probabilities.append(outputs.logits.softmax(1))
        for group, kind in reader.shapes:
            if kind == "pre":
                layers[group].append(outputs.pre(group)[:, :NEURONS])
    return _maps(probabilities), {group: _maps(chunks) for group, chunks in layers.items()}


def _maps(chunks: list[Tensor]) -> np.ndarray:
    """Answers at the grid's points, (G*G, N) in pieces, as (N, G, G) float16."""
    values = torch.cat(chunks).clamp(-HALF_LIMIT, HALF_LIMIT)
    return fetched(values.T.reshape(values.shape[1], GRID, GRID).half())
