"""Who works on the items of a procedure; see :class:`studio.methods.procedure.Workers`."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import TypeVar

import torch
from threadpoolctl import threadpool_limits

A = TypeVar("A")
R = TypeVar("R")


class InTurn:
    """Works on one item after the other, in the thread that asks."""

    def map(self, work: Callable[[A], R], arguments: Iterable[A]) -> Iterator[R]:
        """Each result when it is asked for."""
        return map(work, arguments)


class SideBySide:
    """Works on several items at once, each in a process of its own with one thread. Use it as a context.

    The processes begin with the first item and end with the context: they are not forked, so that nothing of a window is
    in them, and each takes a second or two to begin. What has been begun beyond the items that were asked for is lost.

    Args:
        processes: how many; what comes out does not depend on it.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> SideBySide:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def map(self, work: Callable[[A], R], arguments: Iterable[A]) -> Iterator[R]:
        """The results in order; one item a process is under way beyond the one that is asked for."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._processes, context, initializer=_have_one_thread)
        left = iter(arguments)
        begun: deque[Future[R]] = deque(self._pool.submit(work, one) for one in islice(left, self._processes))
        try:
            while begun:
                result = begun.popleft().result()
                begun.extend(self._pool.submit(work, one) for one in islice(left, 1))
                yield result
        finally:
            for future in begun:
                future.cancel()


def _have_one_thread() -> None:
    """In a process that works on items, for as long as it lives."""
    torch.set_num_threads(1)
    threadpool_limits(1)


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums are added up in one order meanwhile: torch and the libraries of numpy and scikit-learn have one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        torch.set_num_threads(threads)
