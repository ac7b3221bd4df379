"""Methods together: joint terms beside each other, and any transfer stage before labels and soft targets."""

from __future__ import annotations

import math
from typing import Any

import pytest

from studio import catalog
from studio.core.errors import StudioError
from studio.events import StageStarted, Terms
from studio.methods.base import AnyMethod
from tests.training.small_runs import Run, Told, small

METHODS: list[AnyMethod] = [
    entry for entry in catalog.entries("method") if entry.needs.teacher and not entry.needs.made_from_teacher
]
#: A student as wide as its teacher, so that every method can work with the pair.
EQUAL: dict[str, Any] = {"student": {"key": "cnn-8"}, "dataset": {"key": "digits", "per_class": 4}}
#: Combinations of the papers and decks, and some that share a position, an update or own modules.
TOGETHER = [
    ("at", "kd"),
    ("fitnet", "rkd"),
    ("ofd", "kd"),
    ("jacobian", "at"),
    ("svd", "kd"),
    ("ft", "rkd"),
    ("bss", "crd"),
    ("vid", "pkt"),
    ("logits", "flow"),
    ("composed", "ab"),
    ("fsp", "fsp"),  # as a person may write it: the second gets a number
]
TRANSFERS: list[dict[str, Any]] = [
    {"key": "fitnet"},
    {"key": "ab"},
    {"key": "fsp", "settings": {"stages": "two"}},
    {"key": "ft"},
    {"key": "flow"},
    {"key": "svd", "settings": {"stages": "two"}},
    {"key": "composed", "settings": {"stages": "two"}},
]


def test_what_can_teach_nothing_is_refused_before_it_is_trained(run: Run) -> None:
    for key, batch in (("rkd", 2), ("sp", 1)):
        for method in (key, {"key": "kd", "also": [{"key": key}]}):
            with pytest.raises(StudioError, match=r"cannot be used here\. It compares the pictures of a step"):
                run(small(method, training={"batch_size": batch}))


def terms_of(told: Told) -> dict[str, set[str]]:
    """Which terms were learnt in each stage; all of them finite."""
    found: dict[str, set[str]] = {}
    for event in told.of(Terms):
        assert all(math.isfinite(reading.value) for reading in event.terms.values())
        found.setdefault(event.stage, set()).update(event.terms)
    return found


def test_every_method_with_a_teacher_can_join_another() -> None:
    for entry in METHODS:
        assert entry.joint(entry.Settings()) is not None, entry.key


@pytest.mark.parametrize(("first", "second"), TOGETHER, ids=str)
def test_joint_terms_stand_beside_each_other(run: Run, first: str, second: str) -> None:
    both = {"key": first, "task_weight": 1.0, "also": [{"key": second}]}
    outcome, told = run(small(both, training={"steps": 8, "batch_size": 16}, **EQUAL))
    assert outcome.state == "finished"
    _, alone = run(small({"key": first, "task_weight": 1.0}, training={"steps": 8, "batch_size": 16}, **EQUAL))
    together, without = terms_of(told), terms_of(alone)
    *transfers, task = together
    assert [together[stage] for stage in transfers] == [without[stage] for stage in transfers]
    assert "labels" in together[task]
    assert together[task] > without[task]


@pytest.mark.parametrize("method", TRANSFERS, ids=lambda method: method["key"])
def test_labels_and_soft_targets_follow_any_transfer(run: Run, method: dict[str, Any]) -> None:
    soft = {"key": "kd", "settings": {"temperature": 5.0, "weight": 0.7}}
    outcome, told = run(small({**method, "also": [soft]}, training={"steps": 12, "batch_size": 16}, **EQUAL))
    assert outcome.state == "finished"
    stages = [event.stage for event in told.of(StageStarted)]
    assert len(stages) >= 2
    learnt = terms_of(told)
    *transfers, task = (learnt[stage] for stage in stages)
    assert all(terms for terms in transfers)
    for terms in transfers:
        assert not any("labels" in name or "soft targets" in name for name in terms)
    assert "labels" in task
    assert any(name.startswith("soft targets") for name in task)
    readings = told.of(Terms)[-1].terms
    weights = {reading.weight for name, reading in readings.items() if name.startswith("soft targets")}
    assert 0.7 in weights


def test_three_at_once_beside_one_with_its_own_modules(run: Run) -> None:
    method = {"key": "ofd", "also": [{"key": "kd"}, {"key": "at"}, {"key": "vid"}]}
    _, told = run(small(method, training={"steps": 3, "batch_size": 16}, **EQUAL))
    (learnt,) = terms_of(told).values()
    assert len(learnt) == 5
