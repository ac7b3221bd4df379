"""How fast a session works: pictures a second, time spent and time left. Waiting for a person does not count."""

from __future__ import annotations

import time
from collections.abc import Mapping


class Throughput:
    """Counts pictures and seconds of one sitting."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lap_at, self._pictures = self._began, 0
        self._out = 0.0
        self._first = 0.0
        self._earlier = 0.0

    def start_at(self, done: float) -> None:
        """The share of the work that was done in an earlier sitting."""
        self._first = done

    def grow(self, factor: float) -> None:
        """The whole work has become so many times as much."""
        self._first /= factor

    def leave_out(self, seconds: float) -> None:
        """Do not count ``seconds`` just spent waiting for a person."""
        self._out += seconds
        self._lap_at += seconds

    def add(self, pictures: int) -> None:
        """Count pictures of a step."""
        self._pictures += pictures

    def lap(self) -> float:
        """Pictures a second since the last lap."""
        now = time.monotonic()
        speed = self._pictures / max(1e-9, now - self._lap_at)
        self._lap_at, self._pictures = now, 0
        return speed

    @property
    def seconds(self) -> float:
        """Seconds of this sitting, pauses left out."""
        return time.monotonic() - self._began - self._out

    @property
    def total_seconds(self) -> float:
        """Seconds spent on the run, pauses left out, earlier sittings included."""
        return self._earlier + self.seconds

    def state_dict(self) -> dict[str, float]:
        """Plain values."""
        return {"seconds": self.total_seconds}

    def load_state_dict(self, saved: Mapping[str, float]) -> None:
        """Count on from :meth:`state_dict`."""
        self._earlier = saved["seconds"]

    def left(self, done: float) -> float | None:
        """Seconds left when the share ``done`` of the work took what has passed; None while it is too early to say."""
        here = done - self._first
        if here <= 0.005 or self.seconds < 0.5:
            return None
        return self.seconds * (1 - done) / here
