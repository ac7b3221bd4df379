"""MUNGE: pairs of nearest rows exchange their values, numbers with a little noise between the two."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def munge(
    rows: NDArray[np.float64],
    nominal: NDArray[np.bool_],
    p: float,
    s: float,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """One pass over a copy of the rows; as many made-up rows as there are rows.

    Every row e in turn meets its nearest neighbour e' in the copy as it is by then. For each column, with probability p,
    a nominal pair of values is exchanged, and of numbers a, a' both are drawn anew: e from N(a', sd), e' from N(a, sd) with
    sd = |a − a'| / s. A value that only one of the two has is exchanged like a nominal one.

    Args:
        rows: (n, d) with numeric columns scaled to [0, 1], missing values NaN; at least two rows.
        nominal: (d,), which columns are.
        p: probability of a change, in [0, 1].
        s: local variance: the larger, the less noise; above 0, may be infinite.
        generator: drawn from. Passes are independent of each other: give each its own.

    Returns:
        (n, d), numbers within [0, 1].

    The distance is Euclidean on numbers with 1 added for every nominal column that differs (Wilson and Martinez, "Improved
    heterogeneous distance functions", 1997): a missing value differs from every other.

    Source: Bucila, Caruana and Niculescu-Mizil, "Model compression", KDD 2006, algorithm 1.

    Example:
        >>> import numpy as np
        >>> pair = np.array([[0.0, 0.25], [1.0, 0.75]])
        >>> munge(pair, np.array([False, True]), 0.0, 1.0, np.random.default_rng(0))  # nothing is changed
        array([[0.  , 0.25],
               [1.  , 0.75]])
    """
    copy = _Copy(rows, nominal)
    changes = generator.random(rows.shape) < p
    noise = generator.standard_normal((*rows.shape, 2))
    for row in range(len(rows)):
        columns = changes[row].nonzero()[0]
        if not len(columns):
            continue
        other = copy.nearest(row)
        mine, theirs = copy.values[row, columns], copy.values[other, columns]
        spread = np.abs(mine - theirs) / s
        spread[nominal[columns] | np.isnan(spread)] = 0.0
        kept = noise[row, columns]
        copy.set(row, columns, theirs + spread * kept[:, 0])
        copy.set(other, columns, mine + spread * kept[:, 1])
    return copy.values


class _Copy:
    """The rows that change, beside the parts in which distances are computed: missing numbers apart from known ones."""

    def __init__(self, rows: NDArray[np.float64], nominal: NDArray[np.bool_]) -> None:
        self.values = rows.copy()
        self._nominal = nominal
        self._numbers = ~nominal
        self._missing = bool(np.isnan(rows[:, self._numbers]).any())
        self._known = np.ascontiguousarray(np.nan_to_num(rows[:, self._numbers]))
        self._absent = np.ascontiguousarray(np.isnan(rows[:, self._numbers]))
        self._codes = np.ascontiguousarray(_codes(rows[:, nominal]))
        self._distances = np.empty((1, len(rows)))  # one buffer: a new one for every row costs more than the distances

    def nearest(self, row: int) -> int:
        """The row nearest to ``row``, never itself; of several the first."""
        from scipy.spatial.distance import cdist

        distance = cdist(self._known[row : row + 1], self._known, "sqeuclidean", out=self._distances)[0]
        if self._missing:
            distance += self._corrections(row)
        if self._codes.shape[1]:
            distance += (self._codes != self._codes[row]).sum(1)
        distance[row] = np.inf
        return int(distance.argmin())

    def _corrections(self, row: int) -> NDArray[np.float64]:
        """What known numbers add wrongly where one of the two is missing, and the 1 that it adds instead."""
        apart = self._absent != self._absent[row]
        return np.asarray(np.where(apart, 1.0 - np.square(self._known - self._known[row]), 0.0).sum(1))

    def set(self, row: int, columns: NDArray[np.intp], values: NDArray[np.float64]) -> None:
        line = self.values[row]
        line[columns] = values
        numbers = line[self._numbers]
        np.minimum(np.maximum(numbers, 0.0, out=numbers), 1.0, out=numbers)
        line[self._numbers] = numbers
        self._known[row] = np.nan_to_num(numbers) if self._missing else numbers
        if self._missing:
            self._absent[row] = np.isnan(numbers)
        if self._codes.shape[1]:
            self._codes[row] = _codes(line[self._nominal])


def _codes(values: NDArray[np.float64]) -> NDArray[np.int32]:
    """Numbers of nominal values, -1 where missing."""
    return np.nan_to_num(values, nan=-1.0).astype(np.int32)
