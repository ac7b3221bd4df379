"""Many readings at a time are the same as one by one, whatever else stands in the file."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.events import EpochDone, Event, Resumed, TermReading, Terms
from studio.runs.files.event_codec import from_line, to_line
from studio.runs.files.history import RunHistory
from studio.runs.files.readings import Readings, read_lines

NUMBERS = st.one_of(
    st.floats(),
    st.integers(-(10**20), 10**20).map(float),
    st.sampled_from([0.0, -0.0, 1e-300, 1e22, -2.5e-7, math.nan, math.inf]),
)
NAMES = st.sampled_from(["labels", "soft targets", 'a "quoted" [name]', "group1 {x}", "é·ß\\n"])


@st.composite
def terms(draw: st.DrawFn) -> Event:
    readings = draw(st.dictionaries(NAMES, st.builds(TermReading, NUMBERS, NUMBERS, st.just("task")), max_size=3))
    return Terms(
        stage=draw(st.sampled_from(["task", "transfer (1)"])),
        terms=readings,
        learning_rate=0.1,
        pictures_per_second=draw(NUMBERS),
    )


def placed(events: Sequence[Event]) -> list[str]:
    """The events as lines, each a step further."""
    lines = []
    for step, event in enumerate(events, start=1):
        moved = Resumed(step=step // 2) if isinstance(event, Resumed) else type(event)(**{**vars(event), "step": step})
        lines.append(to_line(moved, step, 1e9 + step))
    return lines


def one_by_one(data: bytes) -> RunHistory:
    history = RunHistory("run")
    for line in data.split(b"\n")[:-1]:
        read = from_line(line)
        if read is not None:
            history.handle_event(read.event)
    return history


def at_once(data: bytes) -> RunHistory:
    history = RunHistory("run")
    for said in read_lines(io.BytesIO(data)):
        if isinstance(said, Readings):
            history.handle_readings(said)
        else:
            history.handle_event(said)
    return history


def values(history: RunHistory) -> list[object]:
    series = [history.test, history.speed]
    for curve in history.terms.values():
        series += [curve.raw, curve.weight]
    kinds = {name: curve.kind for name, curve in history.terms.items()}
    return [history.step, history.epoch, kinds, *(repr([one.x.tolist(), one.y.tolist()]) for one in series)]


OTHERS = st.sampled_from([EpochDone(labelled=True, test_accuracy=0.5), Resumed()])
DAMAGE = st.sampled_from(["", "{", '{"seq":1,"time":1.0,"kind":"terms","stage":"task","epoch":0,"step":', "\x00", "[]"])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(terms(), OTHERS), max_size=30),
    st.lists(st.tuples(st.integers(0, 30), DAMAGE), max_size=4),
    st.integers(1, 3),
    st.integers(0, 40),
)
def test_many_at_a_time_are_the_same_as_one_by_one(
    events: list[Event], damage: list[tuple[int, str]], times: int, torn: int
) -> None:
    repeated = [event for event in events for _ in range(times)]
    lines = placed(repeated)
    for place, what in damage:
        lines.insert(min(place, len(lines)), what)
    data = "".join(f"{line}\n" for line in lines).encode()
    data = data[: len(data) - torn]
    # what stands before is read first, so that there is a line to follow
    before = "".join(f"{line}\n" for line in placed([_reading(1.0)] * 2)).encode() + b"x" * 140_000 + b"\n"
    assert values(at_once(before + data)) == values(one_by_one(before + data))


def _reading(value: float, *names: str) -> Terms:
    readings = {name: TermReading(value, 0.5, "task") for name in names or ("labels", "soft targets")}
    return Terms(stage="task", terms=readings, learning_rate=0.1, pictures_per_second=10.0)


def test_most_of_a_long_file_is_read_many_at_a_time() -> None:
    data = "".join(f"{line}\n" for line in placed([_reading(value / 7) for value in range(5000)])).encode()
    parts = list(read_lines(io.BytesIO(data)))
    many = [part for part in parts if isinstance(part, Readings)]
    assert sum(len(part.steps) for part in many) > 4000
    assert len(parts) < 1000
    assert np.array_equal(at_once(data).terms["labels"].raw.y, np.arange(5000) / 7)


@pytest.mark.parametrize("length", [200_000, 5_000_000])
def test_a_line_without_an_end_in_sight_costs_no_more_than_itself(length: int) -> None:
    lines = [f"{line}\n".encode() for line in placed([_reading(1.0), _reading(2.0), _reading(3.0)])]
    data = lines[0] + b"x" * length + b"\n" + lines[1] + b"y" * length
    assert at_once(data).terms["labels"].raw.y.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("every", [1, 700, 100_000])
def test_readings_whose_weights_change_are_read_many_at_a_time_too(every: int) -> None:
    def reading(i: int) -> Terms:
        terms = {"hint": TermReading(i / 3, 4.0 - i // every / 1000, "transfer")}
        return Terms(stage="hints", terms=terms, learning_rate=0.1, pictures_per_second=10.0)

    data = "".join(f"{line}\n" for line in placed([reading(i) for i in range(6000)])).encode()
    many = [part for part in read_lines(io.BytesIO(data)) if isinstance(part, Readings)]
    assert sum(len(part.steps) for part in many) > 3500
    weight = at_once(data).terms["hint"].weight.y
    assert np.array_equal(weight, [4.0 - i // every / 1000 for i in range(6000)])
