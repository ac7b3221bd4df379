"""Short jobs off the window's thread: listing runs, reading histories, measuring networks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal, SignalInstance, Slot
from shiboken6 import isValid

from studio.core.errors import StudioError, unexpected

T = TypeVar("T")
Job = Callable[[], Any]
Failed = Callable[[StudioError], None]


class Submit(Protocol):
    """Does a job in a worker and answers here: :meth:`BackgroundJobs.submit`, for whoever need not know more of it."""

    def __call__(
        self,
        job: Callable[[], Any],
        then: Callable[[Any], None],
        otherwise: Callable[[StudioError], None] | None = None,
    ) -> Callable[[], None]:
        """Returns a call that forgets the answer."""


class _JobRunner(QObject):
    """Lives in the background thread and does one job after the other."""

    done = Signal(int, object, object)

    @Slot(int, object)
    def run_job(self, ticket: int, job: Job) -> None:
        try:
            self.done.emit(ticket, job(), None)
        except Exception as error:  # noqa: BLE001 - an exception that leaves a slot would be lost
            self.done.emit(ticket, None, unexpected(error))


class BackgroundJobs(QObject):
    """One thread that does jobs in the order they were asked, and answers in the thread of the window.

    Nothing that takes longer than a few seconds belongs here: the next job waits for it.
    """

    _submitted = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answers: dict[int, tuple[Callable[[Any], object], Failed | None]] = {}
        self._ticket = 0
        self._thread = QThread(self)
        self._thread.setObjectName("background")
        self._runner = _JobRunner()
        self._runner.moveToThread(self._thread)
        self._submitted.connect(self._runner.run_job)
        self._runner.done.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    def submit(
        self, job: Callable[[], T], then: Callable[[T], object], otherwise: Failed | None = None
    ) -> Callable[[], None]:
        """Do ``job`` in the background, then call ``then`` with its result, or ``otherwise`` with the error, here.

        Returns:
            A call that forgets the answer; the job itself still runs.
        """
        self._ticket += 1
        ticket = self._ticket
        self._answers[ticket] = (then, otherwise)
        self._submitted.emit(ticket, job)

        def forget() -> None:
            self._answers.pop(ticket, None)

        return forget

    @property
    def busy(self) -> bool:
        """Whether an answer is still awaited."""
        return bool(self._answers)

    @Slot(int, object, object)
    def _answer(self, ticket: int, result: object, error: StudioError | None) -> None:
        then, otherwise = self._answers.pop(ticket, (None, None))
        if error is None:
            if then is not None:
                _tell(then, result)
        elif otherwise is not None:
            _tell(otherwise, error)

    def stop(self) -> None:
        """End the thread after the job in hand; later answers are forgotten."""
        self._answers.clear()
        self._thread.quit()
        self._thread.wait()


def _tell(call: Callable[[Any], object], told: object) -> None:
    """Call it, unless the object it is a method or a signal of has been deleted since: its window may have been closed."""
    method: Any = call
    while isinstance(method, partial):
        method = method.func
    owner = getattr(method, "__self__", None)
    if isinstance(owner, SignalInstance):
        with contextlib.suppress(
            RuntimeError
        ):  # only sending tells that its object is gone; no slot's error comes here
            call(told)
    elif not isinstance(owner, QObject) or isValid(owner):
        call(told)
