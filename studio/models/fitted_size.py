"""How much a learner holds once it has learnt: the numbers that answering needs, as scikit-learn keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

#: What scikit-learn keeps of learning alone: a net's optimiser holds as much again as its weights.
ONLY_FOR_LEARNING = ("_optimizer", "_random_state", "loss_curve_", "_no_improvement_count")
#: How deep an estimator is built of others; deeper than any of :data:`studio.models.classic_kinds.KINDS`.
DEEPEST = 12


def held_bytes(estimator: Any) -> int:
    """The bytes of all arrays of numbers that an estimator holds, each counted once.

    Trees are compiled objects whose nodes are told by ``__getstate__``; everything else is found by its attributes.

    Example:
        >>> from sklearn.naive_bayes import GaussianNB
        >>> held_bytes(GaussianNB().fit([[0.0], [1.0], [2.0]], [0, 0, 1]))  # means, variances, shares, counts, classes
        80
    """
    seen: dict[int, Any] = {}  # the objects are held, so that no other gets the address of one
    return sum(array.nbytes for array in _arrays(estimator, seen, 0))


def _arrays(found: Any, seen: dict[int, Any], depth: int) -> Iterator[np.ndarray]:
    if depth > DEEPEST or id(found) in seen or isinstance(found, (str, bytes, int, float, type(None), type)):
        return
    seen[id(found)] = found
    if isinstance(found, np.ndarray):
        if found.dtype == object:
            yield from _each(found.ravel(), seen, depth)
        elif not isinstance(found.base, np.ndarray) or id(found.base) not in seen:
            yield found
    elif isinstance(found, Mapping):
        yield from _each((part for name, part in found.items() if name not in ONLY_FOR_LEARNING), seen, depth)
    elif isinstance(found, (list, tuple)):
        yield from _each(found, seen, depth)
    elif type(found).__module__.startswith("sklearn"):
        held = found.__getstate__() if hasattr(found, "__getstate__") else vars(found)
        yield from _arrays(held, seen, depth)


def _each(parts: Any, seen: dict[int, Any], depth: int) -> Iterator[np.ndarray]:
    for part in parts:
        yield from _arrays(part, seen, depth + 1)
