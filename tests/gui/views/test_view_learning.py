"""The Learning view: what its curves, strips and headline say."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studio.core.message import text
from studio.core.score_scale import ScoreReading, ScoreScale
from studio.events import EpochDone, ModelMeasured, Resumed, RunEnded, RunStarted, StageBand, TermReading, Terms
from studio.gui import theme
from studio.gui.presenters.shown_run import AveragedAnswers, ShownRun
from studio.gui.views.learning.chain_headline import best_step
from studio.gui.views.learning.gap_bar import GapBar, Mark
from studio.gui.views.learning.view import LearningView
from studio.runs.files.history import Reference, RunHistory
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import Gap
from tests.gui import made_up
from tests.gui.at_hand import there


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> LearningView:
    theme.install(qapp, "light")
    made = LearningView()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def shown(view: LearningView, *runs: ShownRun) -> None:
    view.set_runs(runs)
    view.refresh()


def lines(view: LearningView) -> dict[str, Any]:
    return {line.key: line for line in view.plot.lines}


def test_accuracy_is_drawn_in_percent_by_epoch_where_there_are_labels(view: LearningView) -> None:
    history = made_up.pictures_run(done=60, transfer=20, readings=50)
    shown(view, ShownRun(history, 0, current=True))
    curve = lines(view)[history.run]
    assert np.array_equal(curve.x, np.arange(21, 61))
    assert np.allclose(curve.y, 100 * history.test_labelled.y)
    assert curve.bold
    assert curve.dot
    assert curve.label == "AB + soft targets, now"


def test_teacher_is_dashed_and_alone_dotted_at_their_levels(view: LearningView) -> None:
    shown(view, ShownRun(made_up.pictures_run(readings=50), 0, current=True))
    teacher, alone = lines(view)["teacher"], lines(view)["alone"]
    assert teacher.y.tolist() == [pytest.approx(95.1)] * 2
    assert (teacher.stroke.role, alone.stroke.role) == ("teacher", "alone")
    assert teacher.stroke.dashed
    assert teacher.label == "Teacher 95.1 ± 0.4\u00a0%"
    assert alone.label == "Student alone 78.2 ± 0.6\u00a0%"


def test_a_teacher_in_training_is_a_growing_curve(view: LearningView) -> None:
    teacher = made_up.pictures_run("Teacher", run="t", done=10, transfer=0, teacher=False, readings=50)
    student = RunHistory("s", label="Student")
    shown(view, ShownRun(student, 0, current=True), ShownRun(teacher, role="teacher"))
    curve = lines(view)["teacher"]
    assert len(curve.x) == 10
    assert curve.dot
    assert set(view.terms.strips) == set(teacher.terms)  # what is optimised meanwhile
    shown(view, ShownRun(teacher, role="teacher"))
    assert view.empty_reason() is None


def test_a_curve_grows_and_is_cut_when_a_run_is_resumed(view: LearningView) -> None:
    history = made_up.pictures_run(done=40, readings=50)
    shown(view, ShownRun(history, 0, current=True))
    history.handle_event(EpochDone(step=history.step + 40, epoch=41, labelled=True, test_accuracy=0.5))
    view.refresh()
    assert lines(view)[history.run].y[-1] == pytest.approx(50)
    history.handle_event(Resumed(step=30 * made_up.STEPS_PER_EPOCH))
    view.refresh()
    assert lines(view)[history.run].x[-1] == 30


def test_runs_beyond_six_repeat_colours_with_a_marker(view: LearningView) -> None:
    runs = [ShownRun(made_up.pictures_run(run=f"r{i}", readings=20, snapshots=2), i) for i in range(8)]
    shown(view, *runs)
    strokes = [lines(view)[f"r{i}"].stroke for i in range(8)]
    assert [bool(stroke.marker) for stroke in strokes] == [False] * 6 + [True] * 2
    assert strokes[6].color == strokes[0].color
    assert not any(stroke.dashed for stroke in strokes)


def test_each_term_has_a_strip_with_every_run_that_has_it(view: LearningView) -> None:
    runs = made_up.picture_runs(readings=100)
    shown(view, *runs)
    strips = view.terms.strips
    assert list(strips) == ["activation boundary", "soft targets", "labels", "attention"]
    assert {line.key for line in strips["soft targets"].plot.lines} == {run.history.run for run in runs}
    assert {line.key for line in strips["attention"].plot.lines} == {"at"}


def test_weighted_and_raw_differ_by_the_weight(view: LearningView, qtbot: QtBot) -> None:
    history = made_up.pictures_run(readings=100)
    shown(view, ShownRun(history, 0, current=True))
    plot = view.terms.strips["activation boundary"].plot
    weighted = plot.lines[0].y.copy()
    view.weighted.choose("raw")
    assert np.allclose(plot.lines[0].y - weighted, -np.log10(0.003))


def test_zero_and_negative_losses_are_drawn(view: LearningView) -> None:
    history = made_up.pictures_run(readings=20)
    for i, value in enumerate((0.0, 1.0, 0.0)):
        reading = {"sparse": TermReading(value, 1.0, "transfer"), "signed": TermReading(value - 0.5, 1.0, "transfer")}
        history.handle_event(
            Terms(step=history.step + 1 + i, terms=reading, learning_rate=0.1, pictures_per_second=1.0)
        )
    shown(view, ShownRun(history, 0, current=True))
    sparse, signed = view.terms.strips["sparse"].plot, view.terms.strips["signed"].plot
    assert np.isfinite(sparse.lines[0].y).all()
    assert not signed.log_y
    assert signed.lines[0].y.tolist() == [-0.5, 0.5, -0.5]


def test_the_moment_stands_in_every_plot_and_the_numbers_follow_it(view: LearningView) -> None:
    history = made_up.pictures_run(readings=200)
    shown(view, ShownRun(history, 0, current=True))
    view.set_moment(60 * made_up.STEPS_PER_EPOCH)
    view.refresh()
    assert view.plot.moment == 60
    assert {strip.plot.moment for strip in view.terms.strips.values()} == {60}
    then = history.test_labelled.at(60 * made_up.STEPS_PER_EPOCH)
    assert view.strip.student == pytest.approx(then)


def test_a_click_in_a_plot_asks_for_that_moment(view: LearningView, qtbot: QtBot) -> None:
    shown(view, ShownRun(made_up.pictures_run(readings=20), 0, current=True))
    with qtbot.waitSignal(view.moment_picked) as asked:
        view.plot.picked.emit(30.0)
    assert asked.args == [30 * made_up.STEPS_PER_EPOCH]


@pytest.mark.parametrize(
    ("run", "headline"),
    [
        ({"gap": Gap(0.4, 0.36, 0.44)}, "40\u00a0% of the gap closed, 95 % interval: 36 to 44\u00a0%"),
        (
            {"gap": Gap(-0.1, -0.2, 0.0)},
            "\u221210\u00a0% of the gap: less than alone, 95 % interval: \u221220 to 0\u00a0%",
        ),
        ({"gap": Gap(-7.16, -11.0, -3.3)}, "< 0\u00a0% of the gap: less than alone"),
        ({"gap_words": text("No gap: {why}.", why="noise")}, "No gap: noise."),
    ],
)
def test_a_measured_gap_is_told_with_its_spread_or_the_reason_why_there_is_none(
    view: LearningView, run: dict[str, Any], headline: str
) -> None:
    shown(view, ShownRun(made_up.pictures_run(readings=20), 0, current=True, **run))
    assert view.strip.headline.endswith(headline)


def test_numbers_are_up_to_date_before_the_curves_are_drawn(view: LearningView) -> None:
    history = made_up.pictures_run(readings=20, done=60)
    shown(view, ShownRun(history, 0, current=True))
    points = len(view.plot.lines[-1].x)
    history.handle_event(EpochDone(step=history.step + 1, epoch=61, labelled=True, test_accuracy=(0.951 + 0.782) / 2))
    view.refresh_numbers()
    assert view.strip.headline == "50\u00a0% of the gap closed"
    assert len(view.plot.lines[-1].x) == points


def test_while_it_trains_the_gap_is_that_of_the_last_accuracy(view: LearningView) -> None:
    history = made_up.pictures_run(readings=20, done=60)
    history.handle_event(EpochDone(step=history.step + 1, epoch=61, labelled=True, test_accuracy=(0.951 + 0.782) / 2))
    shown(view, ShownRun(history, 0, current=True))
    assert view.strip.headline == "50\u00a0% of the gap closed"


def test_a_student_that_is_still_below_alone_gets_no_wild_number(view: LearningView) -> None:
    history = made_up.pictures_run(readings=20, done=60)
    history.handle_event(EpochDone(step=history.step + 1, epoch=61, labelled=True, test_accuracy=0.1))
    shown(view, ShownRun(history, 0, current=True))
    assert view.strip.headline == "< 0\u00a0% of the gap: still below alone"


@pytest.mark.parametrize(
    ("teacher", "alone", "word"),
    [
        (None, None, "no teacher"),
        (Reference(0.95), None, "trained alone"),
        (Reference(0.95, 0.94, 0.96), Reference(0.945, 0.93, 0.955), "within noise"),
    ],
)
def test_without_a_gap_it_says_why(
    view: LearningView, teacher: Reference | None, alone: Reference | None, word: str
) -> None:
    labels_only = {"labels": (2.3, 0.25, 1.0, False)}
    history = made_up.pictures_run(readings=20, transfer=0, terms=labels_only, teacher=False)
    history.teacher, history.alone = teacher, alone
    shown(view, ShownRun(history, 0, current=True))
    assert word in view.strip.headline


def test_a_teacher_that_was_not_measured_yet_is_not_called_missing(view: LearningView) -> None:
    history = made_up.pictures_run(readings=20)
    history.teacher = None
    shown(view, ShownRun(history, 0, current=True))
    assert "not measured yet" in view.strip.headline


def test_a_run_that_failed_before_its_student_began_does_not_say_that_it_has_no_teacher(view: LearningView) -> None:
    history = RunHistory("failed")
    history.handle_event(RunEnded(run="failed", state="failed", reason=text("Its teacher names other classes.")))
    shown(view, ShownRun(history, 0, current=True))
    assert "ended before its student" in view.strip.headline


def test_a_failed_run_that_is_opened_later_says_why_and_offers_no_comparison(view: LearningView) -> None:
    history = made_up.pictures_run(readings=20)
    history.alone = None
    why = text("The loss is no longer a number. Lower the learning rate.")
    info = RunInfo("failed", Path("failed"), "Logit matching", state="failed", reason=why)
    shown(view, ShownRun(history, 0, current=True, info=info))
    assert view.strip.headline == str(why)
    assert view.strip.offer.isHidden()


def test_the_missing_student_alone_is_offered(view: LearningView, qtbot: QtBot) -> None:
    history = made_up.pictures_run(readings=20)
    history.alone = None
    shown(view, ShownRun(history, 0, current=True))
    assert view.strip.offer.isVisible()
    with qtbot.waitSignal(view.wanted) as asked:
        view.strip.offer.click()
    assert asked.args == ["alone"]


def test_a_hundred_thousand_readings_reach_the_screen_as_a_few_hundred_points(view: LearningView) -> None:
    history = made_up.pictures_run(readings=20)
    term = history.terms["labels"]
    for step in range(history.step + 1, history.step + 100_001):
        term.raw.append(step, 1.0 if step % 5000 else 9.0)
        term.weight.append(step, 1.0)
    shown(view, ShownRun(history, 0, current=True))
    drawn = view.terms.strips["labels"].plot.lines[0]
    assert len(drawn.x) <= 2000
    assert 10 ** drawn.y.max() == pytest.approx(9)


def test_the_steps_of_a_chain_are_drawn_apart(view: LearningView) -> None:
    history = made_up.chain_run(epochs=10)
    shown(view, ShownRun(history, current=True))
    line = lines(view)[history.run]
    gaps = line.x[np.isnan(line.y)]
    assert gaps.tolist() == [10, 20, 30]
    assert len(line.x) == len(history.test) + 3
    assert np.isfinite(line.y[-1])


def test_a_chain_says_how_its_step_does_beside_the_one_that_taught_it(view: LearningView) -> None:
    history = made_up.chain_run(errors=(0.3, 0.2, 0.25), epochs=10)
    shown(view, ShownRun(history, current=True))
    assert view.strip.headline.startswith("Generation 2: ")
    assert view.strip.headline.endswith(". It is taught by generation 1, which reached 80.0\u00a0%.")
    view.set_moment(5 * history.steps_per_epoch)
    view.refresh()
    assert view.strip.headline.startswith("Teacher: ")


def test_the_best_of_a_chain_is_one_of_its_networks(view: LearningView) -> None:
    history = made_up.chain_run(errors=(0.3, 0.2, 0.25), epochs=10)
    accuracy, role = there(best_step(history))
    assert (round(accuracy, 6), role) == (0.8, "generation 1")
    assert best_step(made_up.chain_run(done=0)) is None


def test_averaged_answers_are_a_level_and_nothing_is_optimised(view: LearningView) -> None:
    history = RunHistory("mean", label="Mean of two", state="finished")
    shown(view, ShownRun(history, current=True, averaged=AveragedAnswers(2, Reference(0.9))))
    assert lines(view)["mean"].y.tolist() == [90.0, 90.0]
    assert "2 networks" in view.strip.headline
    assert any(label.text().startswith("Nothing: ") for label in view.findChildren(QLabel) if label.isVisible())


#: A score of which less is better, as a toy.
DISTANCE = ScoreScale("distance", "mm", "lower")


def by_distance(run: str, *readings: float) -> RunHistory:
    """A run that counts by distance; the teacher is at 2 mm, the student alone at 6."""
    history = RunHistory(run, label=run)
    plan = (StageBand("task", "learn", 0, 100, labels=True),)
    history.handle_event(
        RunStarted(
            name=run,
            plan=plan,
            steps=100,
            epochs=10,
            steps_per_epoch=10,
            batch_size=1,
            device="cpu",
            threads=1,
            precision="exact",
            classes=(),
            groups=(),
            headline=DISTANCE,
        )
    )
    history.teacher, history.alone = Reference(2.0, 1.8, 2.2), Reference(6.0, 5.5, 6.5)
    for epoch, value in enumerate(readings, start=1):
        history.handle_event(EpochDone(step=10 * epoch, epoch=epoch, labelled=True, test_accuracy=0.9, score=value))
    return history


def test_a_score_of_which_less_is_better_drives_headline_bar_axis_and_table(view: LearningView, tmp_path: Path) -> None:
    history = by_distance("by distance", 8.0, 3.0, 3.4)
    other = made_up.pictures_run(run="by accuracy", done=20, readings=20)
    shown(view, ShownRun(history, 0, current=True), ShownRun(other, 1))
    assert view.strip.headline == "65\u00a0% of the gap closed"
    assert view.strip.student == 3.4
    bar = view.strip.findChild(GapBar)
    assert bar is not None
    assert bar.accessibleDescription() == "alone 6.00 ± 0.50\u00a0mm, student 3.40\u00a0mm, teacher 2.00 ± 0.20\u00a0mm"
    labels = [label.text() for label in view.findChildren(QLabel)]
    assert "3.00\u00a0mm" in labels  # the best so far is the least
    assert "Test distance, mm by epoch: the lower, the better." in labels
    assert view.plot.accessibleName() == "Test distance by epoch"
    assert view.plot.readout.unit == "mm"
    assert set(lines(view)) == {"by distance", "teacher", "alone"}  # accuracies have no place on this axis
    assert lines(view)["by distance"].y.tolist() == [8.0, 3.0, 3.4]
    assert lines(view)["teacher"].label == "Teacher 2.00 ± 0.20\u00a0mm"
    file = tmp_path / "values.csv"
    view.cards[0].export_csv(file)
    assert [row["test_distance"] for row in csv.DictReader(file.open(encoding="utf-8-sig"))] == ["8.0", "3.0", "3.4"]
    shown(view, ShownRun(other, 1, current=True), ShownRun(history, 0))
    assert view.plot.accessibleName() == "Test accuracy by epoch"
    assert "by distance" not in lines(view)


def test_on_the_bar_the_better_stands_at_the_right_whatever_the_direction() -> None:
    marks = [Mark(value, scale=DISTANCE) for value in (6.0, 3.0, 2.0)]
    assert sorted(marks, key=lambda mark: mark.place) == marks


def test_teacher_and_alone_within_noise_leave_no_gap_where_less_is_better(view: LearningView) -> None:
    history = by_distance("near", 4.0)
    history.alone = Reference(2.3, 2.1, 2.5)
    shown(view, ShownRun(history, 0, current=True))
    assert view.strip.headline.startswith("The student is at distance 4.00\u00a0mm. No gap to close")


def test_the_best_of_a_chain_is_the_one_with_the_least_where_less_is_better() -> None:
    history = by_distance("chain")
    for role, value in (("generation 1", 3.0), ("generation 2", 2.5), ("generation 3", 2.7)):
        history.handle_event(ModelMeasured(role=role, accuracy=0.5, score=ScoreReading(value)))
    assert best_step(history) == (2.5, "generation 2")
