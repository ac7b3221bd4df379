"""Smearing: rows of a table with some of their values exchanged for those of other rows, also within a region of a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", np.float64, np.int32, np.int64)


def smear(
    rows: NDArray[Number], cases: int, p_alt: float, generator: np.random.Generator, region: Region | None = None
) -> NDArray[Number]:
    """Make up rows: a training row, each of whose values is replaced with probability ``p_alt``.

    What replaces a value is that of the same column in another row, drawn for every value by itself. So p_alt = 0
    repeats training rows, and p_alt = 1 draws every column independently of all others.

    Within a region the cases are those that rejection would leave, drawn at once: a row is drawn with the weight that
    its smeared cases have in the region, a value outside the region is replaced for certain, and one inside with
    probability p_alt m / (1 − p_alt + p_alt m), m being the share of the column's values that lie inside.

    Args:
        rows: (n, p) values, or numbers of values, of at least one row. They are copied, never computed with.
        cases: how many to make.
        p_alt: in [0, 1].
        generator: drawn from.
        region: what the cases must satisfy; the whole space where it is None. Its :attr:`~Region.share` is not 0.

    Returns:
        (cases, p), of the same kind of number.

    Source: Breiman and Shang, "Born again trees", 1996, section 2; the draw within a region is Bayes' rule for it.

    Example:
        >>> import numpy as np
        >>> rows = np.array([[1.0, 10.0], [2.0, 20.0]])
        >>> smear(rows, 3, 0.0, np.random.default_rng(0)).sum(1)  # nothing replaced: 11 or 22
        array([22., 11., 11.])
    """
    region = region or whole_space(len(rows), rows.shape[1], p_alt)
    chosen = generator.choice(len(rows), size=cases, p=region.weights / region.weights.sum())
    replaced = generator.random((cases, rows.shape[1])) < region.replaced(chosen)
    others = region.random_inside(generator.random((cases, rows.shape[1])))
    columns = np.arange(rows.shape[1])
    return np.where(replaced, rows[others, columns], rows[chosen])


@dataclass(frozen=True)
class Region:
    """A part of the space that conditions on single columns cut out: the path to a node of a tree.

    Attributes:
        inside: by column which training rows have a value that the conditions allow, (n,) bool; a column without a
            condition is not among them.
        weights: (n,), with which probability the smeared case of each training row lies in the region.
        columns: how many the table has.
        p_alt: with which probability a value is replaced.
    """

    inside: dict[int, NDArray[np.bool_]]
    weights: NDArray[np.float64]
    columns: int
    p_alt: float

    @property
    def share(self) -> float:
        """Of all smeared cases, those that lie in the region: a probability."""
        return float(self.weights.sum()) / len(self.weights)

    def cut(self, column: int, allowed: NDArray[np.bool_]) -> Region:
        """The part of it that one more condition leaves.

        Args:
            column: on which the condition is.
            allowed: (n,), which training rows have a value there that satisfies it.
        """
        before = self.inside.get(column)
        after = allowed if before is None else before & allowed
        by_row, by_chance = 1 - self.p_alt, self.p_alt / len(self.weights)
        chance = by_row * after + by_chance * np.count_nonzero(after)
        if before is not None:
            was = by_row * before + by_chance * np.count_nonzero(before)
            chance = np.divide(chance, was, out=np.zeros_like(was), where=was > 0)
        return Region({**self.inside, column: after}, self.weights * chance, self.columns, self.p_alt)

    def replaced(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """(k, p): with which probability each value of these training rows is replaced, given that the case lies inside."""
        chance = np.full((len(rows), self.columns), self.p_alt)
        for column, inside in self.inside.items():
            among = self.p_alt * np.count_nonzero(inside) / len(inside)
            certain = 1 - self.p_alt + among
            chance[:, column] = np.where(inside[rows], among / certain if certain else 1.0, 1.0)
        return chance

    def random_inside(self, uniform: NDArray[np.float64]) -> NDArray[np.intp]:
        """(k, p) training rows whose value in the column lies inside, by numbers (k, p) in [0, 1)."""
        found = (uniform * len(self.weights)).astype(np.intp)
        for column, inside in self.inside.items():
            allowed = np.flatnonzero(inside)
            if len(allowed):
                found[:, column] = allowed[(uniform[:, column] * len(allowed)).astype(np.intp)]
        return found


def whole_space(rows: int, columns: int, p_alt: float) -> Region:
    """The region without conditions, of a table of ``rows`` training rows."""
    return Region({}, np.ones(rows), columns, p_alt)
