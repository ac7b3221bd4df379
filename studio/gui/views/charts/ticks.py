"""Where the ticks of an axis stand and what they are called."""

from __future__ import annotations

import math

Tick = tuple[float, str]


def linear_ticks(low: float, high: float, room: float, spacing: float = 40.0) -> list[Tick]:
    """Ticks at 1, 2 or 5 times a power of ten.

    Args:
        low, high: the range of the axis.
        room: its length in pixels.
        spacing: the least distance of two ticks in pixels.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return []
    step = nice_step((high - low) * spacing / max(room, spacing))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(i * step, number(i * step)) for i in range(first, last + 1)]


def log_ticks(low: float, high: float, room: float, spacing: float = 20.0) -> list[Tick]:
    """Ticks of a logarithmic axis, at powers of ten; within one decade at 1, 2 and 5 as well.

    Args:
        low, high: the range of the axis, decimal logarithms.
        room: its length in pixels.
        spacing: the least distance of two ticks in pixels.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return []
    every = max(1, math.ceil((high - low) * spacing / max(room, 1.0)))
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    ticks = [(float(i), number(10.0**i)) for i in range(first, last + 1) if i % every == 0]
    if len(ticks) >= 2:
        return ticks
    between = [math.log10(m) + i for i in range(first - 1, last + 1) for m in (1, 2, 5)]
    inside = [position for position in between if low - 1e-9 <= position <= high + 1e-9]
    return _apart([(position, number(10.0**position)) for position in inside], (high - low) * spacing / max(room, 1.0))


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``least``."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))


def number(value: float) -> str:
    """A number as briefly as it can be read: 0.1, 20, 1,000, 2·10⁻⁵; a dash for none."""
    if not math.isfinite(value):
        return "–"
    if value == 0 or abs(value) < 1e-12:
        return "0"
    if 1e-3 <= abs(value) < 1e6:
        return f"{value:,.6g}".replace("-", "−") if abs(value) < 1000 else f"{value:,.0f}".replace("-", "−")
    power = math.floor(math.log10(abs(value)) + 1e-9)
    factor = round(value / 10.0**power, 2)
    raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{raised}" if factor == 1 else f"{factor:g}·10{raised}"


def _apart(ticks: list[Tick], distance: float) -> list[Tick]:
    """Leave out ticks nearer than ``distance`` to the one before."""
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or tick[0] - kept[-1][0] >= distance:
            kept.append(tick)
    return kept
