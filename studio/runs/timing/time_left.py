"""How long the whole of what was asked will still take, while it runs: its teacher, its student alone, and what waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from studio.events import Event, PlanChanged, Progress, RunEnded, RunStarted, StateChanged

if TYPE_CHECKING:
    from studio.runs.timing.estimate import Parts, RunPart

#: Seconds of training that a forecast counts as much as: after as many what was seen has half the say.
TRUST = 2.0
#: A pace is slower than foreseen where the same takes more than so many times as long.
SLOW = 2.0


class TimeLeft:
    """Follows the events of one job after the other, and corrects what was forecast by what it sees.

    What is left is the forecast of what is left, times how much longer than forecast the training took so far. So it
    changes slowly, goes on over the border of two parts, and comes out right at the end whatever was forecast.

    Args:
        clock: seconds, for tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._parts: Parts = ()
        self._later = 0.0
        self._taken = self._forecast = TRUST
        self.asked = ""  #: the run that was asked for; others are its references
        self._begun: dict[str, str] = {}
        self._steps: dict[str, int] = {}
        self._at = -1
        self._fraction = 0.0
        self._seen: tuple[float, float] | None = None

    def reset(self) -> None:
        """Nothing trains any longer: what was learnt of the pace belongs to forecasts that are done with."""
        self._parts, self._later = (), 0.0
        self._taken = self._forecast = TRUST

    def start_job(self, run: str = "") -> None:
        """Another job; ``run`` is the run it goes on with, else its first event names it."""
        self._parts, self.asked = (), run
        self._begun.clear()
        self._steps.clear()
        self._at, self._fraction, self._seen = -1, 0.0, None

    def expect(self, parts: Parts) -> None:
        """What the running job has to do. May come when it has begun."""
        self._parts = parts
        for run, role in self._begun.items():
            self._find(run, role)

    def expect_later(self, waiting: Sequence[Parts]) -> None:
        """What the jobs that wait have to do."""
        self._later = sum(part.seconds for parts in waiting for part in parts)

    def handle_event(self, event: Event) -> None:
        """Follow one event."""
        self.asked = self.asked or event.run
        match event:
            case RunStarted():
                self._begun[event.run] = event.role
                self._steps[event.run] = event.steps
                self._find(event.run, event.role)
            case PlanChanged() if event.run in self._begun and event.steps:
                self._stretch(event.steps / max(1, self._steps[event.run]))
                self._steps[event.run] = event.steps
            case Progress() if event.run in self._begun and event.fraction is not None:
                self._see(event.fraction)
            case StateChanged():
                self._seen = None  # what passes while it holds is no training
            case RunEnded() if event.run in self._begun:
                self._end()
            case _:
                pass

    def has_begun(self, run: str) -> bool:
        """Whether ``run`` trains; until then it prepares, where a download may take as long as it likes."""
        return run in self._begun

    @property
    def seconds(self) -> float | None:
        """Seconds until everything is done; None where nothing is known."""
        if not self._parts:
            return None
        return self._taken / self._forecast * (sum(self._of_parts()) + self._later)

    @property
    def is_slow(self) -> bool:
        """Whether it takes more than twice as long as was forecast: something else has the computer, or it is another one."""
        return bool(self._parts) and self._taken > SLOW * self._forecast

    @property
    def fraction(self) -> float | None:
        """How much of the running job is done, its references included, 0..1; None where nothing is known."""
        whole = sum(part.seconds for part in self._parts)
        return 1 - sum(self._of_parts()) / whole if whole else None

    def _of_parts(self) -> list[float]:
        """What was forecast of what is left of the running part and of those after it."""
        if self._at < 0:
            return [part.seconds for part in self._parts]
        after = [part.seconds for part in self._parts[self._at + 1 :]]
        return [self._part.seconds * (1 - self._fraction), *after]

    @property
    def _part(self) -> RunPart:
        return self._parts[self._at]

    def _find(self, run: str, role: str) -> None:
        """Which part begins: that of the run's role; the run that was asked for is the last."""
        roles = [part.role for part in self._parts[:-1]]
        if run == self.asked:
            self._at = len(self._parts) - 1
        elif role in roles:
            self._at = roles.index(role)
        self._fraction, self._seen = 0.0, None

    def _stretch(self, factor: float) -> None:
        """The running part has become so many times as long."""
        if self._at >= 0:
            longer = replace(self._part, seconds=self._part.seconds * factor)
            self._parts = (*self._parts[: self._at], longer, *self._parts[self._at + 1 :])
        self._fraction, self._seen = min(1.0, self._fraction / factor), None

    def _see(self, fraction: float) -> None:
        now = self._clock()
        if self._seen is not None and self._at >= 0:
            since, before = self._seen
            self._taken += now - since
            self._forecast += self._part.seconds * (fraction - before)
        self._seen = (now, fraction)
        self._fraction = fraction

    def _end(self) -> None:
        """A part is done: what it taught counts as much as a forecast for the next, which may be of another kind."""
        self._taken, self._forecast = TRUST * self._taken / self._forecast, TRUST
        self._fraction, self._seen = 1.0, None
