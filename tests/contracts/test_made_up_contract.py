"""Runs that never were have the arrays of real ones, so that views are tried on what they will be given."""

from __future__ import annotations

from itertools import pairwise

import pytest

from studio.runs.files.history import RunHistory
from tests.contracts.snapshot_contract import check_snapshot
from tests.gui.made_up import pictures_run, points_run

RUNS = {
    "pictures": pictures_run(readings=30),
    "pictures in progress": pictures_run(done=50, readings=30),
    "pictures without a teacher": pictures_run(teacher=False, transfer=0, readings=30),
    "two classes": pictures_run(classes=("cat", "dog"), readings=30),
    "points": points_run(grid=21, snapshots=4),
}


@pytest.fixture(params=RUNS)
def history(request: pytest.FixtureRequest) -> RunHistory:
    return RUNS[request.param]


def test_snapshots_have_the_arrays_of_real_ones(history: RunHistory) -> None:
    assert len(history.moments) >= 2
    ends = {band.end for band in history.plan}
    for moment in history.moments:
        check_snapshot(
            moment.load(),
            classes=len(history.classes),
            groups=history.groups,
            examples=history.examples,
            teacher=history.teacher is not None,
            key_moment=moment.step in {0, *ends},
        )


def test_everything_lies_in_the_plan(history: RunHistory) -> None:
    assert history.plan[0].begin == 0
    assert history.plan[-1].end == history.steps == history.epochs * history.steps_per_epoch
    assert all(one.end == other.begin for one, other in pairwise(history.plan))
    bands = {band.name: band for band in history.plan}
    assert history.terms
    for curve in history.terms.values():
        assert len(curve.raw) > 0
        assert (curve.raw.x > 0).all()
        assert (curve.raw.x <= history.step).all()
    assert history.test.x.tolist() == sorted(set(history.test.x))
    assert history.test_labelled.x.min() >= bands["classify"].begin
    steps = [moment.step for moment in history.moments]
    assert steps == sorted(set(steps))
    assert (history.state == "finished") == (history.step == history.steps)
