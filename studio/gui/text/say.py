"""Sentences from below the window in the person's language, and numbers as they are written everywhere in the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.core.errors import Invalid, StudioError
from studio.core.message import Text
from studio.runs.timing.time_left import rounded

CONTEXT = "studio"
#: Between a number and its unit, so that they stay together on one line.
NBSP = "\u00a0"


def say(sentence: Text | str) -> str:
    """A sentence as it is shown: its English template translated, then its values filled in.

    A value may be a sentence itself.
    """
    if isinstance(sentence, str):
        return QCoreApplication.translate(CONTEXT, sentence) if sentence else ""
    if not sentence:
        return ""
    values = {name: say(value) if isinstance(value, Text) else value for name, value in sentence.values.items()}
    translated = QCoreApplication.translate(CONTEXT, sentence.template)
    return translated.format(**values) if values else translated


def percent(fraction: float, digits: int = 1) -> str:
    """A fraction as ``84.9 %``."""
    return f"{100 * fraction:.{digits}f}{NBSP}%"


def spread(mean: float, deviation: float | None, n: int) -> str:
    """A mean over seeds: ``84.2 ± 0.3 %  (n 3)``; one seed is its value alone."""
    if n < 2 or deviation is None:
        return percent(mean)
    return f"{100 * mean:.1f} ± {100 * deviation:.1f}{NBSP}%  (n{NBSP}{n})"


def count(number: float) -> str:
    """Parameters or multiply-adds: ``501``, ``22 k``, ``0.69 M``, ``4.30 M``, ``1.20 G``."""
    for limit, size, unit, digits in ((1e9, 1e9, "G", 2), (5e5, 1e6, "M", 2), (1e3, 1e3, "k", 0)):
        if number >= limit:
            return f"{number / size:.{digits}f}{NBSP}{unit}"
    return f"{number:.0f}"


def duration(seconds: float) -> str:
    """``0.4 s``, ``8 s``, ``6 min 40 s``, ``2 h 40 min``."""
    if seconds < 1:
        return f"{seconds:.1f}{NBSP}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}{NBSP}s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}{NBSP}min {rest:02}{NBSP}s" if rest else f"{minutes}{NBSP}min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{NBSP}h {minutes}{NBSP}min" if minutes else f"{hours}{NBSP}h"


def about(seconds: float) -> str:
    """A duration no more exact than an estimate is: ``8 s``, ``25 s``, ``3 min``, ``1 h 30 min``."""
    return duration(rounded(seconds))


def sentences(error: StudioError) -> str:
    """What happened, why and what to do, in one paragraph; of several problems a line each, with its place."""
    if isinstance(error, Invalid):
        lines = [f"{problem.place}: {sentences(problem)}" for problem in error.problems]
        return "\n".join([say(error.what), *lines])
    return " ".join(say(part) for part in (error.what, error.why, error.remedy) if part)


def counted(n: int, one: str, many: str) -> str:
    """``one`` for a single thing, else ``many`` with its ``{n}`` filled in; both already translated."""
    return one if n == 1 else many.format(n=n)
