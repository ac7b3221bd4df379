"""Questions to the networks of a running session: asked from any thread, answered by its own between two steps."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from studio.methods.base import Who
    from studio.networks.base import Network

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class NetworkQuestion(Generic[T]):
    """What is asked of a network of a running session.

    Attributes:
        folder: of the run whose network is meant; a job may train several one after the other.
        role: which of its networks.
        ask: gives the answer; called in the thread of the session, undisturbed
            (:func:`~studio.insight.probe_reader.undisturbed`). It leaves the network as it is.
    """

    folder: Path
    role: Who
    ask: Callable[[Network], T]


class NotAnswering(Exception):
    """No session runs that could answer, or not the one that is meant."""


Answerer = Callable[[NetworkQuestion[Any]], object]


class Questions:
    """What waits to be answered. Safe from any thread; costs a session one look at a truth value a step."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[tuple[NetworkQuestion[Any], Future[Any]]] = deque()
        self._answerer: Answerer | None = None

    def put(self, question: NetworkQuestion[T]) -> Future[T]:
        """Have ``question`` answered by the session that runs; the answer raises :class:`NotAnswering` where none can.

        A question that is cancelled before its turn costs nothing.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._answerer is not None:
                self._waiting.append((question, future))
                return future
        future.set_exception(NotAnswering())
        return future

    @property
    def any(self) -> bool:
        """Whether something waits."""
        return bool(self._waiting)

    def answer(self) -> bool:
        """Answer all that waits, in the thread of the session; whether there was anything."""
        if not self._waiting:
            return False
        while self._waiting:
            with self._lock:
                question, future = self._waiting.popleft()
                answerer = self._answerer
            if not future.set_running_or_notify_cancel():
                continue
            try:
                if answerer is None:
                    raise NotAnswering  # noqa: TRY301 - told to who asked like any other
                future.set_result(answerer(question))
            except Exception as error:  # noqa: BLE001 - a question must not end a run
                future.set_exception(error)
        return True

    @contextmanager
    def answered_by(self, answerer: Answerer) -> Iterator[None]:
        """Within the block questions are taken; what is left at its end is told that nobody answers."""
        with self._lock:
            self._answerer = answerer
        try:
            yield
        finally:
            with self._lock:
                self._answerer = None
            self.answer()
