"""What no run says is passed over where events are read, and odd numbers are left out of them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.message import Text
from studio.events import (
    AgreementReading,
    EpochDone,
    Event,
    GroupAgreement,
    ModelMeasured,
    RunEnded,
    Snapshot,
    StageBand,
    TermReading,
    Terms,
)
from studio.runs.files.event_check import MOST_STEPS, checked, fraction, readings_or_gaps
from studio.runs.files.event_codec import from_line, to_line
from studio.runs.files.history import RunHistory
from tests.runs.fake_session import experiment, started

STARTED = started(experiment(), teacher=0.93)
ODD = [math.nan, math.inf, -math.inf, 1e308, -1e308, -0.5, 1.5]


@pytest.mark.parametrize(
    "event",
    [
        EpochDone(step=-1, labelled=True),
        EpochDone(step=MOST_STEPS + 1, labelled=True),
        EpochDone(epoch=-3, labelled=True),
        replace(STARTED, steps=-1),
        replace(STARTED, steps_per_epoch=10**30),
        replace(STARTED, plan=(StageBand("a", "a", 5, 4, True),)),
        replace(STARTED, plan=(StageBand("a", "a", 0, 10**20, True),)),
        replace(STARTED, groups=tuple(map(str, range(5000)))),
        ModelMeasured(role="teacher", accuracy=math.nan),
    ],
    ids=lambda event: f"{event.kind} {event.step}",
)
def test_what_cannot_have_been_is_passed_over(event: Event) -> None:
    assert from_line(to_line(event, 0, 0.0)) is None
    history = RunHistory("run")
    history.handle_event(event)
    assert (history.step, history.epoch, history.plan, history.models, len(history.test)) == (0, 0, (), {}, 0)


@pytest.mark.parametrize("value", ODD)
def test_an_accuracy_that_is_none_is_not_known(value: float) -> None:
    assert checked(EpochDone(labelled=True, test_accuracy=value, validation_accuracy=0.5)) == EpochDone(
        labelled=True, validation_accuracy=0.5
    )
    ended = RunEnded(state="finished", reason=Text(""), test_accuracy=value, teacher_accuracy=value, seconds=-value)
    assert checked(ended).test_accuracy is None
    assert checked(ended).teacher_accuracy is None
    assert math.isfinite(checked(ended).seconds)
    assert checked(replace(STARTED, teacher_accuracy=value)).teacher_accuracy is None
    assert checked(ModelMeasured(role="teacher", accuracy=0.5, low=value, high=0.6)).low is None


@pytest.mark.parametrize("value", ODD)
def test_an_agreement_that_is_none_is_left_out(value: float) -> None:
    good, bad = AgreementReading(0.9, 0.5), AgreementReading(value, 0.5)
    snapshot = Snapshot(
        agreement=(
            GroupAgreement("group1", good, bad, "connector"),
            GroupAgreement("group2", bad),
            GroupAgreement("group3", good, good, "direct"),
        )
    )
    assert checked(snapshot).agreement == (
        GroupAgreement("group1", good),
        GroupAgreement("group3", good, good, "direct"),
    )


@pytest.mark.parametrize("event", [STARTED, EpochDone(step=4, labelled=True, test_accuracy=0.7), Snapshot(step=3)])
def test_what_is_in_order_stays_as_it_is(event: Event) -> None:
    assert checked(event) == event


@given(st.floats())
def test_a_fraction_lies_between_nothing_and_all(value: float) -> None:
    found = fraction(value)
    assert found is None or -1e-5 < found < 1 + 1e-5
    assert found == value or not -1e-7 <= value <= 1 + 1e-7


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308, -1e308, 1e31])
def test_a_reading_beyond_measure_is_a_gap(value: float) -> None:
    """Beside it the curve goes on."""
    history = RunHistory("run")
    for step, loss in enumerate([0.5, value, 0.25], start=1):
        terms = {"labels": TermReading(loss, 1.0, "task"), "hint": TermReading(0.5, loss, "transfer")}
        history.handle_event(Terms(step=step, terms=terms, learning_rate=0.1, pictures_per_second=loss))
    assert len(history.terms["labels"].raw) == 3
    np.testing.assert_array_equal(history.terms["labels"].raw.y, [0.5, math.nan, 0.25])
    np.testing.assert_array_equal(history.terms["hint"].weight.y, [0.5, math.nan, 0.25])
    np.testing.assert_array_equal(history.speed.y, [0.5, math.nan, 0.25])
    np.testing.assert_array_equal(readings_or_gaps(np.array([1.0, value])), [1.0, math.nan])
