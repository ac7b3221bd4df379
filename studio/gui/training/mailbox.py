"""The mailbox through which events of the training thread reach the window; it knows threads, and nothing of Qt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from studio.events import Event, Progress

#: Seconds between two notices to the window at least; fewer where an event is urgent.
USUAL_INTERVAL = 0.1
URGENT_INTERVAL = 0.05


class Mailbox:
    """Events on their way from the worker to the window. Safe from any thread; loses nothing but older progress.

    Args:
        notify: called in the worker's thread when something waits; not again before :meth:`drain`.
        clock: seconds, for tests.
    """

    def __init__(self, notify: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._notify = notify
        self._clock = clock
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._notified = False
        self._notified_at = float("-inf")

    def put(self, event: Event) -> None:
        """Keep ``event``, and notify if it is time to."""
        with self._lock:
            if self._events and isinstance(event, Progress) and isinstance(self._events[-1], Progress):
                self._events.pop()
            self._events.append(event)
            now = self._clock()
            wait = URGENT_INTERVAL if event.urgent else USUAL_INTERVAL
            due = not self._notified and now - self._notified_at >= wait
            if due:
                self._notified, self._notified_at = True, now
        if due:
            self._notify()

    def drain(self) -> list[Event]:
        """Everything that waits, in order. The window also asks by itself now and then, so nothing stays long."""
        with self._lock:
            events, self._events = self._events, []
            self._notified = False
            return events
