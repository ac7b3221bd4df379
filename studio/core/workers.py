"""Who works on many items of one kind that do not need each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

A = TypeVar("A")
R = TypeVar("R")


class WorkBrokenOff(Exception):
    """A person asked for the end while an item was worked on; what was begun of it is lost."""


class Workers(Protocol):
    """Works on items and gives their results in order."""

    def map(self, work: Callable[[A], R], arguments: Iterable[A]) -> Iterator[R]:
        """``work`` on each argument, the results in order; a worker may be ahead of the result that is asked for.

        Args:
            work: a function at the top of a module that depends on its argument alone, for it may run in another
                process; it has one thread.
            arguments: of plain values and arrays, for the same reason.

        Raises:
            WorkBrokenOff: a person asked for the end, and did not have to wait for that of an item.
        """


class InTurn:
    """Works on one item after the other, in the thread that asks."""

    def map(self, work: Callable[[A], R], arguments: Iterable[A]) -> Iterator[R]:
        """Each result when it is asked for."""
        return map(work, arguments)
