"""What the events of one run hold, in the order they are told, whoever runs it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from studio.events import (
    CheckpointSaved,
    EpochDone,
    Event,
    Notice,
    Phase,
    Progress,
    Resumed,
    RunEnded,
    RunStarted,
    Snapshot,
    StageBand,
    StageStarted,
    State,
    StateChanged,
    Terms,
)
from studio.insight.agreement_readings import agreement_readings
from tests.contracts.snapshot_contract import check_snapshot

BEFORE_THE_PLAN = (Phase, Notice, Progress, StateChanged)


def check_run(events: Sequence[Event], *, ended: State, teacher: bool, resumed_at: int | None = None) -> RunStarted:
    """All events of one sitting of one run; returns the one that told its plan.

    Args:
        ended: how it ended.
        teacher: whether there is one, of the same classes.
        resumed_at: the step it went on from; None for a new run.
    """
    assert len({event.run for event in events}) == 1, "one run at a time"
    place = next(index for index, event in enumerate(events) if isinstance(event, RunStarted))
    started = events[place]
    assert isinstance(started, RunStarted)
    assert all(isinstance(event, BEFORE_THE_PLAN) for event in events[:place])
    assert [event for event in events[:place] if isinstance(event, Phase)], "it says first what is being done"
    check_plan(started)
    assert (started.teacher_accuracy is not None) == teacher
    after = events[place + 1 :]
    assert not [event for event in after if isinstance(event, RunStarted)], "a plan is told once"
    if resumed_at is None:
        assert not [event for event in after if isinstance(event, Resumed)]
    else:
        assert isinstance(after[0], Resumed)
        assert after[0].step == resumed_at
        assert not [event for event in after[1:] if isinstance(event, Resumed)]
    _check_stages(after, started, resumed_at or 0)
    _check_readings(after, started, teacher=teacher, numbers=ended != "failed")
    _check_end(events, started, ended, teacher=teacher)
    return started


def check_plan(started: RunStarted) -> None:
    """The stages cover the steps of the run without a gap; classes and groups are there and named once."""
    bands = started.plan
    assert bands[0].begin == 0
    assert bands[-1].end == started.steps
    assert all(one.end == other.begin for one, other in pairwise(bands))
    assert all(band.name and band.title and band.begin < band.end for band in bands)
    assert started.epochs == math.ceil(started.steps / started.steps_per_epoch)
    assert started.name
    assert started.batch_size >= 1
    assert started.threads >= 1
    assert started.precision in ("exact", "fast")
    assert len(set(started.classes)) == len(started.classes) >= 2
    assert len(set(started.groups)) == len(started.groups) >= 1


def _check_stages(events: Sequence[Event], started: RunStarted, first: int) -> None:
    """Stages begin in the order of the plan, and what is told of steps lies in its stage and in time."""
    bands = {band.name: band for band in started.plan}
    begun = [event for event in events if isinstance(event, StageStarted)]
    planned = [band.name for band in started.plan if band.end > first]
    assert [event.stage for event in begun] == planned[: len(begun)]
    assert all(event.title == bands[event.stage].title and event.trains for event in begun)
    step, band = first, None
    for event in events:
        assert event.step >= step, f"{event} is told after step {step}"
        step = event.step
        assert event.epoch == event.step // started.steps_per_epoch
        if isinstance(event, StageStarted):
            band = bands[event.stage]
            assert event.step == max(band.begin, first)
        elif isinstance(event, (Terms, EpochDone, Snapshot, CheckpointSaved)):
            assert band is not None, "nothing is trained before a stage has begun"
            assert event.stage == band.name
            assert band.begin <= event.step <= band.end


def _check_readings(events: Sequence[Event], started: RunStarted, *, teacher: bool, numbers: bool) -> None:
    bands: dict[str, StageBand] = {band.name: band for band in started.plan}
    readings = [event for event in events if isinstance(event, Terms)]
    assert readings
    for reading in readings:
        assert bands[reading.stage].begin < reading.step
        assert reading.terms
        assert all(math.isfinite(term.value) and math.isfinite(term.weight) for term in reading.terms.values())
        assert {term.kind for term in reading.terms.values()} <= {"task", "transfer"}
        assert teacher or all(term.kind == "task" for term in reading.terms.values())
        assert reading.learning_rate > 0
    assert not teacher or any(term.kind == "transfer" for event in readings for term in event.terms.values())
    for epoch in (event for event in events if isinstance(event, EpochDone)):
        assert epoch.labelled == bands[epoch.stage].labels
        assert epoch.test_accuracy is None or 0 <= epoch.test_accuracy <= 1
    snapshots = [event for event in events if isinstance(event, Snapshot)]
    assert all(one.step < other.step or one.stage != other.stage for one, other in pairwise(snapshots))
    for snapshot in snapshots:
        assert snapshot.agreement == agreement_readings(snapshot.arrays)
        assert ("start" in snapshot.moments) == (snapshot.step == 0)
        check_snapshot(
            snapshot.arrays,
            classes=len(started.classes),
            groups=started.groups,
            examples=started.examples,
            teacher=teacher,
            key_moment=bool(snapshot.moments),
            numbers=numbers,
        )
    fractions = [event.fraction for event in events if isinstance(event, Progress) and event.fraction is not None]
    assert all(0 <= one <= other <= 1 for one, other in pairwise([0.0, *fractions]))


def _check_end(events: Sequence[Event], started: RunStarted, ended: State, *, teacher: bool) -> None:
    ends = [event for event in events if isinstance(event, RunEnded)]
    assert ends == [events[-1]], "the last word is said once, and last"
    (end,) = ends
    assert end.state == ended
    assert str(end.reason)
    if ended == "failed":
        return
    assert end.test_accuracy is not None
    assert (end.teacher_accuracy is not None) == teacher
    if ended == "finished":
        assert end.step == started.steps
        epochs = [event for event in events if isinstance(event, EpochDone)]
        snapshots = [event for event in events if isinstance(event, Snapshot)]
        assert epochs[-1].step == snapshots[-1].step == started.steps
        assert "end" in snapshots[-1].moments
        assert epochs[-1].test_accuracy == end.test_accuracy
    else:
        assert end.step < started.steps
