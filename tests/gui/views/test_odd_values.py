"""Whatever a run's files hold, a view draws what can be drawn: the rest is a gap, or the view is empty and says why."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.events import EpochDone, Snapshot, TermReading, Terms
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.system.override_guard import reports
from studio.gui.views import views
from studio.gui.views.base import View
from studio.gui.views.charts.curve_thinning import thin
from studio.gui.views.learning.view import LearningView
from studio.runs.files.history import RunHistory
from tests.gui import made_up
from tests.gui.at_hand import there
from tests.runs.files.odd_arrays import ODD, one_of_each_kind

#: The views that draw snapshots, and what each cannot do without.
NEEDS = {
    "attention": "attention/",
    "boundaries": "agreement/",
    "soft_targets": "logits/student",
    "plane": "plane/student/probabilities",
}
BY_KEY = {kind.key: kind for kind in views()}


@pytest.fixture(autouse=True)
def raised(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException]]:
    """No override raises: what the guard would report fails the test."""
    found: list[BaseException] = []

    def hook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        found.append(error)

    reports.forget()
    monkeypatch.setattr(sys, "excepthook", hook)
    yield found
    assert found == []


def history_of(key: str) -> RunHistory:
    """A made-up run that fills a view, with its last snapshot alone."""
    made = made_up.points_run(snapshots=2) if key == "plane" else made_up.pictures_run(snapshots=2, readings=20)
    made.moments = made.moments[-1:]
    return made


def show(qtbot: QtBot, key: str) -> View:
    view: View = BY_KEY[key]()
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    return view


def draw(view: View, history: RunHistory) -> None:
    view.set_runs([ShownRun(history, current=True)])
    for _ in range(2):
        view.refresh()
    view.grab()


@pytest.mark.parametrize("key", NEEDS)
def test_odd_arrays_of_every_kind_are_drawn_or_left_out(qtbot: QtBot, key: str) -> None:
    view, made = show(qtbot, key), history_of(key)
    arrays = dict(made.moments[0].load())
    tried = 0
    for name in one_of_each_kind(list(arrays)):
        for how, change in ODD.items():
            history = replace(made, run=f"{name} {how}", moments=[])
            history.handle_event(Snapshot(step=made.step, arrays=arrays | {name: change(arrays[name])}))
            draw(view, history)
            tried += 1
    assert tried > 300


@pytest.mark.parametrize("key", NEEDS)
@pytest.mark.parametrize("how", ["none", "nothing", "1e308", "words"])
def test_a_view_without_what_it_draws_says_why(qtbot: QtBot, key: str, how: str) -> None:
    view, made = show(qtbot, key), history_of(key)
    arrays = {
        name: ODD[how](array) if name.removeprefix("own/").startswith(NEEDS[key]) else array
        for name, array in made.moments[0].load().items()
    }
    history = replace(made, moments=[])
    history.handle_event(Snapshot(step=made.step, arrays=arrays))
    draw(view, history)
    reason = there(view.empty_reason())
    assert reason.title == "The snapshot of this moment cannot be shown."
    assert "damaged" in reason.sentence


@pytest.mark.parametrize("key", NEEDS)
def test_a_moment_whose_file_is_gone_says_so(qtbot: QtBot, key: str) -> None:
    view, made = show(qtbot, key), history_of(key)
    history = replace(made, moments=[])
    history.handle_event(Snapshot(step=made.step, file="gone.npz"), dict)
    draw(view, history)
    assert there(view.empty_reason()).title == "The snapshot of this moment cannot be shown."


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308, -1e308, 9e29, -9e29, 5e-324])
@pytest.mark.parametrize("weight", [1.0, math.nan, 1e308, 9e29])
def test_an_odd_reading_is_a_gap_in_its_line(qtbot: QtBot, value: float, weight: float) -> None:
    view = show(qtbot, "learning")
    assert isinstance(view, LearningView)
    history = made_up.pictures_run(readings=20, done=30)
    for step in range(history.step + 1, history.step + 6):
        reading = value if step % 2 else 0.5
        terms = {"labels": TermReading(reading, weight, "task"), "new": TermReading(value, weight, "transfer")}
        history.handle_event(Terms(step=step, terms=terms, learning_rate=value, pictures_per_second=value))
        history.handle_event(EpochDone(step=step, labelled=True, test_accuracy=value, validation_accuracy=value))
    draw(view, history)
    view.weighted.choose("raw")
    draw(view, history)
    plot = view.terms.strips["labels"].plot
    (line,) = plot.lines
    drawable = math.isfinite(value) and abs(value) < 1e30
    assert np.isnan(line.y[-5:]).sum() == (0 if drawable else len([s for s in range(5) if (history.step - s) % 2]))
    assert all(math.isfinite(end) for ends in plot.ranges for end in ends)
    assert all(np.isfinite(line.y).all() for line in view.plot.lines)


def test_a_thinned_curve_keeps_its_gaps_and_its_peaks() -> None:
    x, y = np.arange(100_000.0), np.sin(np.arange(100_000.0))
    y[40_000:41_000] = np.nan
    y[70_000], y[40_500:40_502] = 9.0, -9.0
    thin_x, thin_y = thin(x, y, 900)
    assert len(thin_x) <= 900
    assert (thin_y == 9.0).any()
    assert (thin_y == -9.0).any()
    assert np.isnan(thin_y).any()
    assert set(thin_x[np.isnan(thin_y)]) <= set(range(40_000, 41_000))
