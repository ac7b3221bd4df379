"""Numbers as they are written everywhere, in the window, the terminal and reports: one function a quantity.

A negative number has a minus sign, not a hyphen. A number and its unit are joined by :data:`NBSP`, so that they stay on
one line; the terminal writes a plain space there.
What is not known (None, NaN, infinity) is written as :data:`UNKNOWN`.
"""

from __future__ import annotations

import math
from typing import TypeGuard

from studio.core.typed_number import number_text

NBSP = "\N{NO-BREAK SPACE}"
UNKNOWN = "–"
MINUS = "\N{MINUS SIGN}"

#: Below this limit a count is divided by so much, and written with so many digits after the point and this unit.
_COUNTS = ((999.5, 1.0, 0, ""), (5e5, 1e3, 0, "k"), (999.995e6, 1e6, 2, "M"), (math.inf, 1e9, 2, "G"))
_BYTES = ("bytes", "kB", "MB", "GB", "TB")
#: Below so many seconds an estimate is rounded to a multiple of so many.
_STEPS = ((10, 1), (60, 5), (300, 30), (1200, 60), (3600, 300), (math.inf, 1800))


def count(number: float | None) -> str:
    """Parameters or multiply-adds in brief: ``501``, ``22 k``, ``0.69 M``, ``4.30 M``, ``1.20 G``."""
    if not _is_known(number):
        return UNKNOWN
    _, size, digits, unit = next(row for row in _COUNTS if abs(number) < row[0])
    return _signed(f"{number / size:z.{digits}f}{NBSP}{unit}" if unit else f"{number:z.0f}")


def thousands(number: float | None) -> str:
    """A whole number in full: ``50,000``."""
    return _signed(f"{number:z,.0f}") if _is_known(number) else UNKNOWN


def percent(fraction: float | None, digits: int = 1, deviation: float | None = None) -> str:
    """A fraction as ``84.9 %``; with what it may be off by, a fraction as well, ``78.2 ± 0.6 %``."""
    if not _is_known(fraction):
        return UNKNOWN
    either_way = f" ± {100 * deviation:.{digits}f}" if _is_known(deviation) else ""
    return _signed(f"{100 * fraction:z.{digits}f}{either_way}{NBSP}%")


def percent_range(low: float, high: float, digits: int = 1) -> str:
    """The ends of an interval of fractions, in percent and without their sign: ``80.1 to 87.0``."""
    return f"{_signed(f'{100 * low:z.{digits}f}')} to {_signed(f'{100 * high:z.{digits}f}')}"


def figure(number: float | None, unit: str = "", deviation: float | None = None) -> str:
    """A number to three digits with its unit, and with what it may be off by: ``0.0123``, ``3.20 ± 0.10 ms``."""
    if not _is_known(number):
        return UNKNOWN
    digits = max(0, 2 - math.floor(math.log10(abs(number)))) if number else 2
    either_way = f" ± {deviation:.{digits}f}" if _is_known(deviation) else ""
    return _signed(f"{number:z.{digits}f}{either_way}" + (f"{NBSP}{unit}" if unit else ""))


def short_number(number: float | None, digits: int = 4) -> str:
    """A number to so many significant digits, whole ones in full, without zeros at its end: ``5``, ``−0.25``, ``12,346``."""
    if not _is_known(number):
        return UNKNOWN
    if not number:
        return "0"
    power = math.floor(math.log10(abs(number)))
    if power < -digits:
        return f"{number:.{digits - 1}g}".replace("-", MINUS)
    written = f"{number:,.{max(0, digits - 1 - power)}f}"
    return _signed(written.rstrip("0").rstrip(".") if "." in written else written)


def signed_points(fraction: float | None, digits: int = 1) -> str:
    """A difference of two fractions in percentage points, with its sign: ``+0.7``, ``−1.1``, ``0.0``."""
    if not _is_known(fraction):
        return UNKNOWN
    written = f"{100 * fraction:+z.{digits}f}"
    return written[1:] if float(written) == 0 else _signed(written)


def signed_count(number: int) -> str:
    """A whole number that was gained or lost: ``+1,041``, ``−1``, ``0``."""
    return _signed(f"{number:+,}") if number else "0"


def spread(mean: float, deviation: float | None, n: int) -> str:
    """A mean over ``n`` seeds: ``84.2 ± 0.3 %  (n 3)``; one seed is its value alone."""
    if n < 2 or deviation is None:
        return percent(mean)
    return f"{percent(mean, deviation=deviation)}  (n{NBSP}{n})"


def ratio(number: float | None) -> str:
    """How many times larger: ``1.5``, ``4``, ``12``."""
    if not _is_known(number):
        return UNKNOWN
    return f"{number:z.0f}" if abs(number) >= 9.95 else f"{number:z.1f}".removesuffix(".0")


def duration(seconds: float | None) -> str:
    """``0.4 s``, ``8 s``, ``6 min 05 s``, ``40 min``, ``2 h 40 min``."""
    if not _is_known(seconds):
        return UNKNOWN
    if seconds <= -0.05:
        return f"{MINUS}{duration(-seconds)}"
    if seconds < 0.95:
        return f"{seconds:z.1f}{NBSP}s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}{NBSP}h {minutes}{NBSP}min" if minutes else f"{hours}{NBSP}h"
    if minutes:
        return f"{minutes}{NBSP}min {rest:02}{NBSP}s" if rest else f"{minutes}{NBSP}min"
    return f"{rest}{NBSP}s"


def about(seconds: float | None) -> str:
    """A duration no more exact than an estimate is: ``8 s``, ``25 s``, ``3 min``, ``1 h 30 min``."""
    if not _is_known(seconds):
        return UNKNOWN
    step = next(step for limit, step in _STEPS if seconds < limit)
    return duration(max(step, step * round(seconds / step)))


def byte_size(number: float | None) -> str:
    """Bytes: ``999 bytes``, ``1.5 kB``, ``154 MB``, ``3.0 TB``."""
    if not _is_known(number):
        return UNKNOWN
    unit, *larger = _BYTES
    while larger and abs(number) >= 999.5:
        number /= 1000
        unit, *larger = larger
    digits = 1 if abs(number) < 9.95 and unit != "bytes" else 0
    return _signed(f"{number:z.{digits}f}{NBSP}{unit}")


def shortened(words: object, most: int = 80) -> str:
    """Words that somebody gave, of which a sentence shows no more than ``most`` letters: ``a very long na…``."""
    text = str(words)
    return text if len(text) <= most else text[: most - 1] + "…"


def setting_number(number: float) -> str:
    """The value of a setting as a person would type it: ``0.05``, ``128``, ``5e-05``, ``1/6``."""
    return number_text(number).removesuffix(".0")


def setting_limit(number: float) -> str:
    """An end of the range of a setting: ``0.05``, ``2,147,483,647``."""
    return f"{number:,.10g}"


def _signed(words: str) -> str:
    """A written number with a minus sign where it has a hyphen."""
    return f"{MINUS}{words[1:]}" if words.startswith("-") else words


def _is_known(number: float | None) -> TypeGuard[float]:
    return number is not None and math.isfinite(number)
