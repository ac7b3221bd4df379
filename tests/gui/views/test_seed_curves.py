"""Seeds of one experiment laid over each other: one line, their mean, with their spread; each is still to be had."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsRectItem, QLabel
from pytestqt.qtbot import QtBot

from studio.core.message import text
from studio.events import RunEnded
from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.learning.seed_curves import seed_curve, seed_groups
from studio.gui.views.learning.view import LearningView
from studio.runs.files.history import Reference
from studio.runs.results.seed_group import SeedGroup
from studio.runs.run_info import RunInfo
from tests.gui import made_up


def seeds(count: int = 3, done: tuple[int, ...] = (), **more: Any) -> list[ShownRun]:
    """Runs of one experiment, those in ``done`` still training."""
    return [
        ShownRun(
            made_up.pictures_run(
                f"AB, seed {seed}", run=f"seed-{seed}", seed=seed, readings=30, done=40 if seed in done else None
            ),
            seed,
            current=seed == 1,
            group="ab",
            group_label="AB",
            info=RunInfo(f"seed-{seed}", Path("nowhere"), seed=seed),
            **more,
        )
        for seed in range(count)
    ]


@pytest.fixture
def view(qtbot: QtBot) -> LearningView:
    made = LearningView()
    qtbot.addWidget(made)
    made.resize(1000, 640)
    made.show()
    return made


def drawn(view: LearningView, *runs: ShownRun) -> dict[str, Any]:
    view.set_runs(runs)
    view.refresh()
    return {line.name: line for line in view.plot.lines if line.stroke.role == "run"}


def test_three_seeds_are_one_line_with_their_spread(view: LearningView) -> None:
    runs = seeds()
    other = ShownRun(made_up.pictures_run("AT", run="at", readings=30), 4, group="at", group_label="AT")
    lines = drawn(view, *runs, other)
    assert set(lines) == {"AB, 3 seeds", "AT"}
    mean = lines["AB, 3 seeds"]
    values = np.stack([100 * run.history.test_labelled.y for run in runs])
    assert np.allclose(mean.y, values.mean(axis=0))
    assert mean.label == "AB, 3 seeds"
    assert mean.bold, "the run in question is among them"
    assert mean.stroke.index == 1
    low, high = mean.spread
    assert np.allclose((high - low) / 2, values.std(axis=0, ddof=1))
    assert lines["AT"].spread is None


def compared(view: LearningView, alone: tuple[float, ...], **more: Any) -> list[ShownRun]:
    """Seeds of one experiment, each with a student alone of its own and all with one teacher, drawn beside another run."""
    runs = seeds(len(alone), **more)
    for run, value in zip(runs, alone, strict=True):
        run.history.alone, run.history.teacher = Reference(value, value - 0.03, value + 0.03), Reference(0.986)
    other = ShownRun(made_up.pictures_run("AT", run="at", readings=30), 4, group="at", group_label="AT")
    other.history.alone, other.history.teacher = runs[0].history.alone, runs[0].history.teacher
    view.set_runs([*runs, other])
    view.refresh()
    return runs


def references(view: LearningView) -> dict[str, Any]:
    return {line.key: line for line in view.plot.lines if line.key in ("alone", "teacher")}


def tinted(view: LearningView) -> list[QRectF]:
    """How far the student alone may be off, in percent from top to bottom."""
    color = theme.current().color("alone_band")
    items = [item for item in view.plot.scene().items() if isinstance(item, QGraphicsRectItem) and item.isVisible()]
    return [item.rect() for item in items if item.brush().color() == color]


def test_the_mean_of_seeds_is_compared_with_the_mean_of_their_references(view: LearningView) -> None:
    values = (0.916, 0.944, 0.883)
    compared(view, values)
    alone, teacher = references(view)["alone"], references(view)["teacher"]
    mean, deviation = 100 * np.mean(values), 100 * np.std(values, ddof=1)
    assert np.allclose(alone.y, mean)
    assert (alone.name, alone.label) == ("Alone, 3 seeds", "Student alone 91.4 ± 3.1\u00a0%, 3 seeds")
    (band,) = tinted(view)
    assert np.allclose((band.top(), band.bottom()), (mean - deviation, mean + deviation))
    assert np.allclose(teacher.y, 98.6)
    assert (teacher.name, teacher.label) == ("Teacher", "Teacher 98.6\u00a0%"), "one teacher taught them all"


def test_drawn_apart_the_student_alone_says_of_which_seed_it_is(view: LearningView) -> None:
    compared(view, (0.916, 0.944, 0.883))
    view.seeds.choose("each")
    view.refresh()
    assert np.allclose(references(view)["alone"].y, 94.4)
    assert references(view)["alone"].name == "Alone, seed 1"
    assert references(view)["teacher"].name == "Teacher"


def test_without_the_student_alone_of_each_seed_there_is_no_mean(view: LearningView) -> None:
    runs = compared(view, (0.916, 0.944, 0.883))
    runs[2].history.alone = None
    view.refresh()
    assert set(references(view)) == {"teacher"}
    assert not tinted(view)


def test_of_seeds_together_nothing_of_a_single_one_stands_beside_the_bar(view: LearningView) -> None:
    def said() -> set[str]:
        return {label.text() for label in view.strip.findChildren(QLabel) if label.isVisible()}

    compared(view, (0.916, 0.944, 0.883))
    assert {"Best", "Pace"} <= said(), "this one has ended, so that nothing better is to come"
    reached = [
        RunInfo(f"seed-{n}", Path("nowhere"), seed=n, state="finished", reached=Reference(0.9 + n / 100))
        for n in range(3)
    ]
    compared(view, (0.916, 0.944, 0.883), seeds=SeedGroup.of(reached))
    assert not {"Best so far", "Best", "Pace"} & said()
    (growing, *_) = seeds(1, done=(0,))
    view.set_runs([replace(growing, current=True)])
    view.refresh()
    assert {"Best so far", "Pace"} <= said()


def test_the_terms_are_means_as_well(view: LearningView) -> None:
    drawn(view, *seeds())
    for strip in view.terms.strips.values():
        assert [line.name for line in strip.plot.lines] == ["AB, 3 seeds"]
        assert np.isfinite(np.stack(strip.plot.lines[0].spread or ())).all()


def test_each_seed_is_one_click_away(view: LearningView) -> None:
    lines = drawn(view, *seeds())
    assert view.seeds.isVisible()
    view.seeds.choose("each")
    lines = {line.name: line for line in view.plot.lines if line.stroke.role == "run"}
    assert set(lines) == {"AB, seed 0", "AB, seed 1", "AB, seed 2"}
    assert all(line.spread is None for line in lines.values())


def test_one_seed_alone_is_no_group(view: LearningView) -> None:
    assert set(drawn(view, seeds()[1])) == {"AB, seed 1"}
    assert not view.seeds.isVisible()


def test_a_seed_that_trains_stands_for_itself_until_it_has_ended(view: LearningView) -> None:
    runs = seeds(done=(2,))
    assert set(drawn(view, *runs)) == {"AB, 2 seeds", "AB, seed 2"}
    runs[2].history.handle_event(RunEnded(state="finished", reason=text("Done.")))
    assert set(drawn(view, *runs)) == {"AB, 3 seeds"}


def test_a_seed_trained_once_more_is_no_further_seed(view: LearningView) -> None:
    again = made_up.pictures_run("AB, seed 1, repeat", run="again", seed=1, readings=30)
    info = RunInfo("again", Path("nowhere"), seed=1)
    runs = [*seeds(), ShownRun(again, 5, group="ab", group_label="AB", info=info)]
    assert set(drawn(view, *runs)) == {"AB, 3 seeds", "AB, seed 1, repeat"}
    twice = [runs[1], runs[3]]
    assert set(drawn(view, *twice)) == {"AB, seed 1", "AB, seed 1, repeat"}


def test_seeds_read_at_other_places_are_compared_where_all_were_read() -> None:
    curves = {
        "seed-0": (np.array([0.0, 2.0, 4.0]), np.array([0.0, 2.0, 4.0])),
        "seed-1": (np.array([1.0, 3.0]), np.array([3.0, 5.0])),
    }
    (group,) = seed_groups(seeds(2))
    curve = seed_curve(tuple(reversed(group)), lambda run: curves[run.history.run])
    assert curve.x.tolist() == [2.0]
    assert curve.mean.tolist() == [3.0]
    assert curve.deviation is not None
    assert curve.deviation.tolist() == [pytest.approx(np.sqrt(2))]
