"""A procedure: what it says and writes, and that broken off anywhere it ends with the same bytes."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from studio.core.arrays import read_arrays
from studio.core.errors import NotWritten, StoppedEarly, StudioError
from studio.core.workers import WorkBrokenOff
from studio.data.prepare import prepare
from studio.events import Event, ItemDone, Notice, Progress, Resumed, RunEnded, RunStarted, StateChanged
from studio.experiment import Experiment, validated
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import save_network
from studio.training import procedure_runner
from studio.training.control import Control
from studio.training.procedure_runner import run_procedure
from studio.training.setup import Places
from tests.systems.chains import Killed, toy_in_catalog
from tests.systems.toy_procedures import ToyCentres

A = TypeVar("A")
R = TypeVar("R")

ITEMS = 6
POINTS = Input((2,), (0.0, 0.0), (1.0, 1.0))


@pytest.fixture(autouse=True)
def toy() -> Iterator[None]:
    with toy_in_catalog():
        yield


def cases(seed: int = 0, key: str = "toy_cases") -> Experiment:
    settings = {"count": ITEMS} if key == "toy_cases" else {}
    return validated(
        {
            "seed": seed,
            "dataset": {"key": "moons"},
            "teacher": {"key": "mlp-8-8"},
            "student": {"key": "mlp-8-8"},
            "method": {"key": key, "settings": settings},
        }
    )


class Told:
    """A listener that keeps what it hears, and does ``then`` at an event."""

    def __init__(self, then: Callable[[Event], None] = lambda _event: None) -> None:
        self.events: list[Event] = []
        self._then = then

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._then(event)

    @property
    def items(self) -> list[int]:
        return [event.item for event in self.events if isinstance(event, ItemDone)]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return made_places(tmp_path / "run")


def made_places(folder: Path, classes: tuple[str, ...] | None = None) -> Places:
    """A run's folder with a teacher of moons."""
    folder.mkdir()
    names = classes or classes_of_moons()
    save_network(build_network("mlp-8-8", POINTS, names, seed=7), folder / "teacher.safetensors")
    return Places(folder, folder.parent / "cache", folder / "teacher.safetensors")


def classes_of_moons() -> tuple[str, ...]:
    return prepare("moons", {}, seed=0, cache=Path()).classes


def go(places: Places, told: Told | None = None, control: Control | None = None, seed: int = 0) -> Told:
    """One sitting that keeps its state after every item."""
    told = told or Told()
    run_procedure(cases(seed), places, told, control or Control(), save_every=0.0)
    return told


def at_item(number: int, do: Callable[[], None]) -> Callable[[Event], None]:
    def then(event: Event) -> None:
        if isinstance(event, ItemDone) and event.item == number:
            do()

    return then


def kill() -> None:
    raise Killed


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with toy_in_catalog():
        places = made_places(tmp_path_factory.mktemp("whole") / "run")
        go(places)
        return (places.folder / "arrays.npz").read_bytes()


def test_it_tells_its_plan_its_items_and_its_end(places: Places) -> None:
    told = go(places, Told(at_item(1, lambda: time.sleep(0.11))))  # how far is told ten times a second
    started = next(event for event in told.events if isinstance(event, RunStarted))
    assert (started.steps, started.epochs) == (ITEMS, 0)
    assert [(band.begin, band.end) for band in started.plan] == [(0, ITEMS)]
    assert told.items == list(range(1, ITEMS + 1))
    done = [event for event in told.events if isinstance(event, ItemDone)]
    assert [event.step for event in done] == told.items
    assert {event.items for event in done} == {ITEMS}
    assert str(done[0].words) == "50 points have answers."
    assert 0.5 <= done[0].numbers["sure"] <= 1
    assert any("item 1 of 6" in str(event.words) for event in told.events if isinstance(event, Progress))
    ended = told.events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.state == "finished"


def test_what_it_made_is_kept(places: Places) -> None:
    go(places)
    arrays = read_arrays(places.folder / "arrays.npz")
    assert arrays["points"].shape == (300, 2)
    assert np.allclose(arrays["answers"].sum(1), 1, atol=1e-6)


@pytest.mark.parametrize("item", range(1, ITEMS + 1))
def test_killed_at_any_item_it_ends_with_the_same_bytes(item: int, places: Places, undisturbed: bytes) -> None:
    with pytest.raises(Killed):
        go(places, Told(at_item(item, kill)))
    told = go(places)
    assert (places.folder / "arrays.npz").read_bytes() == undisturbed
    assert told.items == list(range(item, ITEMS + 1))  # the item that was told and not kept is done again


@pytest.mark.parametrize("item", [1, 3, ITEMS])
def test_stopped_it_keeps_every_item_and_goes_on(item: int, places: Places, undisturbed: bytes) -> None:
    control = Control()
    told = Told(at_item(item, control.stop))
    with pytest.raises(StoppedEarly):
        run_procedure(cases(), places, told, control)  # at its own pace, which saves nothing before
    assert told.items == list(range(1, item + 1))
    ended = told.events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.state == "stopped"
    again = go(places)
    assert again.items == list(range(item + 1, ITEMS + 1))
    assert any(isinstance(event, Resumed) and event.step == item for event in again.events)
    assert (places.folder / "arrays.npz").read_bytes() == undisturbed


def test_paused_it_holds_between_two_items(places: Places) -> None:
    control = Control()
    held: list[int] = []

    def go_on() -> None:
        held.append(len(told.items))
        control.resume()

    def then(event: Event) -> None:
        at_item(2, control.pause)(event)
        if isinstance(event, StateChanged) and event.state == "paused":
            threading.Timer(0.05, go_on).start()

    told = Told(then)
    run_procedure(cases(), places, told, control)
    assert held == [2]
    assert told.items == list(range(1, ITEMS + 1))


@pytest.mark.parametrize("harm", ["flipped", "torn", "of another seed"])
def test_a_state_that_does_not_serve_is_said_and_it_begins_anew(harm: str, places: Places, undisturbed: bytes) -> None:
    with pytest.raises(Killed):
        go(places, Told(at_item(4, kill)), seed=1 if harm == "of another seed" else 0)
    state = places.folder / "procedure" / "state.npz"
    data = bytearray(state.read_bytes())
    if harm == "flipped":
        data[len(data) // 2] ^= 0x10
    state.write_bytes(data[: len(data) // 2] if harm == "torn" else data)
    told = go(places)
    assert any(isinstance(event, Notice) and "begins anew" in str(event.what) for event in told.events)
    assert told.items == list(range(1, ITEMS + 1))
    assert (places.folder / "arrays.npz").read_bytes() == undisturbed


def test_a_full_disk_ends_it_and_it_goes_on_when_there_is_space(
    places: Places, undisturbed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:

        def fill() -> None:
            full.setattr(os, "fsync", refuse)

        with pytest.raises(NotWritten, match="disk is full"):
            go(places, Told(at_item(3, fill)))
    told = go(places)
    assert told.items == list(range(3, ITEMS + 1))
    assert (places.folder / "arrays.npz").read_bytes() == undisturbed


def test_a_teacher_that_names_the_classes_in_another_order_answers_in_that_of_the_data(tmp_path: Path) -> None:
    names = classes_of_moons()
    plain = made_places(tmp_path / "plain", names)
    turned = made_places(tmp_path / "turned", tuple(reversed(names)))  # the same weights
    for places in (plain, turned):
        go(places)
    first, second = (read_arrays(places.folder / "arrays.npz")["answers"] for places in (plain, turned))
    assert np.array_equal(first[:, ::-1], second)


def test_a_teacher_of_other_classes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="other classes"):
        go(made_places(tmp_path / "run", ("cat", "dog")))


def test_it_goes_on_from_what_another_made(places: Places, tmp_path: Path) -> None:
    go(places)
    made = read_arrays(places.folder / "arrays.npz")
    folder = tmp_path / "centres"
    folder.mkdir()
    run_procedure(cases(key="toy_centres"), Places(folder, places.cache), Told(), Control(), uses={"cases": made})
    centres = read_arrays(folder / "arrays.npz")["centres"]
    classes = made["answers"].argmax(1)
    expected = [made["points"][classes == number].mean(0) for number in range(2)]
    assert np.array_equal(centres, expected)


def test_side_by_side_it_makes_the_same_bytes(places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go(places)
    made = read_arrays(places.folder / "arrays.npz")
    found = []
    for side_by_side in (False, True):
        monkeypatch.setattr(ToyCentres, "side_by_side", lambda *_, worth=side_by_side: worth)
        folder = tmp_path / f"centres-{side_by_side}"
        folder.mkdir()
        told = Told()
        run_procedure(cases(key="toy_centres"), Places(folder, places.cache), told, Control(), uses={"cases": made})
        assert told.items == [1, 2]
        found.append((folder / "arrays.npz").read_bytes())
    assert found[0] == found[1]


class BrokenOff:
    """Gives the first result and is then asked for the end in the middle of an item."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def map(self, work: Callable[[A], R], arguments: Iterable[A]) -> Iterator[R]:
        yield work(next(iter(arguments)))
        self._control.stop()
        raise WorkBrokenOff


def test_stopped_in_the_middle_of_an_item_it_keeps_those_before_and_goes_on(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(places)
    made, control, found = read_arrays(places.folder / "arrays.npz"), Control(), []
    for name in ("undisturbed", "broken off"):
        folder = tmp_path / name
        folder.mkdir()
        told, again = Told(), Places(folder, places.cache)
        if name == "broken off":
            with monkeypatch.context() as patch:
                patch.setattr(procedure_runner, "workers_for", lambda **_: nullcontext(BrokenOff(control)))
                with pytest.raises(StoppedEarly, match="after item 1"):
                    run_procedure(cases(key="toy_centres"), again, Told(), control, uses={"cases": made})
        run_procedure(cases(key="toy_centres"), again, told, Control(), uses={"cases": made})
        assert told.items == ([2] if name == "broken off" else [1, 2])
        found.append((folder / "arrays.npz").read_bytes())
    assert found[0] == found[1]
