"""Who works on the items of a procedure; see :class:`studio.core.workers.Workers`."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
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
from typing import Any, Final, NamedTuple, Protocol, TypeVar

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
#: Whether the system ends a process whose parent has ended though it be suspended: else one would stay behind for ever.
SUSPENDS: Final = sys.platform == "linux"
_PR_SET_PDEATHSIG: Final = 1  # sys/prctl.h of Linux


class Person(Protocol):
    """Who may ask for something while an item is worked on, see :class:`studio.training.item_pause.ItemPause`."""

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""

    @property
    def holding(self) -> bool:
        """Whether a pause was asked for."""

    def hold(self) -> bool:
        """Hold until the person goes on, asks for a step or the end; whether the item under way is to be finished first."""

    def put_off(self) -> None:
        """Say that the pause comes after the item under way."""


class SideBySide:
    """Works on several items at once, each in a process of its own with one thread. Use it as a context.

    The processes begin with the first item and end with the context: they are not forked, so that nothing of a window is
    in them, and each takes a second or two to begin. They give way to a window, and end with this process however it ends.
    What has been begun beyond the items that were asked for is lost.

    An item may take minutes, so that nobody waits for it who asks for the end: its process is ended. For a pause it is
    suspended, where the system ends a suspended process with its parent; elsewhere the pause comes after the item.

    Args:
        processes: how many; what comes out does not depend on it.
        person: who may ask for the end or a pause meanwhile.
    """

    def __init__(self, processes: int, person: Person | None = None) -> None:
        self._processes, self._person = processes, person
        self._pool: ProcessPoolExecutor | None = None
        self._settled: SimpleQueue[_Settled] | None = None
        self._members: set[_Settled] = set()
        self._gave = False
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
            self._settled = context.SimpleQueue()
            self._pool = ProcessPoolExecutor(self._processes, context, initializer=_settle, initargs=(self._settled,))
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
        finishing = False  # the item under way, before the next pause
        while not wait([future], timeout=POLL).done:
            if self._person is None:
                continue
            if not self._person.holding:
                finishing = False
            elif not finishing:
                finishing = self._rest(self._person)
            if self._person.stopping:
                self._break_off()
                raise WorkBrokenOff
        self._gave = True
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
        for process in self._processes_of(self._known_members()):
            with suppress(psutil.Error):
                process.kill()

    def _rest(self, person: Person) -> bool:
        """Let the person pause; whether the item under way is to be finished before the next pause."""
        members = self._known_members()
        if not self._gave and len(members) < min(self._processes, len(self._begun)):
            return False  # some are still starting, and could not be suspended: a moment later
        if not (SUSPENDS and all(each.ends_with_parent for each in members)):
            person.put_off()
            return True
        processes = self._processes_of(members)
        try:
            for process in processes:
                with suppress(psutil.Error):
                    process.suspend()
            return person.hold()
        finally:
            for process in processes:
                with suppress(psutil.Error):
                    process.resume()

    def _known_members(self) -> set[_Settled]:
        """The processes that have begun so far."""
        assert self._settled is not None
        while not self._settled.empty():
            self._members.add(self._settled.get())
        return self._members

    @staticmethod
    def _processes_of(members: set[_Settled]) -> list[psutil.Process]:
        pids = {each.pid for each in members}
        return [process for process in psutil.Process().children() if process.pid in pids]


class _Settled(NamedTuple):
    """What a process that works on items says of itself; ``ends_with_parent``: even where it is suspended."""

    pid: int
    ends_with_parent: bool


def _settle(settled: SimpleQueue[_Settled]) -> None:
    """In a process that works on items, for as long as it lives."""
    settled.put(_Settled(os.getpid(), ended_with_parent()))
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


def ended_with_parent() -> bool:
    """Have the system end this process once the thread that began it has ended, however that ends; whether it can.

    A thread of its own that waits for its parent does not run while it is suspended. See prctl(2).
    """
    if not SUSPENDS:
        return False
    try:
        refused: int = ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        return False
    return refused == 0


def workers_for(*, long: bool, person: Person) -> AbstractContextManager[Workers]:
    """Who works best on items: in processes of their own where all of them take long, in turn here where not.

    Args:
        person: who may ask for the end or a pause in the middle of an item that takes long.
    """
    return SideBySide(usable_cores(), person) if long else nullcontext(InTurn())


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
