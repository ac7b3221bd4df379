"""The history of a chain of trainings, as the views read it: bands, who taught whom, models, curves."""

from __future__ import annotations

from itertools import pairwise

from studio.gui.views.charts.time_axis import ACTIVE
from studio.runs.files.history import RunHistory


def check_chain(history: RunHistory) -> None:
    """A parent, at its end or before."""
    assert history.is_chain
    roles = [band.name for band in history.plan]
    assert len(set(roles)) == len(roles)
    assert all(band.name == band.title and band.labels for band in history.plan)
    for number, band in enumerate(history.plan):
        assert band.taught_by is not None
        assert not band.taught_by or band.taught_by in roles[:number]
    assert history.plan[0].begin == 0
    assert history.plan[-1].end == history.steps == history.epochs * history.steps_per_epoch
    assert all(one.end == other.begin for one, other in pairwise(history.plan))
    told = [band for band in history.plan if band.name in history.models]
    for curve in history.terms.values():
        assert all(any(band.begin < x <= band.end for band in told) for x in curve.raw.x)
    _check_models(history, roles)
    _check_curves(history)
    if history.state not in ACTIVE and history.state == "finished":
        assert history.step == history.steps


def _check_models(history: RunHistory, roles: list[str]) -> None:
    ends = {band.name: band.end for band in history.plan}
    for role, told in history.models.items():
        assert told.role == role
        assert told.low is not None
        assert told.high is not None
        assert 0 <= told.low <= told.accuracy <= told.high <= 1
        assert told.epoch * history.steps_per_epoch == told.step
        if told.members:
            assert len(told.members) > 1
            assert set(told.members) <= set(roles)
            assert told.step == history.steps
        else:
            assert told.step == ends[role]
    steps = [role for role in history.models if role in ends]
    assert steps == roles[: len(steps)], "steps are taken in the order of the plan"


def _check_curves(history: RunHistory) -> None:
    """Each step that is done has its curve in its band; of one that is not nothing is told yet."""
    assert history.test.x.tolist() == sorted(set(history.test.x))
    moments = [moment.step for moment in history.moments]
    assert moments == sorted(set(moments))
    for band in history.plan:
        inside = (history.test_labelled.x > band.begin) & (history.test_labelled.x <= band.end)
        assert inside.any() == (band.name in history.models)
