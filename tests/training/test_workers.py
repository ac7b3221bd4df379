"""Items worked on side by side come out as one after the other: in order, with one thread each."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import psutil
import pytest
import torch
from threadpoolctl import threadpool_info

from studio.core.errors import RunFailed
from studio.core.workers import InTurn, WorkBrokenOff
from studio.events import Event, Listener, StateChanged, ignore_event
from studio.training.control import Control
from studio.training.event_emitter import EventEmitter
from studio.training.item_pause import ItemPause
from studio.training.workers import SUSPENDS, SideBySide, one_thread


def slow_if_even(number: int) -> tuple[int, int]:
    """So that later items are ready before earlier ones."""
    time.sleep(0.0 if number % 2 else 0.05)
    return number, os.getpid()


def sums(seed: int) -> np.ndarray:
    """Products whose bits depend on how many threads add them up."""
    factors = np.random.default_rng(seed).normal(size=(120, 120))
    return np.asarray(factors @ factors.T)


def slow(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


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


def person(control: Control, listen: Listener = ignore_event) -> ItemPause:
    return ItemPause(EventEmitter(listen, control), control)


def hold_until_ended() -> None:
    """In a process that is killed: an item that is suspended for longer than any test."""
    control = Control()
    control.pause()
    with SideBySide(1, person(control)) as workers:
        list(workers.map(time.sleep, [600.0]))


def children_of(parent: psutil.Process) -> list[psutil.Process]:
    """Those that work on items, once there are any."""
    begun = time.monotonic()
    while not (working := [one for one in parent.children() if "spawn_main" in " ".join(one.cmdline())]):
        assert time.monotonic() - begun < 60
        time.sleep(0.05)
    return working


def check_comes(condition: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < 60
        time.sleep(0.05)


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
    working = children_of(psutil.Process(parent.pid))
    parent.kill()
    parent.join()
    assert not psutil.wait_procs(working, timeout=60)[1]


def test_threads_are_given_back() -> None:
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_nobody_waits_for_a_long_item_once_the_end_is_asked_for() -> None:
    control, before = Control(), set(multiprocessing.active_children())
    with SideBySide(2, person(control)) as workers:
        results = workers.map(time.sleep, [0.0, 600.0, 600.0])
        next(results)
        working = set(multiprocessing.active_children()) - before
        control.stop()
        with pytest.raises(WorkBrokenOff):
            next(results)
    assert len(working) == 2
    assert not any(process.is_alive() for process in working), "they were ended in the middle of their items"


@pytest.mark.skipif(not SUSPENDS, reason="the pause comes after the item")
def test_a_pause_suspends_an_item_and_what_comes_of_it_is_the_same() -> None:
    control, states, found = Control(), list[str](), list[str]()
    before = set(psutil.Process().children())

    def listen(event: Event) -> None:
        if isinstance(event, StateChanged):
            states.append(event.state)
            if event.state == "paused":
                found.extend(one.status() for one in children_of(psutil.Process()) if one not in before)
                control.resume()

    with SideBySide(2, person(control, listen)) as workers:
        results = workers.map(slow, [0.0, 1.5, 1.5])
        assert next(results) == 0.0
        control.pause()
        assert list(results) == [1.5, 1.5]
    assert states == ["paused", "running"]
    assert found == [psutil.STATUS_STOPPED] * 2


@pytest.mark.skipif(not SUSPENDS, reason="the pause comes after the item")
def test_a_step_in_a_pause_finishes_the_item_under_way() -> None:
    control, held = Control(), list[str]()

    def listen(event: Event) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            held.append("item")
            control.step()

    with SideBySide(1, person(control, listen)) as workers:
        results = workers.map(slow, [0.0, 1.5])
        next(results)
        control.pause()
        next(results)
    assert held == ["item"]
    assert control.holding, "it holds again before the next item"


@pytest.mark.skipif(not SUSPENDS, reason="the pause comes after the item")
def test_the_end_can_be_asked_for_in_a_pause() -> None:
    control = Control()

    def listen(event: Event) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            control.stop()

    with SideBySide(1, person(control, listen)) as workers:
        results = workers.map(time.sleep, [0.0, 600.0])
        next(results)
        control.pause()
        with pytest.raises(WorkBrokenOff):
            next(results)


@pytest.mark.skipif(not SUSPENDS, reason="the pause comes after the item")
def test_no_suspended_process_stays_behind_one_that_was_killed() -> None:
    parent = multiprocessing.get_context("spawn").Process(target=hold_until_ended)
    parent.start()
    working = children_of(psutil.Process(parent.pid))
    check_comes(lambda: working[0].status() == psutil.STATUS_STOPPED)
    parent.kill()
    parent.join()
    assert not psutil.wait_procs(working, timeout=60)[1]


def test_where_no_process_can_be_suspended_the_pause_comes_after_the_item_and_that_is_told_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("studio.training.workers.SUSPENDS", False)
    control, told = Control(), list[str]()

    def listen(event: Event) -> None:
        if isinstance(event, StateChanged):
            told.append(f"{event.state}: {event.words}")

    with SideBySide(1, person(control, listen)) as workers:
        results = workers.map(slow, [0.0, 1.0])
        next(results)
        control.pause()
        assert next(results) == 1.0
    assert told == ["running: Pausing after the item under way, which may take minutes"]
    assert control.holding


def test_nobody_waits_for_what_is_under_way_at_the_end() -> None:
    with SideBySide(2) as workers:
        results = workers.map(time.sleep, [0.0, 600.0, 600.0])
        next(results)
        results.close()  # type: ignore[attr-defined]  # it is a generator
