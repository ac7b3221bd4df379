"""Who works on the items of a procedure; see :class:`studio.methods.procedure.Workers`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
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
