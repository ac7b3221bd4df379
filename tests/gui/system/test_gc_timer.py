"""Garbage is collected at times nobody notices, and none waits for ever."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from studio.gui.system.gc_timer import FULL_SECONDS, MANY, TRAINING_SECONDS, GcTimer


class Thing:
    """Holds itself."""

    def __init__(self) -> None:
        self.own = self


def old_garbage() -> weakref.ref[Thing]:
    """Something nobody holds that has outlived the younger generations."""
    thing = Thing()
    gc.collect()
    return weakref.ref(thing)


class Clock:
    """Stands still until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=[True, False])
def timer(request: pytest.FixtureRequest, clock: Clock) -> Iterator[tuple[GcTimer, float]]:
    """Where nothing trains and where something does, and how long old garbage may wait there."""
    idle = bool(request.param)
    timer = GcTimer(lambda: idle, every_ms=1, clock=clock)
    timer.start()
    yield timer, FULL_SECONDS if idle else TRAINING_SECONDS
    timer.stop()


def test_old_garbage_goes_in_time_also_while_something_trains(
    timer: tuple[GcTimer, float], clock: Clock, qtbot: QtBot
) -> None:
    garbage = old_garbage()
    clock.now = timer[1] - 1
    qtbot.wait(60)
    assert garbage() is not None
    clock.now = timer[1]
    qtbot.waitUntil(lambda: garbage() is None)


def test_what_came_in_bulk_and_stays_is_not_looked_at_again(timer: tuple[GcTimer, float]) -> None:
    few = [Thing() for _ in range(10)]
    timer[0].spare(MANY - 1)
    assert any(one is few[0] for one in gc.get_objects())
    many = [Thing() for _ in range(MANY)]
    timer[0].spare(MANY)
    assert not any(one is many[0] for one in gc.get_objects())
    later = [Thing()]
    timer[0].spare(MANY + 1)
    assert any(one is later[0] for one in gc.get_objects())
