"""Workers of tests: one is never busy, one does its jobs when the test says so. See :class:`BackgroundJobs`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studio.core.errors import StudioError, unexpected


@dataclass(eq=False)
class _Job:
    """What is to be done, and who is told."""

    job: Callable[[], Any]
    then: Callable[[Any], object]
    otherwise: Callable[[StudioError], object] | None
    forgotten: bool = False

    def work(self) -> None:
        """Do it and answer. An error nobody is told of, which the real one drops, fails the test."""
        try:
            answer = self.job()
        except Exception as error:  # as the real one does, whatever it is
            if self.otherwise is None:
                raise
            if not self.forgotten:
                self.otherwise(unexpected(error))
        else:
            if not self.forgotten:
                self.then(answer)

    def forget(self) -> None:
        """No answer is wanted; the job itself is still done."""
        self.forgotten = True


def at_once(
    job: Callable[[], Any],
    then: Callable[[Any], object],
    otherwise: Callable[[StudioError], object] | None = None,
) -> Callable[[], None]:
    """A worker that is never busy: there is nothing left to forget."""
    entry = _Job(job, then, otherwise)
    entry.work()
    return entry.forget


class LaterJobs:
    """A worker that does its jobs when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[_Job] = []

    def submit(
        self,
        job: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[StudioError], object] | None = None,
    ) -> Callable[[], None]:
        entry = _Job(job, then, otherwise)
        self.waiting.append(entry)
        return entry.forget

    def work(self) -> None:
        """Do all that waits, in the order it was asked."""
        while self.waiting:
            self.waiting.pop(0).work()
