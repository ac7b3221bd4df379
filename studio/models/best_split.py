"""The question that parts the cases of a node best: by the Gini index, over all columns at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studio.models.column_codes import ColumnCodes

#: A nominal column of at most so many values, a missing one among them, is tried with every subset of them.
ALL_SUBSETS = 8


@dataclass(frozen=True, eq=False)
class TreeSplit:
    """One question; it equals no other, and can be a key.

    Attributes:
        left: (V + 1,) bool, which numbers of values of the column go left; the last is a missing one.
        threshold: numbers up to it go left; NaN where the column is nominal.
    """

    column: int
    left: NDArray[np.bool_]
    threshold: float = np.nan


class SplitFinder:
    """Finds splits of cases given as numbers of values; see :class:`ColumnCodes`.

    Args:
        codes: of the columns.
        classes: how many there are.
    """

    def __init__(self, codes: ColumnCodes, classes: int) -> None:
        self._values, self._nominal = codes.values, codes.nominal
        self._sizes = [len(values) + 1 for values in codes.values]
        self._classes = classes
        self._numeric = np.flatnonzero(~codes.nominal)
        nominal = np.flatnonzero(codes.nominal)
        self._few = [int(column) for column in nominal if self._sizes[column] <= ALL_SUBSETS]
        self._many = [int(column) for column in nominal if self._sizes[column] > ALL_SUBSETS]

    def best(self, cases: NDArray[np.int32], labels: NDArray[np.int32]) -> TreeSplit | None:
        """The split of the smallest impurity, the first of equal ones; None where all cases are alike.

        Args:
            cases: (k, p) numbers of values, at least two cases.
            labels: (k,) classes.
        """
        total = np.bincount(labels, minlength=self._classes)
        found = [self._best_number(cases, labels, total), self._best_subset(cases, labels, total)]
        found += [self._best_order(column, cases, labels, total) for column in self._many]
        score, split = max(found, key=lambda pair: pair[0])
        return self._completed(split, cases) if split is not None and score > -np.inf else None

    def _completed(self, split: TreeSplit, cases: NDArray[np.int32]) -> TreeSplit:
        """Values that no case has go with most cases."""
        seen = np.bincount(cases[:, split.column], minlength=len(split.left))
        most = seen[split.left].sum() > seen[~split.left].sum()
        left = np.where(seen > 0, split.left, most)
        if not self._nominal[split.column]:
            left[:-1] = split.left[:-1]
        return TreeSplit(split.column, left, split.threshold)

    # --- numbers -------------------------------------------------------------------------------------------------------

    def _best_number(
        self, cases: NDArray[np.int32], labels: NDArray[np.int32], total: NDArray[np.intp]
    ) -> tuple[float, TreeSplit | None]:
        if not len(self._numeric):
            return -np.inf, None
        last = np.array([self._sizes[column] - 1 for column in self._numeric])
        values = cases[:, self._numeric]
        gaps = np.flatnonzero((values == last).any(0))  # missing values are tried on either side
        columns = np.append(self._numeric, self._numeric[gaps])
        low = np.where(values[:, gaps] == last[gaps], -1, values[:, gaps])
        ordered = np.concatenate([values, low], axis=1).T.astype(np.int32)
        ordered = np.sort(ordered * self._classes + labels, axis=1)  # one number for value and class: sorted at once
        values, classes = np.divmod(ordered, self._classes)
        parted = (values[:, 1:] != values[:, :-1]) & (values[:, :-1] >= 0)
        score = np.where(parted, self._impurities(classes, total), -np.inf)
        best = int(score.argmax())
        line, place = divmod(best, score.shape[1])
        column = int(columns[line])
        threshold = self._between(column, values[line, place], values[line, place + 1])
        left = np.append(self._values[column] <= threshold, line >= len(self._numeric))
        return float(score.flat[best]), TreeSplit(column, left, threshold)

    def _between(self, column: int, low: int, high: int) -> float:
        """The middle of two values; the lower one where the other is missing, or where rounding leaves no middle."""
        known = self._values[column]
        if not 0 <= low < high < len(known):
            return float(known[low]) if low < len(known) and len(known) else 0.0
        middle = known[low] / 2 + known[high] / 2
        return float(middle if known[low] <= middle < known[high] else known[low])

    def _impurities(self, classes: NDArray[np.int32], total: NDArray[np.intp]) -> NDArray[np.float64]:
        """(p, k - 1) Σ L²/|L| + Σ R²/|R| after each case in order: the larger, the purer."""
        count = classes.shape[1]
        sizes = np.arange(1, count)
        left_squares, right_squares = np.zeros((2, len(classes), count - 1))
        for label in np.flatnonzero(total[:-1] if len(total) == 2 else total):
            left = np.cumsum(classes[:, :-1] == label, axis=1, dtype=np.float64)
            left_squares += left**2
            right_squares += (total[label] - left) ** 2
            if len(total) == 2:
                left_squares += (sizes - left) ** 2
                right_squares += (total[1] - sizes + left) ** 2
        return np.asarray(left_squares / sizes + right_squares / (count - sizes))

    # --- nominal values ------------------------------------------------------------------------------------------------

    @cached_property
    def _subsets(self) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """(S, all values of the columns with few) the subsets that may go left, and to which column each belongs."""
        borders = np.cumsum([0, *(self._sizes[column] for column in self._few)])
        rows, owners = [], []
        for number, (start, end) in enumerate(pairwise(borders)):
            for subset in range(1, 2 ** (end - start - 1)):
                row = np.zeros(borders[-1])
                row[start:end] = [subset >> bit & 1 for bit in range(end - start)]
                rows.append(row)
                owners.append(number)
        return np.array(rows).reshape(len(rows), borders[-1]), np.array(owners, dtype=np.intp)

    def _best_subset(
        self, cases: NDArray[np.int32], labels: NDArray[np.int32], total: NDArray[np.intp]
    ) -> tuple[float, TreeSplit | None]:
        subsets, owners = self._subsets
        if not len(subsets):
            return -np.inf, None
        sizes = [self._sizes[column] for column in self._few]
        starts = np.cumsum([0, *sizes[:-1]])
        cells = (cases[:, self._few] + starts) * self._classes + labels[:, None]
        counts = np.bincount(cells.ravel(), minlength=sum(sizes) * self._classes).reshape(-1, self._classes)
        score = _score(subsets @ counts, total)
        best = int(score.argmax())
        own = owners[best]
        left = subsets[best, starts[own] : starts[own] + sizes[own]] > 0
        return float(score[best]), TreeSplit(self._few[own], left)

    def _best_order(
        self, column: int, cases: NDArray[np.int32], labels: NDArray[np.int32], total: NDArray[np.intp]
    ) -> tuple[float, TreeSplit | None]:
        """Subsets of a column of many values: values in the order of the direction in which their classes differ most.

        For two classes the best of all subsets is among them (Breiman et al. 1984, theorem 4.5); for more this is the
        approximation of Coppersmith, Hong and Hosking, "Partitioning nominal attributes in decision trees", 1999.
        """
        size = self._sizes[column]
        counts = np.bincount(cases[:, column] * self._classes + labels, minlength=size * self._classes)
        counts = counts.reshape(size, self._classes)
        seen = np.flatnonzero(counts.sum(1))
        if len(seen) < 2:
            return -np.inf, None
        shares = counts[seen] / counts[seen].sum(1, keepdims=True)
        away = (shares - total / total.sum()) * np.sqrt(counts[seen].sum(1, keepdims=True))
        direction = np.linalg.eigh(away.T @ away)[1][:, -1]
        order = seen[(shares @ direction).argsort(kind="stable")]
        score = _score(counts[order].cumsum(0)[:-1], total)
        best = int(score.argmax())
        return float(score[best]), TreeSplit(column, np.isin(np.arange(size), order[: best + 1]))


def _score(left: NDArray[np.float64], total: NDArray[np.intp]) -> NDArray[np.float64]:
    """(S,) Σ L²/|L| + Σ R²/|R| of splits with these counts (S, K) on the left; -inf where a side is empty."""
    right = total - left
    sizes = left.sum(1), right.sum(1)
    whole = (sizes[0] > 0) & (sizes[1] > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = (left**2).sum(1) / sizes[0] + (right**2).sum(1) / sizes[1]
    return np.where(whole, score, -np.inf)
