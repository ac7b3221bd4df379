"""Events survive the way to JSON and back, and nothing foreign stops a reader."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.message import Text, text
from studio.core.network_reading import BlockReading, NetworkReading
from studio.events import (
    CheckpointSaved,
    EpochDone,
    Event,
    Notice,
    Phase,
    PlanChanged,
    Resumed,
    RunEnded,
    Snapshot,
    StageBand,
    StageStarted,
    StudentRebuilt,
    TermReading,
    Terms,
)
from studio.runs.files.event_codec import decode_text, encode_text, from_line, to_line
from tests.runs.fake_session import experiment, started

EVENTS: list[Event] = [
    started(experiment(), teacher=0.93),
    Phase(words=text("Training the teacher, {network}", network="CNN 32")),
    StageStarted(stage="hint", title="transfer", trains=("student.stem", "objective")),
    Terms(step=7, terms={"hint": TermReading(0.5, 4.0, "transfer")}, learning_rate=0.1, pictures_per_second=812.5),
    EpochDone(epoch=2, step=14, labelled=False, validation_accuracy=0.25),
    CheckpointSaved(file="step-000000014.pt", best=True),
    Notice(level="warning", what=Text("It is slow."), why=text("{n} threads", n=1), offers=("halve_batch",)),
    Resumed(step=14),
    PlanChanged(plan=(StageBand("hint", "transfer", 0, 14, labels=False),), steps=14, epochs=2),
    StudentRebuilt(
        stage="group1",
        teacher=NetworkReading("CNN 8", (BlockReading("group1", "conv", "group1", 8, 8, 88, 4608),), 0.25),
        student=NetworkReading("CNN 8, half", (BlockReading("group1", "conv", "group1", 4, 8, 44, 2304),), 0.2),
        planned=NetworkReading("CNN 8, half", (BlockReading("group1", "conv", "group1", 4, 8, 44, 2304),), 0.2),
        compared=("group2",),
    ),
    RunEnded(state="early_stop", reason=Text("No gain."), test_accuracy=0.5, teacher_accuracy=0.75, seconds=3.5),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    line = to_line(event, seq=12, time=1234.5678)
    read = from_line(line)
    assert read is not None
    assert read.event == event
    assert (read.seq, read.time) == (12, 1234.568)


def test_a_line_begins_with_its_place_in_the_run() -> None:
    values = json.loads(to_line(EVENTS[4], seq=3, time=1.0))
    assert list(values)[:6] == ["seq", "time", "kind", "stage", "epoch", "step"]
    assert values["kind"] == "epoch"
    assert "run" not in values


def test_a_snapshot_leaves_its_arrays_behind() -> None:
    line = to_line(Snapshot(step=5, arrays={"a": np.ones(3)}, file="000000005.npz"), 0, 0.0)
    read = from_line(line)
    assert read is not None
    assert read.event == Snapshot(step=5, file="000000005.npz")
    assert "arrays" not in json.loads(line)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_json_has_no_word_for_stay_numbers(value: float) -> None:
    reading = {"labels": TermReading(value, 1.0, "task")}
    line = to_line(Terms(terms=reading, learning_rate=0.1, pictures_per_second=1.0), 0, 0.0)
    json.loads(line, parse_constant=pytest.fail)
    read = from_line(line)
    assert read is not None
    assert isinstance(read.event, Terms)
    assert str(read.event.terms["labels"].value) == str(value)


def test_a_sentence_with_a_number_that_is_none_can_still_be_said() -> None:
    said = text("The loss became {loss:.2f} at step {step}.", loss=math.nan, step=np.int64(7))
    assert str(decode_text(json.loads(json.dumps(encode_text(said), allow_nan=False)))) == str(said)


def test_a_sentence_within_a_sentence_keeps_its_template() -> None:
    said = text("It failed. {reason}", reason=text("{path} is missing.", path=Path("a/b")))
    read = decode_text(encode_text(said))
    assert str(read) == "It failed. a/b is missing."
    inner = read.values["reason"]
    assert isinstance(inner, Text)
    assert inner.template == "{path} is missing."


def test_values_that_do_not_fit_their_template_leave_its_bare_words() -> None:
    assert str(decode_text({"text": "{a.b[3]} of {n:d}", "values": {"n": "x"}})) == "{a.b[3]} of {n:d}"


def test_a_template_that_would_fill_the_memory_is_not_filled_in() -> None:
    assert str(decode_text({"text": "{n:>99999999999}", "values": {"n": 1}})) == "{n:>99999999999}"


def test_fields_of_a_newer_version_are_passed_over() -> None:
    values = json.loads(to_line(EVENTS[4], 0, 0.0)) | {"mood": "good"}
    read = from_line(json.dumps(values))
    assert read is not None
    assert read.event == EVENTS[4]


def test_a_line_of_an_earlier_version_with_more_fields_is_read() -> None:
    old = '{"seq": 4, "time": 2.0, "kind": "epoch", "step": 9, "labelled": true, "test_accuracy": 0.5, "train_loss": 1.25}'
    read = from_line(old)
    assert read is not None
    assert read.event == EpochDone(step=9, labelled=True, test_accuracy=0.5)


@pytest.mark.parametrize(
    "line",
    [
        '{"seq": 1, "time": 2.0, "kind": "holiday", "step": 3}',
        '{"seq": 1, "time": 2.0, "kind": "epoch", "labelled": "yes"}',
        '{"seq": 1, "time": 2.0, "kind": "epoch"}',
        '{"seq": 1, "time": 2.0, "kind": "terms", "terms": {"a": {"value": 1}}, "learning_rate": 0, "pictures_per_second": 0}',
        '{"seq": 1, "time": 2.0, "kind": "run_ended", "state": "exploded", "reason": ""}',
        '{"seq": 1, "time": 2.0, "ki',
        "[1, 2]",
        "",
        "\x00\x00\x00",
        "[" * 100_000,
    ],
)
def test_what_cannot_be_understood_is_passed_over(line: str) -> None:
    assert from_line(line) is None


@given(st.text(), st.dictionaries(st.sampled_from("abc"), st.floats() | st.text() | st.integers() | st.booleans()))
def test_every_sentence_comes_back(template: str, values: dict[str, object]) -> None:
    said = Text(template.replace("{", "(").replace("}", ")"), values)
    read = decode_text(json.loads(json.dumps(encode_text(said), allow_nan=False)))
    assert str(read) == str(said)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_json_makes_a_reader_stumble(value: object) -> None:
    read = from_line(json.dumps({"seq": 0, "time": 0, "kind": "phase", "words": value}))
    if read is not None:
        assert isinstance(read.event, Phase)
        assert isinstance(str(read.event.words), str)


def test_a_term_that_an_earlier_version_wrote_is_read() -> None:
    line = (
        '{"seq": 3, "time": 1.5, "kind": "terms", "stage": "task", "epoch": 0, "step": 7, "learning_rate": 0.1, '
        '"pictures_per_second": 10.0, "terms": {"labels": {"value": 2.0, "weight": 1.0, "role": "task"}}}'
    )
    read = from_line(line)
    assert read is not None
    assert isinstance(read.event, Terms)
    assert read.event.terms == {"labels": TermReading(2.0, 1.0, "task")}
