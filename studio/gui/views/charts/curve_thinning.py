"""Fewer points for the screen, none of the peaks lost."""

from __future__ import annotations

import numpy as np

#: No curve brings more points to the screen; see DESIGN section 6.
LIMIT = 2000


def thin(x: np.ndarray, y: np.ndarray, limit: int = LIMIT) -> tuple[np.ndarray, np.ndarray]:
    """Keep the smallest and the largest value of each stretch of a curve, and its last point.

    Args:
        x, y: the curve, (n,) each, x ascending.
        limit: how many points may be left, at least 4.

    Returns:
        x and y, (m,) each, m <= limit, in the order they had; the arrays themselves where they are short enough.
    """
    n = len(x)
    if n <= limit:
        return x, y
    stretches = limit // 2 - 1
    size = -(-n // stretches)
    whole = n // size
    blocks = y[: whole * size].reshape(whole, size)
    starts = np.arange(whole) * size
    kept = np.sort(np.stack([starts + blocks.argmin(1), starts + blocks.argmax(1)], axis=1), axis=1).ravel()
    rest = np.arange(whole * size, n)
    if len(rest) > 2:
        tail = y[rest]
        rest = np.sort(rest[[tail.argmin(), tail.argmax()]])
    kept = np.unique(np.concatenate([kept, rest, [n - 1]]))
    return x[kept], y[kept]
