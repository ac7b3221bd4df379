"""Choosing an ensemble out of a library: greedily, with replacement, by rows that no member has learnt from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SelectionPlan:
    """How members are chosen.

    Attributes:
        rounds: members that are added, one may be added again and again.
        sorted_start: so many of the best members are in before the first round.
        bags: times the selection is done on a random part of the library; the counts of all are added up.
        bag_share: of the library in each bag.
    """

    rounds: int = 100
    sorted_start: int = 5
    bags: int = 20
    bag_share: float = 0.5


def squared_error(answers: NDArray[np.floating], labels: NDArray[np.int64]) -> float:
    """The mean over rows of Σ_k (p_k − y_k)² of answers (n, K); for two classes twice that of one of them."""
    apart = answers.astype(np.float64)
    apart[np.arange(len(labels)), labels] -= 1.0
    return float((apart**2).sum(1).mean())


def select_ensemble(
    answers: NDArray[np.floating], labels: NDArray[np.int64], plan: SelectionPlan, generator: np.random.Generator
) -> NDArray[np.float64]:
    """The weight of every member in a mean of probabilities; most of them 0.

    Every round adds the member that makes the mean's squared error on these rows smallest; of a bag those added up to the
    round with the smallest error are kept.

    Args:
        answers: (M, n, K) probabilities of the members on rows kept back.
        labels: (n,) of these rows.
        generator: draws the bags.

    Returns:
        (M,), of sum 1.

    Source: Caruana, Niculescu-Mizil, Crew and Ksikes, "Ensemble selection from libraries of models", ICML 2004, section 2.

    Example:
        >>> import numpy as np
        >>> sure, wrong = [[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]
        >>> plan = SelectionPlan(rounds=3, sorted_start=1, bags=1, bag_share=1.0)
        >>> select_ensemble(np.array([wrong, sure]), np.array([0, 1]), plan, np.random.default_rng(0))
        array([0., 1.])
    """
    members = len(answers)
    if plan.bags <= 1 or plan.bag_share >= 1:
        counts = _greedy(answers, labels, np.arange(members), plan)
        return np.asarray(counts / counts.sum())
    counts = np.zeros(members)
    size = max(1, round(plan.bag_share * members))
    for _ in range(plan.bags):
        counts += _greedy(answers, labels, np.sort(generator.choice(members, size=size, replace=False)), plan)
    return np.asarray(counts / counts.sum())


def _greedy(
    answers: NDArray[np.floating], labels: NDArray[np.int64], bag: NDArray[np.intp], plan: SelectionPlan
) -> NDArray[np.float64]:
    """How often each member of a bag was added."""
    own = answers[bag].reshape(len(bag), -1).astype(np.float64)
    truth = np.zeros(answers.shape[1:])
    truth[np.arange(len(labels)), labels] = 1.0
    apart = own - truth.ravel()  # errors add up like answers: the mean's error is the mean of errors
    products, squares = apart @ apart.T, (apart**2).sum(1)
    order = squares.argsort(kind="stable")
    counts = np.zeros(len(bag))
    counts[order[: max(1, plan.sorted_start)]] = 1.0
    with_sum = products @ counts  # of each member's errors with those of the sum
    of_sum = float(counts @ with_sum)
    best, best_error = counts.copy(), of_sum / counts.sum() ** 2
    for _ in range(plan.rounds):
        errors = (of_sum + 2 * with_sum + squares) / (counts.sum() + 1) ** 2
        added = int(errors.argmin())
        of_sum += float(2 * with_sum[added] + squares[added])
        counts[added] += 1
        with_sum = with_sum + products[added]
        if errors[added] < best_error - 1e-12:
            best, best_error = counts.copy(), float(errors[added])
    found = np.zeros(len(answers))
    found[bag] = best
    return found
