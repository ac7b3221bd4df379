"""Which value is black and which is white in pictures of more than 8 bits: one range for all of a data set.

Files of 16 bits or real numbers seldom fill their range: cameras and scanners store 10, 12 or 14 bits in 16, others count
from an offset. A range chosen picture by picture would make the same tissue bright in one and dark in the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from studio.core.picture_scan import ValueRange

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Numbers = Literal["whole", "real"]

#: Share of the values that may lie beyond a range: a few dead pixels decide nothing.
STRAY = 1e-4
#: Share of its width by which real numbers may go beyond a usual range, as they do after resampling.
OVERSHOOT = 0.05
#: Share of a usual range that the values must fill; else their own range is taken.
FILLED = 0.25
#: Usual ranges, the narrowest first.
_USUAL: dict[Numbers, tuple[tuple[float, float], ...]] = {
    "whole": tuple((0.0, float(2**bits - 1)) for bits in (8, 10, 12, 14, 16)),
    "real": ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0), (0.0, 65535.0)),
}
_BINS = 1 << 16


def numbers_of(levels: np.ndarray) -> Numbers:
    """What kind of numbers an array holds."""
    return "real" if levels.dtype.kind == "f" else "whole"


@dataclass
class ValueCounts:
    """How often which values occur in many pictures; the same in whatever order they are counted.

    Values are counted by the upper 16 bits of their float32 in the order of numbers: to 0.8 % everywhere, exactly at
    powers of two.

    Attributes:
        pictures: counted so far.
        least, most: of all finite values.
        counts: (65536,) int64.
    """

    pictures: int = 0
    least: float = np.inf
    most: float = -np.inf
    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(_BINS, np.int64))

    def add(self, levels: np.ndarray) -> None:
        """Count the values of one picture; those that are no finite numbers are passed over."""
        values = levels.astype(np.float32).ravel()
        values = values[np.isfinite(values)]
        self.pictures += 1
        if values.size:
            self.least = min(self.least, float(levels.min() if values.size == levels.size else values.min()))
            self.most = max(self.most, float(levels.max() if values.size == levels.size else values.max()))
            self.counts += np.bincount(_bins(values), minlength=_BINS)

    def join(self, others: Iterable[ValueCounts]) -> ValueCounts:
        """The counts of all together."""
        joined = ValueCounts(self.pictures, self.least, self.most, self.counts.copy())
        for other in others:
            joined.pictures += other.pictures
            joined.least, joined.most = min(joined.least, other.least), max(joined.most, other.most)
            joined.counts += other.counts
        return joined

    def share_beyond(self, low: float, high: float) -> float:
        """Share of values below ``low`` or above ``high``; those in the bins of the two count as within."""
        ends = _bins(np.array([low, high], np.float32))
        total = int(self.counts.sum())
        beyond = int(self.counts[: ends[0]].sum() + self.counts[ends[1] + 1 :].sum())
        return beyond / total if total else 0.0

    def without_strays(self) -> tuple[float, float]:
        """The least and the greatest value, but for :data:`STRAY` at either end."""
        running = np.cumsum(self.counts)
        stray = STRAY * float(running[-1])
        low = int(np.searchsorted(running, stray, side="right"))
        high = int(np.searchsorted(running, float(running[-1]) - stray, side="left"))
        return max(self.least, _edge(low)), min(self.most, _edge(high + 1))


def choose_range(
    numbers: Numbers, counts: ValueCounts, black: float | None = None, white: float | None = None
) -> ValueRange:
    """The range for pictures of such values.

    It is the narrowest usual one that all values but strays lie in, as far as they fill a quarter of it; else it goes
    from the least to the greatest value.

    Args:
        black: the value that a person wants black, None to measure it; ``white`` the same.
    """
    low, high = _measured(numbers, counts)
    low, high = low if black is None else black, high if white is None else white
    if high <= low:  # one end was set, and the values lie beyond it
        low, high = (low, low + 1.0) if black is not None else (high - 1.0, high)
    return ValueRange(
        numbers,
        counts.pictures,
        counts.least if counts.pictures and np.isfinite(counts.least) else 0.0,
        counts.most if counts.pictures and np.isfinite(counts.most) else 0.0,
        low,
        high,
        counts.share_beyond(low, high),
        chosen=black is not None or white is not None,
    )


def _measured(numbers: Numbers, counts: ValueCounts) -> tuple[float, float]:
    usual = _USUAL[numbers]
    if not counts.counts.any():
        return usual[-1] if numbers == "whole" else usual[0]
    low, high = counts.without_strays()
    for least, most in usual:
        beyond = OVERSHOOT * (most - least) if numbers == "real" else 0.0
        if counts.share_beyond(least - beyond, most + beyond) <= STRAY:
            filled = (high - low) / (most - least) >= FILLED
            if filled:
                return least, most
            break
    if high > low:
        return low, high
    # one value everywhere says nothing of its range
    within = [span for span in usual if span[0] <= low <= span[1]]
    if numbers == "whole":
        return usual[-1] if within else (min(0.0, low), max(1.0, high))
    return within[0] if within else (min(0.0, low), max(1.0, high))


def to_eight_bits(levels: np.ndarray, span: ValueRange) -> NDArray[np.uint8]:
    """Values as uint8: black is 0, white 255, what lies beyond is cut off; what is no number is black."""
    values = np.nan_to_num(levels.astype(np.float64), nan=span.black, posinf=span.white, neginf=span.black)
    scaled = (values - span.black) * (255 / (span.white - span.black))
    eight_bits: NDArray[np.uint8] = np.rint(scaled.clip(0, 255)).astype(np.uint8)
    return eight_bits


def _bins(values: NDArray[np.float32]) -> NDArray[np.int64]:
    """The bin of each value: in the order of the values."""
    bits = values.view(np.uint32)
    ordered = np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31))
    return (ordered >> np.uint32(16)).astype(np.int64)


def _edge(number: int) -> float:
    """The lower end of a bin."""
    ordered = np.uint32(min(number, _BINS - 1) << 16)
    bits = ordered & np.uint32(0x7FFFFFFF) if ordered >> 31 else ~ordered
    return float(np.array([bits], np.uint32).view(np.float32)[0])
