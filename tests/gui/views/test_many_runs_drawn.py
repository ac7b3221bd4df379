"""More runs than can be told apart: as many are drawn as can, and the view says so."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views import views
from studio.gui.views.base import View
from studio.gui.views.charts.curve_thinning import LIMIT, GrowingCurve
from studio.gui.views.charts.moments import arrays_of_runs
from studio.gui.views.charts.overlay import OverlayLine
from studio.gui.views.charts.plot import PlotFrame
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.learning.view import LearningView
from studio.runs.files.history import RunHistory
from tests.gui import made_up

KINDS = views()


@lru_cache(maxsize=1)
def many() -> tuple[ShownRun, ...]:
    """Forty runs on pictures, the first of them the current one."""
    return tuple(
        ShownRun(
            made_up.pictures_run(f"Run {i}", run=f"run-{i}", readings=30, snapshots=2, epochs=30, transfer=5, seed=i),
            i % 30,
            current=i == 0,
        )
        for i in range(40)
    )


@pytest.fixture(params=KINDS, ids=lambda kind: kind.key)
def view(request: pytest.FixtureRequest, qtbot: QtBot) -> View:
    made: View = request.param()
    qtbot.addWidget(made)
    made.resize(830, 560)
    made.show()
    return made


def settle(view: View) -> None:
    """What is read a few at a time is read."""
    for _ in range(40):
        view.refresh()
        QApplication.processEvents()


def test_the_current_run_and_those_ticked_last_are_drawn(view: View) -> None:
    view.set_runs(many())
    assert view.runs == (many()[0], *many()[-view.most + 1 :])


def test_a_view_says_how_many_of_the_ticked_runs_it_draws(view: View) -> None:
    view.set_runs(many()[:30], ticked=200)
    settle(view)
    if view.empty_reason() is None:
        assert view.left_out.isVisible()
        assert view.left_out.text().startswith(f"{min(30, view.most)} of 200 ticked runs ")
    view.set_runs(many()[:3])
    settle(view)
    assert not view.left_out.isVisible()


def test_references_are_drawn_besides(qtbot: QtBot) -> None:
    view = LearningView()
    qtbot.addWidget(view)
    teacher = ShownRun(made_up.pictures_run("Teacher", run="teacher", readings=5, snapshots=1), role="teacher")
    view.set_runs([*many(), teacher])
    assert view.shown[-1] is teacher
    assert len(view.runs) == view.most


def test_a_window_of_its_own_draws_as_many(view: View) -> None:
    view.set_runs(many()[:30], ticked=200)
    window = view.open_window()
    settle(view)
    assert window.view.runs == view.runs
    assert window.view.left_out.text() == view.left_out.text()
    window.close()


def test_snapshots_of_several_runs_are_read_as_far_as_there_is_time() -> None:
    histories = [made_up.pictures_run(run=f"new-{i}", readings=5, snapshots=1, epochs=10, transfer=0) for i in range(3)]
    found, complete = arrays_of_runs(histories, None, budget=0.0)
    assert (list(found), complete) == (["new-0"], False), "the first at any rate"
    found, complete = arrays_of_runs(histories, None, budget=60.0)
    assert (list(found), complete) == (["new-0", "new-1", "new-2"], True)


# --- curves ------------------------------------------------------------------------------------------------------------


def read_all(curve: GrowingCurve, x: np.ndarray, y: np.ndarray, factor: np.ndarray | None = None) -> int:
    times = 1
    while not curve.read_on(x, y, factor):
        times += 1
    return times


def test_a_growing_curve_keeps_its_peaks_and_few_points() -> None:
    rng = np.random.default_rng(0)
    x, y = np.arange(300_000.0), rng.normal(size=300_000)
    curve = GrowingCurve()
    assert read_all(curve, x, y) > 1, "a few at a time"
    assert len(curve.x) == len(curve.y) <= 2 * LIMIT
    assert (curve.y.min(), curve.y.max()) == (y.min(), y.max())
    assert curve.x[-1] == x[-1]
    assert (np.diff(curve.x) > 0).all()


def test_a_growing_curve_takes_in_what_has_come_and_forgets_what_was_cut() -> None:
    x, y = np.arange(100.0), np.sin(np.arange(100.0))
    curve = GrowingCurve()
    read_all(curve, x[:60], y[:60])
    read_all(curve, x, y)
    assert np.array_equal(curve.y, y)
    read_all(curve, x[:30], y[:30])
    assert np.array_equal(curve.x, x[:30])
    went_on = np.concatenate([y[:30], -y[30:]])
    read_all(curve, x, went_on)
    assert np.array_equal(curve.y, went_on)


def test_a_growing_curve_is_weighted() -> None:
    x = np.arange(50.0)
    curve = GrowingCurve()
    read_all(curve, x, x, np.full(50, 0.5))
    assert np.array_equal(curve.y, x / 2)


def test_a_growing_curve_may_have_gaps() -> None:
    x, y = np.arange(10.0), np.arange(10.0)
    y[-1] = np.nan
    curve = GrowingCurve()
    read_all(curve, x, y)
    assert read_all(curve, x, y) == 1
    assert np.array_equal(curve.y, y, equal_nan=True)


def test_among_many_lines_only_the_one_in_question_and_references_are_thick(qtbot: QtBot) -> None:
    plot = PlotFrame()
    qtbot.addWidget(plot)
    points = np.arange(5.0)
    lines = [OverlayLine(str(i), points, points + i, Stroke("run", i), bold=i == 7) for i in range(30)]
    plot.set_lines([*lines, OverlayLine("teacher", points, points, Stroke("teacher"))])
    assert {line.key for line in plot.lines if line.stroke.width > 1} == {"7", "teacher"}
    plot.set_lines(lines[:5])
    assert all(line.stroke.width > 1 for line in plot.lines)


def test_the_items_of_curves_that_are_gone_draw_others(qtbot: QtBot) -> None:
    plot = PlotFrame()
    qtbot.addWidget(plot)
    points = np.arange(5.0)

    def draw(*keys: str) -> int:
        plot.set_lines([OverlayLine(key, points, points, Stroke("run", i)) for i, key in enumerate(keys)])
        return len(plot.scene().items())

    before = draw("a", "b")
    assert draw("c", "d") == before
    assert [line.key for line in plot.lines] == ["c", "d"]
    assert draw("e") == before


def test_a_strip_is_used_again_for_another_term(qtbot: QtBot) -> None:
    view = LearningView()
    qtbot.addWidget(view)
    view.resize(830, 560)
    view.show()
    first = made_up.pictures_run(run="first", readings=20, snapshots=1)
    attention = {"attention": (0.5, 0.03, 1000.0, False)}
    second = made_up.pictures_run(run="second", readings=20, snapshots=1, transfer=0, terms=attention)
    for history, terms in ((first, 3), (second, 1), (first, 3)):
        view.set_runs([ShownRun(history, current=True)])
        view.refresh()
        assert list(view.terms.strips) == list(history.terms)
        assert sum(strip.isVisible() for strip in view.terms.strips.values()) == terms
        assert all(strip.plot.accessibleName() == name for name, strip in view.terms.strips.items())


def test_the_value_at_a_moment_is_exact_however_few_points_are_drawn(qtbot: QtBot) -> None:
    view = LearningView()
    qtbot.addWidget(view)
    view.resize(830, 560)
    view.show()
    history = RunHistory("long", label="Long")
    made = made_up.pictures_run(run="long", readings=20, snapshots=1)
    history.plan, history.steps, history.epochs, history.steps_per_epoch = made.plan, 50_000, 500, 100
    terms = made.terms["labels"]
    history.terms["labels"] = type(terms)(terms.kind)
    steps = np.arange(1, 50_001, dtype=float)
    history.terms["labels"].raw.extend(steps, steps)
    history.terms["labels"].weight.extend(steps, np.full(50_000, 2.0))
    history.step = 50_000
    view.set_runs([ShownRun(history, current=True)])
    view.set_moment(12_300)
    settle(view)
    assert view.terms.strips["labels"].plot.accessibleDescription() == "Long: 25,000"  # 2 x 12,300, to two digits
