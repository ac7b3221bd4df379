"""Items worked on side by side come out as one after the other: in order, with one thread each."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import psutil
import pytest
import torch
from threadpoolctl import threadpool_info

from studio.core.errors import RunFailed
from studio.core.workers import InTurn, WorkBrokenOff
from studio.training.workers import SideBySide, one_thread


def slow_if_even(number: int) -> tuple[int, int]:
    """So that later items are ready before earlier ones."""
    time.sleep(0.0 if number % 2 else 0.05)
    return number, os.getpid()


def sums(seed: int) -> np.ndarray:
    """Products whose bits depend on how many threads add them up."""
    factors = np.random.default_rng(seed).normal(size=(120, 120))
    return np.asarray(factors @ factors.T)


def threads(_item: int) -> list[int]:
    return [torch.get_num_threads(), *(pool["num_threads"] for pool in threadpool_info())]


def fail(number: int) -> int:
    if number == 2:
        raise ValueError("item two")
    return number


def end(_item: int) -> None:
    """As a system does that has no memory left."""
    os._exit(9)


def work_until_ended() -> None:
    """In a process that is killed: an item that takes longer than any test."""
    with SideBySide(1) as workers:
        list(workers.map(time.sleep, [600.0]))


@pytest.fixture(scope="module")
def side_by_side() -> Iterator[SideBySide]:
    with SideBySide(2) as workers:
        assert list(workers.map(fail, [0])) == [0]  # its processes begin here, for all tests
        yield workers
    assert not multiprocessing.active_children()


def test_results_come_in_the_order_of_the_items_from_processes_of_their_own(side_by_side: SideBySide) -> None:
    found = list(side_by_side.map(slow_if_even, range(7)))
    assert [number for number, _ in found] == list(range(7))
    assert os.getpid() not in {process for _, process in found}


def test_they_are_bit_for_bit_those_of_one_after_the_other(side_by_side: SideBySide) -> None:
    with one_thread():
        expected = list(InTurn().map(sums, range(4)))
    assert all(map(np.array_equal, side_by_side.map(sums, range(4)), expected))


def test_every_item_has_one_thread(side_by_side: SideBySide) -> None:
    assert {count for found in side_by_side.map(threads, range(2)) for count in found} == {1}


def test_no_more_is_begun_than_one_item_a_process(side_by_side: SideBySide) -> None:
    begun: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            begun.append(number)
            yield number

    results = side_by_side.map(slow_if_even, items())
    assert not begun
    next(results)
    assert len(begun) == 3
    results.close()  # type: ignore[attr-defined]  # it is a generator


def test_an_item_that_fails_says_so_in_its_turn(side_by_side: SideBySide) -> None:
    results = side_by_side.map(fail, range(4))
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="item two"):
        next(results)
    assert list(side_by_side.map(fail, [7])) == [7]


def test_a_process_that_is_ended_from_outside_is_told_in_words() -> None:
    with SideBySide(1) as workers, pytest.raises(RunFailed, match="ended from outside"):
        list(workers.map(end, [0]))


@pytest.mark.skipif(sys.platform == "win32", reason="ends a process as systems like Unix do")
def test_processes_end_with_the_one_that_began_them_however_it_ends() -> None:
    parent = multiprocessing.get_context("spawn").Process(target=work_until_ended)
    parent.start()
    of_parent = psutil.Process(parent.pid)
    begun = time.monotonic()
    while not (working := [one for one in of_parent.children() if "spawn_main" in " ".join(one.cmdline())]):
        assert time.monotonic() - begun < 60
        time.sleep(0.05)
    parent.kill()
    parent.join()
    assert not psutil.wait_procs(working, timeout=60)[1]


def test_threads_are_given_back() -> None:
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_nobody_waits_for_a_long_item_once_the_end_is_asked_for() -> None:
    asked, before = threading.Event(), set(multiprocessing.active_children())
    with SideBySide(2, asked.is_set) as workers:
        results = workers.map(time.sleep, [0.0, 600.0, 600.0])
        next(results)
        working = set(multiprocessing.active_children()) - before
        asked.set()
        with pytest.raises(WorkBrokenOff):
            next(results)
    assert len(working) == 2
    assert not any(process.is_alive() for process in working), "they were ended in the middle of their items"


def test_nobody_waits_for_what_is_under_way_at_the_end() -> None:
    with SideBySide(2) as workers:
        results = workers.map(time.sleep, [0.0, 600.0, 600.0])
        next(results)
        results.close()  # type: ignore[attr-defined]  # it is a generator
