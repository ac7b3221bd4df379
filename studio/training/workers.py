"""Who works on the items of a procedure; see :class:`studio.core.workers.Workers`."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from itertools import islice
from types import TracebackType
from typing import TypeVar

import psutil
import torch
from threadpoolctl import threadpool_limits

from studio.core.errors import RunFailed
from studio.core.workers import InTurn, Workers
from studio.training.devices import usable_cores

A = TypeVar("A")
R = TypeVar("R")

#: How much such a process gives way to others, where that is a number: on Linux it gets a third of what a window gets.
NICE = 5


class SideBySide:
    """Works on several items at once, each in a process of its own with one thread. Use it as a context.

    The processes begin with the first item and end with the context: they are not forked, so that nothing of a window is
    in them, and each takes a second or two to begin. They give way to a window, and end with this process however it ends.
    What has been begun beyond the items that were asked for is lost.

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
        """The results in order; one item a process is under way beyond the one that is asked for.

        Raises:
            RunFailed: a process was ended from outside.
        """
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._processes, context, initializer=_settle)
        left = iter(arguments)
        begun: deque[Future[R]] = deque(self._pool.submit(work, one) for one in islice(left, self._processes))
        try:
            while begun:
                result = _result(begun.popleft())
                begun.extend(self._pool.submit(work, one) for one in islice(left, 1))
                yield result
        finally:
            for future in begun:
                future.cancel()


def _result(future: Future[R]) -> R:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise RunFailed(
            "A process that worked for this run was ended from outside.",
            "Most often that happens when memory is full.",
            "Close other programs or take fewer rows, then go on with the run.",
        ) from error


def _settle() -> None:
    """In a process that works on items, for as long as it lives."""
    torch.set_num_threads(1)
    threadpool_limits(1)
    with suppress(psutil.Error, OSError):
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else NICE)
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def _end_with_parent() -> None:
    """Nobody waits any more for what a process does whose parent was killed, and nobody would end it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def workers_for(*, long: bool) -> AbstractContextManager[Workers]:
    """Who works best on items: in processes of their own where all of them take long, in turn here where not."""
    return SideBySide(usable_cores()) if long else nullcontext(InTurn())


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
