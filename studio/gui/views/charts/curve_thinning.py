"""Fewer points for the screen, none of the peaks lost."""

from __future__ import annotations

import numpy as np

#: No curve brings more points to the screen; see DESIGN section 6.
LIMIT = 2000
#: So many points of a curve are looked at in one go: about a tenth of a millisecond.
STRETCH = 20_000


def thin(x: np.ndarray, y: np.ndarray, limit: int = LIMIT) -> tuple[np.ndarray, np.ndarray]:
    """Keep the smallest and the largest value of each stretch of a curve, a gap if it has any, and its last point.

    Args:
        x, y: the curve, (n,) each, x ascending; y is NaN where it has a gap.
        limit: how many points may be left, at least 4.

    Returns:
        x and y, (m,) each, m <= limit, in the order they had; the arrays themselves where they are short enough.
    """
    n = len(x)
    if n <= limit:
        return x, y
    gaps = np.isnan(y)
    each = 3 if gaps.any() else 2
    size = -(-n // (limit // each - 1))
    whole = n // size
    kept = [_telling(y, gaps, np.arange(whole * size).reshape(whole, size)), np.array([n - 1])]
    rest = np.arange(whole * size, n)
    kept.append(_telling(y, gaps, rest[None]) if len(rest) > each else rest)
    found = np.unique(np.concatenate(kept))
    return x[found], y[found]


def _telling(y: np.ndarray, gaps: np.ndarray, stretches: np.ndarray) -> np.ndarray:
    """Of each stretch of points, (n, size), the smallest, the largest and the first that is none: (m,)."""
    each = np.arange(len(stretches))
    values, none = y[stretches], gaps[stretches]
    low = np.where(none, np.inf, values).argmin(1)
    high = np.where(none, -np.inf, values).argmax(1)
    found = [stretches[each, low], stretches[each, high]]
    broken = none.any(1)
    if broken.any():
        found.append(stretches[broken, none[broken].argmax(1)])
    return np.concatenate(found)


class GrowingCurve:
    """A long curve thinned for the screen at the cost of what has come since the last time."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._x, self._y = np.empty(0), np.empty(0)
        self._n = 0
        self._last = np.empty(0)

    def read_on(self, x: np.ndarray, y: np.ndarray, factor: np.ndarray | None = None) -> bool:
        """Take in what has come, :data:`STRETCH` points at most. A curve that was cut is read anew.

        Args:
            x, y: the curve, (n,) each, x ascending; it only grows, or is cut and grows again.
            factor: (n,) that y is multiplied by.

        Returns:
            Whether all is taken in.
        """
        if self._n and (self._n > len(x) or not np.array_equal(_point(x, y, self._n), self._last, equal_nan=True)):
            self._begin()
        end = min(len(x), self._n + STRETCH)
        new = slice(self._n, end)
        if end > self._n:
            values = y[new] if factor is None else y[new] * factor[new]
            self._x, self._y = np.concatenate([self._x, x[new]]), np.concatenate([self._y, values])
            self._n, self._last = end, _point(x, y, end)
            if len(self._x) > 2 * LIMIT:
                self._x, self._y = thin(self._x, self._y, LIMIT)
        return end == len(x)

    @property
    def x(self) -> np.ndarray:
        """(m,), m at most twice :data:`LIMIT`."""
        return self._x

    @property
    def y(self) -> np.ndarray:
        """(m,)."""
        return self._y


def _point(x: np.ndarray, y: np.ndarray, n: int) -> np.ndarray:
    """The n-th point, (2,)."""
    return np.array([x[n - 1], y[n - 1]])
