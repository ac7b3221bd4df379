"""Arrays as nobody writes them: of other shapes, types and values, each of which a damaged or foreign file may hold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

#: What may become of an array, by name.
ODD: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "empty": lambda array: np.empty((0, *array.shape[1:]), array.dtype),
    "nothing": lambda _array: np.empty(0, np.float32),
    "sides of 0": lambda array: np.empty((*array.shape[:1], *(0 for _ in array.shape[1:]), 0), array.dtype),
    "a number": lambda _array: np.array(1.0),
    "one more": lambda array: np.concatenate([np.atleast_1d(array), np.atleast_1d(array)[:1]]),
    "one axis more": lambda array: array[..., None],
    "one axis less": lambda array: array.reshape(array.shape[0], -1)[:, 0] if array.ndim > 1 else np.array(array.sum()),
    "turned": lambda array: array.T[:-1] if array.ndim else array[None, None],
    "none": lambda array: np.full(array.shape, np.nan),
    "infinite": lambda array: np.full(array.shape, np.inf),
    "1e308": lambda array: np.full(array.shape, 1e308),
    "-1e308": lambda array: np.full(array.shape, -1e308),
    "one that is none": lambda array: _with_last(array.astype(np.float64), np.nan),
    "whole": lambda array: np.full(array.shape, 2**62, np.int64),
    "negative": lambda array: np.full(array.shape, -7, np.int64),
    "words": lambda array: np.full(array.shape, "x"),
    "complex": lambda array: array.astype(np.complex128),
    "bytes": lambda array: np.full(array.shape, b"x"),
    "fields": lambda array: np.zeros(array.shape, [("a", "f4"), ("b", "i4")]),
    "flags": lambda array: np.zeros(array.shape, bool),
    "dates": lambda array: np.zeros(array.shape, "M8[D]"),
    "wide": lambda array: np.zeros((*array.shape[:-1], 70_000) if array.ndim == 2 else 70_000, np.float32),
}


def _with_last(array: np.ndarray, value: float) -> np.ndarray:
    array.reshape(-1)[-1:] = value
    return array


def one_of_each_kind(names: list[str]) -> list[str]:
    """Of names that differ in the group of layers or the map alone, the first."""
    kinds: dict[str, str] = {}
    for name in names:
        parts = name.split("/")
        own = 1 if parts[0] == "own" else 0
        kept = parts[: 3 if parts[0] == "plane" else (2 if parts[0] in ("probe", "logits", "attention") else 1 + own)]
        kinds.setdefault("/".join(kept), name)
    return list(kinds.values())
