"""Which arrays of a snapshot fit what views draw: by name, shape, type and range. The others are left out, and named.

================================  =====================  ==================================================
name                              shape                  values
================================  =====================  ==================================================
probe/inputs                      (P, C, H, W)           uint8, C 1 or 3; or (P, D) floats
probe/labels                      (P,)                   whole, in [0, K)
logits/ROLE                       (P, K)                 finite
attention/ROLE/GROUP/KIND         (P, h, w)              finite
grad_cam/ROLE/GROUP               (P, h, w)              finite
inner/MAP/ROLE/TAP/NAME           (P, h, w)              finite
alike/GROUP/KIND                  ()                     in [-1, 1]
filters/ROLE                      (N, C, k, k)           finite, C 1 or 3
agreement/GROUP, chance/GROUP     ()                     percent; also below own/
channels/GROUP, firing/GROUP      (C,)                   percent; a share; also below own/
how/GROUP                         ()                     whole; also below own/
plane/extent                      (4,)                   x0 < x1, y0 < y1
plane/points, plane/labels        (N, 2), (N,)           finite; whole, in [0, K)
plane/ROLE/probabilities          (K, G, G')             in [0, 1]
plane/ROLE/layer/GROUP            (n, G, G')             finite
plane/walks/paths                 (M, S, 2)              finite, S at least 2
plane/walks/bases, .../targets    (M,)                   whole
plane/walks/taught                ()                     true or false
================================  =====================  ==================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np

_Arrays = Mapping[str, np.ndarray]
#: Examples of a probe, classes, pixels of a side, neurons of a layer, points, groups of layers: more are none of ours.
MOST_SHOWN, MOST_CLASSES, MOST_PIXELS, MOST_NEURONS, MOST_POINTS, MOST_NAMES = 256, 50_000, 4096, 65_536, 10**6, 2000
#: First filters of a network, and pixels of a side of one.
MOST_FILTERS, MOST_SIDE = 512, 16
#: Values of a curve or a map; their squares and sums stay finite in single precision.
LARGEST = 1e15
_ROUNDING = 1e-2
_LEAST_SPAN = 1e-6


class CheckedArrays(dict[str, np.ndarray]):
    """The arrays that fit.

    Attributes:
        unfit: names of those that were left out.
    """

    def __init__(self, arrays: _Arrays, unfit: tuple[str, ...] = ()) -> None:
        super().__init__(arrays)
        self.unfit = unfit

    def lacks(self, *beginnings: str) -> bool:
        """Whether something was left out whose name begins so, or whether there is nothing at all."""
        return not self or any(name.startswith(beginnings) for name in self.unfit)


def check_arrays(arrays: _Arrays) -> CheckedArrays:
    """The arrays of a snapshot that can be drawn. Names that are not known stay where their values are finite numbers."""
    fits = _Fits(arrays)
    names = list(arrays)[:MOST_NAMES]
    kept = {name: arrays[name] for name in names if fits.check(name, arrays[name])}
    return CheckedArrays(kept, tuple(name for name in arrays if name not in kept))


class _Fits:
    """What the arrays of one snapshot have in common: how many examples, classes and places there are."""

    def __init__(self, arrays: _Arrays) -> None:
        inputs, logits = arrays.get("probe/inputs"), arrays.get("logits/student")
        self._shown: int | None = None
        if inputs is not None:
            self._shown = len(inputs) if _is_input(inputs) else None
        elif logits is not None and logits.ndim == 2:
            self._shown = len(logits)
        planes = {role: arrays.get(f"plane/{role}/probabilities") for role in ("student", "teacher")}
        whole = {role: plane for role, plane in planes.items() if plane is not None and _is_plane(plane)}
        answers = [logits.shape[1]] if logits is not None and self._is_table(logits) else []
        self._classes = next(iter([*answers, *(len(plane) for plane in whole.values())]), MOST_CLASSES)
        self._grids = {role: plane.shape[1:] for role, plane in whole.items() if len(plane) == self._classes}
        paths = arrays.get("plane/walks/paths")
        self._walks = len(paths) if paths is not None and self.paths(paths, "") else None
        points = arrays.get("plane/points")
        self._points = len(points) if points is not None and self.points(points, "") else None

    def check(self, name: str, array: np.ndarray) -> bool:
        """Whether an array is what its name says."""
        for pattern, rule in _RULES:
            found = pattern.fullmatch(name)
            if found:
                return rule(self, array, found.groupdict().get("role", ""))
        return array.dtype.kind in "biuf" and array.dtype.itemsize <= 8 and bool(np.isfinite(array).all())

    def inputs(self, array: np.ndarray, _role: str) -> bool:
        return _is_input(array)

    def labels(self, array: np.ndarray, _role: str) -> bool:
        return self._shown is not None and array.shape == (self._shown,) and _is_whole(array, self._classes)

    def logits(self, array: np.ndarray, _role: str) -> bool:
        return self._is_table(array) and array.shape[1] == self._classes

    def maps(self, array: np.ndarray, _role: str) -> bool:
        sides = array.ndim == 3 and all(1 <= side <= MOST_PIXELS for side in array.shape[1:])
        return sides and len(array) == self._shown and _is_within(array)

    def filters(self, array: np.ndarray, _role: str) -> bool:
        square = array.ndim == 4 and array.shape[1] in (1, 3) and 1 <= array.shape[2] == array.shape[3] <= MOST_SIDE
        return square and 1 <= len(array) <= MOST_FILTERS and _is_within(array)

    def extent(self, array: np.ndarray, _role: str) -> bool:
        if array.shape != (4,) or not _is_within(array):
            return False
        x0, x1, y0, y1 = (float(value) for value in array)
        return _is_span(x0, x1) and _is_span(y0, y1)

    def points(self, array: np.ndarray, _role: str) -> bool:
        return array.ndim == 2 and array.shape[1] == 2 and len(array) <= MOST_POINTS and _is_within(array)

    def point_labels(self, array: np.ndarray, _role: str) -> bool:
        return array.ndim == 1 and len(array) == self._points and _is_whole(array, self._classes)

    def plane(self, array: np.ndarray, role: str) -> bool:
        return role in self._grids and _is_plane(array)

    def layer(self, array: np.ndarray, role: str) -> bool:
        same = array.ndim == 3 and array.shape[1:] == self._grids.get(role)
        return same and 1 <= len(array) <= MOST_NEURONS and _is_within(array)

    def paths(self, array: np.ndarray, _role: str) -> bool:
        return array.ndim == 3 and array.shape[1] >= 2 and array.shape[2] == 2 and _is_within(array)

    def of_walks(self, array: np.ndarray, _role: str) -> bool:
        return array.shape == (self._walks,) and _is_whole(array, self._classes)

    def _is_table(self, array: np.ndarray) -> bool:
        known = array.ndim == 2 and len(array) == self._shown and 1 <= array.shape[1] <= MOST_CLASSES
        return known and _is_within(array)


_Rule = Callable[[_Fits, np.ndarray, str], bool]


def _number(low: float, high: float) -> _Rule:
    return lambda _fits, array, _role: array.shape == () and _is_within(array, low, high)


def _row(low: float, high: float) -> _Rule:
    return lambda _fits, array, _role: (
        array.ndim == 1 and 1 <= len(array) <= MOST_NEURONS and _is_within(array, low, high)
    )


def _count(_fits: _Fits, array: np.ndarray, _role: str) -> bool:
    return array.shape == () and _is_whole(array, 100)


def _flag(_fits: _Fits, array: np.ndarray, _role: str) -> bool:
    return array.shape == () and array.dtype.kind == "b"


_ROLE = "(?P<role>teacher|student)"
_RULES: tuple[tuple[re.Pattern[str], _Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        ("probe/inputs", _Fits.inputs),
        ("probe/labels", _Fits.labels),
        (f"logits/{_ROLE}", _Fits.logits),
        (f"attention/{_ROLE}/.+", _Fits.maps),
        (f"grad_cam/{_ROLE}/.+", _Fits.maps),
        (f"inner/(attention|grad_cam)/{_ROLE}/.+", _Fits.maps),
        ("alike/.+", _number(-1, 1)),
        (f"filters/{_ROLE}", _Fits.filters),
        ("(own/)?(agreement|chance)/.+", _number(0, 100)),
        ("(own/)?channels/.+", _row(0, 100)),
        ("(own/)?firing/.+", _row(0, 1)),
        ("(own/)?how/.+", _count),
        ("plane/extent", _Fits.extent),
        ("plane/points", _Fits.points),
        ("plane/labels", _Fits.point_labels),
        (f"plane/{_ROLE}/probabilities", _Fits.plane),
        (f"plane/{_ROLE}/layer/.+", _Fits.layer),
        ("plane/walks/paths", _Fits.paths),
        ("plane/walks/(bases|targets)", _Fits.of_walks),
        ("plane/walks/taught", _flag),
    )
)


def _is_input(array: np.ndarray) -> bool:
    if not 1 <= _length(array) <= MOST_SHOWN:
        return False
    if array.ndim == 4:
        sides = all(1 <= side <= MOST_PIXELS for side in array.shape[2:])
        return array.dtype == np.uint8 and array.shape[1] in (1, 3) and sides
    return array.ndim == 2 and array.shape[1] >= 1 and _is_within(array)


def _is_plane(array: np.ndarray) -> bool:
    sides = array.ndim == 3 and all(2 <= side <= MOST_PIXELS for side in array.shape[1:])
    return sides and 2 <= len(array) <= MOST_CLASSES and _is_within(array, 0, 1)


def _is_within(array: np.ndarray, low: float = -LARGEST, high: float = LARGEST) -> bool:
    """Whether all values are finite floats in a range, rounding forgiven."""
    if array.dtype.kind != "f" or array.dtype.itemsize > 8:
        return False
    slack = _ROUNDING * (high - low) if abs(high) < LARGEST else 0.0
    if array.size < 2:
        return not array.size or low - slack <= array.item() <= high + slack
    values = array.astype(np.float32) if array.dtype.itemsize == 2 else array  # short ones are compared slowly
    return float(values.min()) >= low - slack and float(values.max()) <= high + slack  # NaN is neither


def _is_whole(array: np.ndarray, end: int) -> bool:
    return array.dtype.kind in "iu" and bool(((array >= 0) & (array < end)).all())


def _is_span(low: float, high: float) -> bool:
    return high - low > _LEAST_SPAN * max(abs(low), abs(high), _LEAST_SPAN)


def _length(array: np.ndarray | None) -> int:
    return len(array) if array is not None and array.ndim else 0
