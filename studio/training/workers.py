"""Who works on the items of a procedure; see :class:`studio.core.workers.Workers`."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from itertools import islice
from multiprocessing.queues import SimpleQueue
from types import TracebackType
from typing import Any, TypeVar

import psutil
import torch
from threadpoolctl import threadpool_limits

from studio.core.errors import RunFailed
from studio.core.workers import InTurn, WorkBrokenOff, Workers
from studio.training.devices import usable_cores

A = TypeVar("A")
R = TypeVar("R")

#: Seconds between two looks whether a person asked for the end.
POLL = 0.2
#: How much such a process gives way to others, where that is a number: on Linux it gets a third of what a window gets.
NICE = 5


class SideBySide:
    """Works on several items at once, each in a process of its own with one thread. Use it as a context.

    The processes begin with the first item and end with the context: they are not forked, so that nothing of a window is
    in them, and each takes a second or two to begin. They give way to a window, and end with this process however it ends.
    What has been begun beyond the items that were asked for is lost.

    Args:
        processes: how many; what comes out does not depend on it.
        stopping: whether a person asked for the end: an item may take minutes, so that nobody waits for it then, and its
            process is ended.
    """

    def __init__(self, processes: int, stopping: Callable[[], bool] = lambda: False) -> None:
        self._processes, self._stopping = processes, stopping
        self._pool: ProcessPoolExecutor | None = None
        self._pids: SimpleQueue[int] | None = None
        self._begun: set[Future[Any]] = set()

    def __enter__(self) -> SideBySide:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            if any(future.running() for future in self._begun):
                self._break_off()  # nobody waits for what they work on
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def map(self, work: Callable[[A], R], arguments: Iterable[A]) -> Iterator[R]:
        """The results in order; one item a process is under way beyond the one that is asked for.

        Raises:
            RunFailed: a process was ended from outside.
            WorkBrokenOff: a person asked for the end.
        """
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pids = context.SimpleQueue()
            self._pool = ProcessPoolExecutor(self._processes, context, initializer=_settle, initargs=(self._pids,))
        left = iter(arguments)
        begun: deque[Future[R]] = deque(self._begin(work, one) for one in islice(left, self._processes))
        try:
            while begun:
                result = self._result(begun[0])
                self._begun.discard(begun.popleft())
                begun.extend(self._begin(work, one) for one in islice(left, 1))
                yield result
        finally:
            for future in begun:
                future.cancel()

    def _begin(self, work: Callable[[A], R], argument: A) -> Future[R]:
        assert self._pool is not None
        future = self._pool.submit(work, argument)
        self._begun.add(future)
        return future

    def _result(self, future: Future[R]) -> R:
        while not wait([future], timeout=POLL).done:
            if self._stopping():
                self._break_off()
                raise WorkBrokenOff
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise RunFailed(
                "A process that worked for this run was ended from outside.",
                "Most often that happens when memory is full.",
                "Close other programs or take fewer rows, then go on with the run.",
            ) from error

    def _break_off(self) -> None:
        """End the processes in the middle of their items; the pool, whose members they are, is not used again."""
        assert self._pids is not None
        pids = set()
        while not self._pids.empty():
            pids.add(self._pids.get())
        for process in psutil.Process().children():
            if process.pid in pids:
                with suppress(psutil.Error):
                    process.kill()


def _settle(pids: SimpleQueue[int]) -> None:
    """In a process that works on items, for as long as it lives."""
    pids.put(os.getpid())
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


def workers_for(*, long: bool, stopping: Callable[[], bool]) -> AbstractContextManager[Workers]:
    """Who works best on items: in processes of their own where all of them take long, in turn here where not.

    Args:
        stopping: whether a person asked for the end.
    """
    return SideBySide(usable_cores(), stopping) if long else nullcontext(InTurn())


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
