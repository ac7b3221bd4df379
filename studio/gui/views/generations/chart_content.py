"""What the chart of steps shows, as plain values: columns, marks in them, level lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.gui.presenters.drawings import StrokeRole
from studio.gui.views.charts.strokes import Stroke

#: How a model does against the one it is compared with; empty where nothing is said.
Verdict = Literal["better", "worse", "unsure", ""]


@dataclass(frozen=True)
class ChartMark:
    """A value in percent and the interval about it, None where it is not known; ``hollow``: not all seeds have come here."""

    value: float
    low: float | None = None
    high: float | None = None
    hollow: bool = False


@dataclass(frozen=True)
class ChartColumn:
    """One model: what it is called in full and in brief, how it does, and all of it in one sentence.

    Attributes:
        kind: what it shares with those beside it: "generation" of "generation 2"; empty where there is nothing.
        below: words under its name.
        few: how many seeds have come so far; empty where all have.
        taught_by: the number of the column of the model that taught it.
        role: whether it is the first teacher.
    """

    title: str
    short: str
    kind: str = ""
    below: str = ""
    verdict: Verdict = ""
    few: str = ""
    spoken: str = ""
    taught_by: int | None = None
    role: StrokeRole = "run"


@dataclass(frozen=True)
class ChartLine:
    """The chains of one experiment: a mark a column, None where nothing has come yet."""

    name: str
    stroke: Stroke
    steps: tuple[ChartMark | None, ...]
    averages: tuple[ChartMark | None, ...]


@dataclass(frozen=True)
class ChartLevel:
    """A level line: the first teacher's, or that of the student alone."""

    value: float
    role: StrokeRole
    label: str


@dataclass(frozen=True)
class ChartContent:
    """All that is drawn. Numbers stand at the marks of the first line."""

    steps: tuple[ChartColumn, ...] = ()
    averages: tuple[ChartColumn, ...] = ()
    lines: tuple[ChartLine, ...] = ()
    levels: tuple[ChartLevel, ...] = ()

    @property
    def columns(self) -> tuple[ChartColumn, ...]:
        """Steps, then averages."""
        return (*self.steps, *self.averages)

    def range(self, least: float) -> tuple[float, float]:
        """The stretch of all values in percent, at least ``least`` long; 0 to 100 where there are none."""
        values = [level.value for level in self.levels]
        for line in self.lines:
            for mark in (*line.steps, *line.averages):
                if mark is not None:
                    values += [end for end in (mark.value, mark.low, mark.high) if end is not None]
        if not values:
            return 0.0, 100.0
        low, high = min(values), max(values)
        more = max(0.0, least - (high - low)) / 2
        return max(0.0, low - more), high + more
