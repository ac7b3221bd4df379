"""RANDOM: every column drawn by itself, from the values it has or evenly over their range."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Marginal = Literal["values", "range"]
"""What a column is drawn from: its own values as often as they occur, or evenly what lies between or among them."""


def random_cases(
    rows: NDArray[np.float64],
    nominal: NDArray[np.bool_],
    cases: int,
    generator: np.random.Generator,
    marginal: Marginal = "values",
) -> NDArray[np.float64]:
    """Make up rows whose columns are independent of each other.

    Args:
        rows: (n, p) of at least one row.
        nominal: (p,), which columns are.
        cases: how many to make.
        generator: drawn from.
        marginal: "values" draws from the values of the training rows, missing ones among them; "range" evenly between
            the smallest and the largest, of a nominal column evenly among its values.

    Returns:
        (cases, p).

    Source: Bucila, Caruana and Niculescu-Mizil, "Model compression", KDD 2006, section 3.1.

    Example:
        >>> import numpy as np
        >>> rows = np.array([[0.0, 5.0], [1.0, 5.0]])
        >>> random_cases(rows, np.array([False, False]), 4, np.random.default_rng(0))[:, 1]
        array([5., 5., 5., 5.])
    """
    picked = generator.integers(len(rows), size=(cases, rows.shape[1]))
    made = rows[picked, np.arange(rows.shape[1])]
    if marginal == "values":
        return made
    for column in range(rows.shape[1]):
        known = rows[~np.isnan(rows[:, column]), column]
        if not len(known):
            continue
        if nominal[column]:
            made[:, column] = generator.choice(np.unique(known), size=cases)
        else:
            made[:, column] = generator.uniform(known.min(), known.max(), size=cases)
    return made
