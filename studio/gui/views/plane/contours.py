"""Lines where a function given on a grid is zero: marching squares over many grids at once."""

from __future__ import annotations

import numpy as np


def zero_lines(grids: np.ndarray, xs: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The zero lines of several functions as loose segments.

    Each cell of the grid whose corners differ in sign is crossed by one segment, or by two where opposite corners agree
    (the mean of the four then says which corners belong together); ends are interpolated linearly along the edges.
    Lorensen and Cline, "Marching cubes", SIGGRAPH 1987, in two dimensions.

    Args:
        grids: (N, H, W), the values of N functions; row 0 is at ``ys[0]``.
        xs, ys: (W,) and (H,), where columns and rows stand.

    Returns:
        x and y, (2 M,) each: points 2 i and 2 i + 1 are the ends of segment i.
    """
    on = grids > 0
    corners = on[:, :-1, :-1].astype(np.int8) + on[:, :-1, 1:] + on[:, 1:, 1:] + on[:, 1:, :-1]
    which, row, column = np.nonzero((corners > 0) & (corners < 4))
    if len(which) == 0:
        return np.empty(0), np.empty(0)
    # the corners of a cell, counter-clockwise from its lower left; edge k goes from corner k to corner k + 1
    rows = row[:, None] + np.array([0, 0, 1, 1])
    columns = column[:, None] + np.array([0, 1, 1, 0])
    value = grids[which[:, None], rows, columns].astype(np.float64)
    x, y = xs[columns], ys[rows]
    after = np.roll(value, -1, axis=1)
    crossed = (value > 0) != (after > 0)
    share = np.divide(value, value - after, out=np.zeros_like(value), where=crossed)
    edge_x = x + share * (np.roll(x, -1, axis=1) - x)
    edge_y = y + share * (np.roll(y, -1, axis=1) - y)
    pairs = _pairs(value, crossed)
    cell = np.repeat(np.arange(len(which)), 4)
    used = pairs.ravel() >= 0
    cell, edge = cell[used], pairs.ravel()[used]
    return edge_x[cell, edge], edge_y[cell, edge]


def _pairs(value: np.ndarray, crossed: np.ndarray) -> np.ndarray:
    """Which edges of a cell are joined: (n, 4), two and two, -1 where there is no second segment."""
    first_two = np.argsort(~crossed, axis=1, kind="stable")[:, :2]
    pairs = np.concatenate([first_two, np.full_like(first_two, -1)], axis=1)
    saddle = crossed.all(axis=1)
    if saddle.any():
        middle = value[saddle].mean(axis=1) > 0
        joined = middle == (value[saddle, 0] > 0)
        pairs[saddle] = np.where(joined[:, None], [0, 1, 2, 3], [3, 0, 1, 2])
    return pairs
