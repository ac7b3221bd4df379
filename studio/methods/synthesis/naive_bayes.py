"""NBE: rows drawn from a mixture in each of whose components the columns are independent, fitted to the training rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Numbers of components tried, until rows kept back are no longer told better.
COMPONENTS = (1, 2, 4, 8, 16, 32, 64)
#: Of the rows that are kept back to choose among them; iterations of a fit; the gain of one that ends it.
KEPT_BACK, ITERATIONS, GAIN = 0.2, 50, 1e-4
#: Rows that a component holds of every value beforehand, and the least spread of a number, of the whole column's.
PRIOR, LEAST_SPREAD = 0.1, 0.02


@dataclass(frozen=True)
class Mixture:
    """A naive Bayes estimate of how rows are distributed: Σ_k w_k Π_j p(x_j | k).

    Attributes:
        weights: (k,) of sum 1.
        means, spreads: (k, q) of the numeric columns, q of them; spreads are standard deviations.
        chances: by nominal column the (k, values) probabilities of its values.
        missing: (k, p), that a value is missing.
    """

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    spreads: NDArray[np.float64]
    chances: tuple[NDArray[np.float64], ...]
    missing: NDArray[np.float64]
    nominal: NDArray[np.bool_]

    def log_joint(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """log w_k + log p(row | k), (n, k)."""
        absent = np.isnan(rows)
        logs = np.log(self.weights) + absent @ np.log(self.missing).T + ~absent @ np.log1p(-self.missing).T
        numbers = rows[:, ~self.nominal]
        for column in range(numbers.shape[1]):
            away = (numbers[:, column, None] - self.means[:, column]) / self.spreads[:, column]
            logs += np.nan_to_num(-0.5 * away**2 - np.log(self.spreads[:, column] * np.sqrt(2 * np.pi)))
        for values, chances in zip(rows[:, self.nominal].T, self.chances, strict=True):
            known = ~np.isnan(values)
            logs[known] += np.log(chances).T[values[known].astype(np.intp)]
        return np.asarray(logs)

    def draw(self, cases: int, generator: np.random.Generator) -> NDArray[np.float64]:
        """(cases, p) rows of this distribution."""
        component = generator.choice(len(self.weights), size=cases, p=self.weights)
        made = np.empty((cases, len(self.nominal)))
        noise = generator.standard_normal((cases, self.means.shape[1]))
        made[:, ~self.nominal] = self.means[component] + self.spreads[component] * noise
        for column, chances in zip(np.flatnonzero(self.nominal), self.chances, strict=True):
            borders = chances.cumsum(1)[component]
            made[:, column] = (generator.random(cases)[:, None] * borders[:, -1:] > borders).sum(1)
        made[generator.random(made.shape) < self.missing[component]] = np.nan
        return made


def naive_bayes_cases(
    rows: NDArray[np.float64], nominal: NDArray[np.bool_], cases: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Make up rows of a mixture that :func:`fit_mixture` fits; numbers stay within the range of their column.

    Args:
        rows: (n, p) of at least two rows, missing values NaN, nominal ones numbered from 0.
        nominal: (p,), which columns are.
        cases: how many to make.
        generator: drawn from.

    Returns:
        (cases, p).

    Source: Lowd and Domingos, "Naive Bayes models for probability estimation", ICML 2005; used for this by Bucila, Caruana
    and Niculescu-Mizil, "Model compression", KDD 2006.

    Example:
        >>> import numpy as np
        >>> rows = np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
        >>> naive_bayes_cases(rows, np.array([True, True]), 5, np.random.default_rng(0)).shape
        (5, 2)
    """
    made = fit_mixture(rows, nominal, generator).draw(cases, generator)
    known = ~np.isnan(rows).all(0)
    low, high = np.zeros(rows.shape[1]), np.zeros(rows.shape[1])
    low[known], high[known] = np.nanmin(rows[:, known], 0), np.nanmax(rows[:, known], 0)
    return np.clip(made, low, high)


def fit_mixture(rows: NDArray[np.float64], nominal: NDArray[np.bool_], generator: np.random.Generator) -> Mixture:
    """The mixture whose number of components, of :data:`COMPONENTS`, tells rows kept back best, fitted to all rows.

    Args:
        rows: (n, p), at least two rows.
    """
    order = generator.permutation(len(rows))
    kept = max(1, round(KEPT_BACK * len(rows)))
    held, learnt = rows[order[:kept]], rows[order[kept:]]
    best, best_count = -np.inf, 1
    for count in COMPONENTS:
        if count > max(1, len(learnt) // 4):
            break
        told = float(
            np.logaddexp.reduce(_fitted(learnt, nominal, count, generator, rows).log_joint(held), axis=1).mean()
        )
        if told <= best:
            break
        best, best_count = told, count
    return _fitted(rows, nominal, best_count, generator, rows)


def _fitted(
    rows: NDArray[np.float64],
    nominal: NDArray[np.bool_],
    count: int,
    generator: np.random.Generator,
    whole: NDArray[np.float64],
) -> Mixture:
    """Expectation and maximisation; at first every row belongs to the nearest of ``count`` rows far from each other."""
    apart = _distances(rows, rows[[generator.integers(len(rows))]], nominal, whole)
    while apart.shape[1] < count:
        far = apart.min(1)
        chance = far / far.sum() if far.sum() else np.full(len(rows), 1 / len(rows))
        new = rows[[generator.choice(len(rows), p=chance)]]
        apart = np.concatenate([apart, _distances(rows, new, nominal, whole)], axis=1)
    belongs = np.eye(count)[apart.argmin(1)] * 0.99 + 0.01 / count
    before = -np.inf
    mixture = _maximised(rows, nominal, belongs, whole)
    for _ in range(ITERATIONS):
        joint = mixture.log_joint(rows)
        total = np.logaddexp.reduce(joint, axis=1, keepdims=True)
        told = float(total.mean())
        if told - before < GAIN:
            break
        before = told
        mixture = _maximised(rows, nominal, np.exp(joint - total), whole)
    return mixture


def _distances(
    rows: NDArray[np.float64], centre: NDArray[np.float64], nominal: NDArray[np.bool_], whole: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n, 1) squared distances in widths of the columns; 1 for a nominal value that differs or a missing one."""
    width = np.maximum(np.ptp(np.nan_to_num(whole), axis=0), 1e-9)
    away = np.nan_to_num(np.abs(rows - centre) / width, nan=1.0)
    return np.asarray(np.where(nominal, away != 0, away**2).sum(1, keepdims=True), dtype=np.float64)


def _maximised(
    rows: NDArray[np.float64], nominal: NDArray[np.bool_], belongs: NDArray[np.float64], whole: NDArray[np.float64]
) -> Mixture:
    """The most likely mixture where row i belongs to component k with probability ``belongs[i, k]``."""
    absent = np.isnan(rows)
    numbers, known = np.nan_to_num(rows[:, ~nominal]), (~absent[:, ~nominal]).astype(float)
    held = belongs.T @ known + 1e-9
    means = belongs.T @ (numbers * known) / held
    variance = np.maximum(belongs.T @ (numbers**2 * known) / held - means**2, 0.0)
    spread = np.nan_to_num(np.ptp(np.nan_to_num(whole[:, ~nominal]), axis=0))
    spreads = np.maximum(np.sqrt(variance), LEAST_SPREAD * spread + 1e-9)
    chances = []
    for column in np.flatnonzero(nominal):
        present = ~absent[:, column]
        values = 1 + int(np.nan_to_num(whole[:, column]).max())
        counts = belongs[present].T @ np.eye(values)[rows[present, column].astype(np.intp)] + PRIOR
        chances.append(counts / counts.sum(1, keepdims=True))
    size = belongs.sum(0)
    missing = np.clip(belongs.T @ absent / (size[:, None] + 1e-9), 1e-6, 1 - 1e-6) * absent.any(0)
    size = size + 1e-9
    return Mixture(size / size.sum(), means, spreads, tuple(chances), np.maximum(missing, 1e-12), nominal)
