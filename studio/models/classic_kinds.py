"""The kinds of classic learners, and for each a row of settings to make a library of. All of them are scikit-learn's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from studio.core.message import translatable

#: After which a support vector machine is taken as it is: classes that overlap take it many times longer than others.
SVM_ITERATIONS = 30_000

Parameter = float | int | str | bool | None
Parameters = Mapping[str, Parameter]


@dataclass(frozen=True)
class ClassicKind:
    """One way to learn.

    Attributes:
        title: in plain words.
        build: an estimator that has learnt nothing yet, of parameters and a seed.
        grid: values of each parameter; a library takes their combinations, see :func:`settings_of`.
        answers: whether it gives probabilities by itself; if not, they are calibrated.
    """

    title: str
    build: Callable[[Parameters, int], Any]
    grid: Mapping[str, tuple[Parameter, ...]]
    answers: bool = True


def settings_of(kind: ClassicKind) -> list[dict[str, Parameter]]:
    """All combinations of a kind's grid, at least six, spread out: the first few differ in every parameter."""
    names = list(kind.grid)
    combinations = [dict(zip(names, values, strict=True)) for values in product(*kind.grid.values())]
    step = next(
        step for step in range(round(len(combinations) * 0.618), 0, -1) if _no_common_part(step, len(combinations))
    )
    return [combinations[(number * step) % len(combinations)] for number in range(len(combinations))]


def _no_common_part(first: int, second: int) -> bool:
    while second:
        first, second = second, first % second
    return first == 1


def library(members: int) -> Iterator[tuple[str, dict[str, Parameter]]]:
    """Kinds and parameters of so many members, or of all there are: one of each kind in turn."""
    turns = {key: settings_of(kind) for key, kind in KINDS.items()}
    rounds = max(map(len, turns.values()))
    every = [(key, found[turn]) for turn in range(rounds) for key, found in turns.items() if turn < len(found)]
    yield from every[:members]


def _svm(parameters: Parameters, seed: int) -> Any:
    from sklearn.svm import SVC

    return SVC(random_state=seed, cache_size=100, max_iter=SVM_ITERATIONS, **parameters)


def _bagged(parameters: Parameters, seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(random_state=seed, max_features=None, **parameters)


def _forest(parameters: Parameters, seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(random_state=seed, **parameters)


def _boosted(parameters: Parameters, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(random_state=seed, early_stopping=False, **parameters)


def _stumps(parameters: Parameters, seed: int) -> Any:
    return _boosted({"max_leaf_nodes": 2, "min_samples_leaf": 5, **parameters}, seed)


def _tree(parameters: Parameters, seed: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(random_state=seed, **parameters)


def _net(parameters: Parameters, seed: int) -> Any:
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    units = parameters["units"]
    rest = {name: value for name, value in parameters.items() if name != "units"}
    return make_pipeline(
        StandardScaler(), MLPClassifier((units,), random_state=seed, learning_rate_init=0.005, batch_size=64, **rest)
    )


def _logistic(parameters: Parameters, seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import SplineTransformer, StandardScaler

    regression = LogisticRegression(C=parameters["C"], random_state=seed, max_iter=300)
    first = SplineTransformer(n_knots=5) if parameters["bends"] else StandardScaler()
    return make_pipeline(first, regression)


def _neighbours(parameters: Parameters, seed: int) -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    del seed  # nothing is drawn
    return KNeighborsClassifier(**parameters)


def _naive_bayes(parameters: Parameters, seed: int) -> Any:
    from sklearn.naive_bayes import GaussianNB

    del seed
    return GaussianNB(**parameters)


#: In the order of deck 001.
KINDS: dict[str, ClassicKind] = {
    "svm": ClassicKind(
        translatable("Support vector machine"), _svm,
        {"C": (0.3, 1.0, 10.0, 100.0), "gamma": ("scale", 0.3, 1.0, 3.0)}, answers=False,
    ),
    "bagged_trees": ClassicKind(
        translatable("Bagged trees"), _bagged,
        {"n_estimators": (50, 100), "min_samples_leaf": (1, 2, 5), "criterion": ("gini", "entropy")},
    ),
    "boosted_trees": ClassicKind(
        translatable("Boosted trees"), _boosted,
        {"max_iter": (50, 100, 200), "learning_rate": (0.05, 0.1, 0.2), "max_leaf_nodes": (8, 31)},
    ),
    "boosted_stumps": ClassicKind(
        translatable("Boosted stumps"), _stumps, {"max_iter": (50, 100, 200, 400), "learning_rate": (0.1, 0.3, 1.0)}
    ),
    "tree": ClassicKind(
        translatable("Tree"), _tree,
        {"min_samples_leaf": (1, 3, 10, 30), "criterion": ("gini", "entropy"), "max_depth": (None, 8)},
    ),
    "forest": ClassicKind(
        translatable("Random forest"), _forest,
        {"n_estimators": (100, 200), "max_features": (1, "sqrt", 0.5), "min_samples_leaf": (1, 3)},
    ),
    "net": ClassicKind(
        translatable("Neural net"), _net,
        {"units": (16, 64, 128), "alpha": (1e-4, 1e-2), "max_iter": (30, 80)},
    ),
    "logistic": ClassicKind(
        translatable("Logistic regression"), _logistic, {"C": (0.01, 0.1, 1.0, 10.0, 100.0), "bends": (False, True)}
    ),
    "neighbours": ClassicKind(
        translatable("Nearest neighbours"), _neighbours,
        {"n_neighbors": (1, 3, 5, 9, 17, 33), "weights": ("uniform", "distance")},
    ),
    "naive_bayes": ClassicKind(
        translatable("Naive Bayes"), _naive_bayes, {"var_smoothing": (1e-9, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0)}
    ),
}  # fmt: skip
