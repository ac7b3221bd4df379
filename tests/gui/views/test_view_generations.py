"""The view of generations: what it says of the steps of chains, of whatever system, and what stays out of it."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.events import EpochDone
from studio.gui import theme
from studio.gui.presenters.reported import ReportedTable, read_reported
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.generations.chart_content import ChartColumn
from studio.gui.views.generations.column_words import column_words
from studio.gui.views.generations.view import GenerationsView
from studio.runs.files.history import Reference, RunHistory
from tests.gui import made_up
from tests.gui.at_hand import there

#: A chain of sizes whose teacher comes from elsewhere.
ASSISTANTS = {"assistant 1": "", "assistant 2": "assistant 1", "student": "assistant 2", "alone": ""}
PAIR = ("generation 1", "generation 2")


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


def opened(qtbot: QtBot, shown: Sequence[ShownRun], width: int = 1140, height: int = 640) -> GenerationsView:
    view = GenerationsView()
    qtbot.addWidget(view)
    view.resize(width, height)
    view.set_runs(shown)
    view.show()
    for _ in range(3):
        view.refresh()
    return view


def one(history: RunHistory, **changes: object) -> ShownRun:
    return replace(ShownRun(history, 0, current=True, group="made-up", method="ban"), **changes)  # type: ignore[arg-type]  # any field


def seeds(gains: Sequence[float]) -> list[ShownRun]:
    """Chains of one generation each, which is so much better than its teacher."""
    return [
        one(
            made_up.chain_run(f"Chain, seed {n}", run=f"seed-{n}", errors=(0.2 + n / 100, 0.2 + n / 100 - gain)),
            current=n == 0,
            group_label="Chain",
        )
        for n, gain in enumerate(gains)
    ]


def below(view: GenerationsView) -> list[str]:
    return [column.below for column in view.chart.content.steps]


# --- one chain ---------------------------------------------------------------------------------------------------------


def test_every_step_is_a_point_with_the_interval_it_was_measured_with(qtbot: QtBot) -> None:
    history = made_up.chain_run(errors=(0.3, 0.2, 0.21), tested=1000)
    content = opened(qtbot, [one(history)]).chart.content
    assert [column.title for column in content.steps] == ["Teacher", "Generation 1", "Generation 2"]
    marks = [there(mark) for mark in content.lines[0].steps]
    assert [mark.value for mark in marks] == pytest.approx([30, 20, 21])
    told = history.models["generation 1"]
    assert (marks[1].low, marks[1].high) == pytest.approx((100 - 100 * there(told.high), 100 - 100 * there(told.low)))
    assert [(level.role, level.label) for level in content.levels] == [("teacher", "Teacher 30.0\u00a0%")]


def test_a_step_is_better_worse_or_within_noise_of_the_one_that_taught_it(qtbot: QtBot) -> None:
    view = opened(qtbot, [one(made_up.chain_run(errors=(0.3, 0.2, 0.21, 0.3), tested=1000))])
    assert below(view) == ["", "10.0 better", "within noise", "9.0 worse"]
    assert [column.verdict for column in view.chart.content.steps] == ["", "better", "unsure", "worse"]
    assert view.answer.text() == "1 of 3 do. Within noise: 1, worse: 1."
    assert "95 % interval of the difference" in view.cards[0].accessibleDescription()


def test_the_same_difference_is_noise_on_fewer_pictures(qtbot: QtBot) -> None:
    assert below(opened(qtbot, [one(made_up.chain_run(errors=(0.3, 0.27), tested=20_000))])) == ["", "3.0 better"]
    assert below(opened(qtbot, [one(made_up.chain_run(errors=(0.3, 0.27), tested=100))])) == ["", "within noise"]


def test_averages_are_columns_of_their_own_and_compared_with_the_first_teacher(qtbot: QtBot) -> None:
    averages = {PAIR: 0.1, ("teacher", *PAIR, "generation 3"): 0.09}
    content = opened(qtbot, [one(made_up.chain_run(averages=averages))]).chart.content
    assert [(column.title, column.below) for column in content.averages] == [("1, 2", "of 2"), ("T, 1–3", "of 4")]
    assert [there(mark).value for mark in content.lines[0].averages] == pytest.approx([10, 9])
    assert "12.3 points better than the first teacher" in content.averages[0].spoken
    assert len(content.steps) == 4


def test_any_system_is_shown_by_its_roles_with_a_teacher_from_elsewhere(qtbot: QtBot) -> None:
    history = made_up.chain_run(steps=ASSISTANTS, errors=(0.12, 0.14, 0.17, 0.25))
    history.teacher = Reference(0.9, 0.894, 0.906)
    view = opened(qtbot, [one(history, method="assistant")])
    assert [column.title for column in view.chart.content.steps] == ["Teacher", "Assistant 1", "Assistant 2", "Student"]
    assert below(view) == ["", "2.0 worse", "2.0 worse", "3.0 worse"]
    assert [level.role for level in view.chart.content.levels] == ["teacher", "alone"]
    assert [band.title for band in view.bands.bands][-1] == "Student alone"
    assert not view.reported_card.isVisible()


def test_the_moment_hides_what_was_measured_later(qtbot: QtBot) -> None:
    history = made_up.chain_run(averages={PAIR: 0.19}, epochs=10)
    view = opened(qtbot, [one(history)])
    view.set_moment(15 * made_up.STEPS_PER_EPOCH)
    view.refresh()
    line = view.chart.content.lines[0]
    assert [mark is not None for mark in line.steps] == [True]
    assert line.averages == ()
    assert [band.learns for band in view.bands.bands] == [False, True, False, False]
    assert view.bands.bands[1].through.max() == pytest.approx(0.5)


# --- seeds -------------------------------------------------------------------------------------------------------------


def test_seeds_of_one_experiment_are_one_line_of_means(qtbot: QtBot) -> None:
    view = opened(qtbot, seeds([0.02, 0.021, 0.019]))
    (line,) = view.chart.content.lines
    mark = there(line.steps[0])
    assert mark.value == pytest.approx(21)
    assert there(mark.high) - mark.value == pytest.approx(1.0)
    assert below(view) == ["", "2.0 better"]
    assert "spread of 3 seeds" in view.cards[0].accessibleDescription()


def test_seeds_are_called_what_their_experiment_is_called(qtbot: QtBot, tmp_path: Path) -> None:
    view = opened(qtbot, seeds([0.02, 0.021, 0.019]))
    view.export_csv(tmp_path / "steps.csv")
    with (tmp_path / "steps.csv").open(encoding="utf-8", newline="") as file:
        assert {row["name"] for row in csv.DictReader(file)} == {"Chain"}


@pytest.mark.parametrize(
    ("gains", "words"),
    [
        ([0.004, 0.004, 0.0041], "0.4 better"),
        ([0.05, -0.03, 0.01], "within noise"),
        ([-0.02, -0.021, -0.019], "2.0 worse"),
        ([0.004, 0.004], "within noise"),
    ],
)
def test_from_three_seeds_on_their_spread_decides(qtbot: QtBot, gains: Sequence[float], words: str) -> None:
    assert below(opened(qtbot, seeds(gains))) == ["", words]


def test_a_step_not_all_seeds_have_reached_is_hollow_and_says_so(qtbot: QtBot) -> None:
    view = opened(qtbot, made_up.chain_runs(3))
    content = view.chart.content
    assert [column.few for column in content.steps] == ["", "", "", "", "2 of 3 seeds"]
    assert [there(mark).hollow for mark in content.lines[0].steps] == [False] * 4 + [True]


def test_other_experiments_are_other_lines_with_their_names(qtbot: QtBot) -> None:
    first, second = made_up.chain_run("First", run="a"), made_up.chain_run("Second", run="b", errors=(0.3, 0.2))
    shown = [one(first), one(second, group="other", current=False, color_index=1)]
    view = opened(qtbot, shown)
    assert [(line.name, line.stroke) for line in view.chart.content.lines] == [
        ("First", Stroke("run", 0)),
        ("Second", Stroke("run", 1)),
    ]
    assert view.legend.isVisible()
    assert not opened(qtbot, shown[:1]).legend.isVisible()


# --- live --------------------------------------------------------------------------------------------------------------


def test_the_step_that_learns_shows_its_own_curve_and_epoch(qtbot: QtBot) -> None:
    step = made_up.step_run("generation 2", "made-up-chain", epochs=30, done=12)
    view = opened(qtbot, [one(made_up.chain_run(done=2), step=step)])
    bands = view.bands.bands
    assert [band.words for band in bands] == ["22.3 % error", "21.6 % error", "epoch 12", "not yet"]
    assert [band.learns for band in bands] == [False, False, True, False]
    assert len(bands[2].through) == 12
    assert bands[2].through[-1] == pytest.approx(0.4)
    assert "Generation 2 learns, epoch 12 of 30; 2 of 4 have learnt." in view.learning.text()
    step.handle_event(EpochDone(step=13 * made_up.STEPS_PER_EPOCH, epoch=13, labelled=True, test_accuracy=0.5))
    view.refresh()
    assert view.bands.bands[2].words == "epoch 13"
    assert view.bands.bands[2].error[-1] == pytest.approx(50)


def test_a_chain_that_another_process_trains_says_which_step_learns(qtbot: QtBot) -> None:
    view = opened(qtbot, [one(made_up.chain_run(done=2))])
    assert [band.words for band in view.bands.bands][2:] == ["learns", "not yet"]


def test_a_chain_whose_teacher_learns_has_no_point_yet(qtbot: QtBot) -> None:
    view = opened(qtbot, [one(made_up.chain_run(done=0), step=made_up.step_run("teacher", "made-up-chain"))])
    assert view.empty_reason() is None
    assert [mark for line in view.chart.content.lines for mark in line.steps] == [None] * 4
    assert view.answer.text() == ""
    view.grab()


def test_what_a_stopped_chain_has_not_reached_is_left_out_or_said(qtbot: QtBot) -> None:
    view = opened(qtbot, [one(made_up.chain_run(done=2, state="stopped"))])
    assert [column.title for column in view.chart.content.steps] == ["Teacher", "Generation 1"]
    assert [band.words for band in view.bands.bands][2:] == ["not begun", "not begun"]


def test_a_chain_that_ended_before_its_plan_was_done_shows_what_was_done(qtbot: QtBot) -> None:
    history = made_up.chain_run(done=3)
    history.state = "finished"
    view = opened(qtbot, [one(history)])
    assert [column.title for column in view.chart.content.steps] == ["Teacher", "Generation 1", "Generation 2"]
    assert [band.title for band in view.bands.bands] == ["Teacher", "Generation 1", "Generation 2"]


# --- what others reported -----------------------------------------------------------------------------------------------


def test_the_reported_table_has_our_row_on_top_and_keeps_its_digits(qtbot: QtBot) -> None:
    view = opened(qtbot, [one(made_up.chain_run(averages={PAIR: 0.19}))])
    content = there(view.grid.content)
    assert view.reported_card.isVisible()
    assert content.own.cells == ("22.3", "21.6", "21.2", "21.1", "19.0", "–")
    rows = {row.name: row.cells for row in content.others}
    assert rows["80-80"] == ("17.3", "16.26", "16.30", "15.5", "15.46", "15.14")
    assert rows["80-120"][3] == ""
    assert "80-120" in view.note.text()


def test_a_method_without_a_reported_table_shows_none(qtbot: QtBot) -> None:
    assert not opened(qtbot, [one(made_up.chain_run(), method="")]).reported_card.isVisible()


def test_a_reported_table_with_a_torn_row_is_refused() -> None:
    table = read_reported()["ban"].model_dump()
    table["rows"][0]["errors"] = table["rows"][0]["errors"][:3]
    with pytest.raises(ValueError, match="another number of errors"):
        ReportedTable.model_validate(table)


# --- the view among others ----------------------------------------------------------------------------------------------


def test_runs_that_are_no_chains_are_told_so_and_a_method_is_offered(qtbot: QtBot) -> None:
    view = opened(qtbot, made_up.picture_runs(readings=20))
    reason = there(view.empty_reason())
    assert reason.title == "No chain of trainings is ticked."
    assert reason.want == "teacher"
    assert not view.is_useful()


def test_a_chain_among_other_runs_is_found(qtbot: QtBot) -> None:
    single = made_up.picture_runs(readings=20)[:1]
    view = opened(qtbot, [*single, one(made_up.chain_run(), current=False)])
    assert view.is_useful()
    assert view.empty_reason() is None
    assert len(view.chart.content.lines) == 1


def test_the_arrow_keys_say_one_model_after_the_other(qtbot: QtBot) -> None:
    view = opened(qtbot, [one(made_up.chain_run(averages={PAIR: 0.19}))])
    view.chart.setFocus()
    said = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Home):
        qtbot.keyClick(view.chart, key)
        said.append(view.answer.text().partition(":")[0])
    assert said == ["Teacher", "Generation 1", "Mean of generations 1 and 2", "Generation 3", "Teacher"]
    view.refresh()
    assert view.answer.text().startswith("Teacher")
    assert "Generation 3: 21.1" in view.chart.accessibleDescription()


@pytest.mark.parametrize("width", [560, 772, 860, 1500])
@pytest.mark.parametrize("count", [1, 3, 10, 50])
def test_words_and_bands_of_any_number_of_generations_have_their_room(qtbot: QtBot, count: int, width: int) -> None:
    errors = tuple(0.2 - 0.001 * n for n in range(count + 1))
    averages = {tuple(f"generation {n}" for n in range(1, size + 1)): 0.15 for size in range(2, count + 1)}
    view = opened(qtbot, [one(made_up.chain_run(errors=errors, averages=averages, epochs=2))], width)
    rects = view.chart.column_rects()
    assert len(rects) == count + 1 + len(averages)
    assert all(left.right() <= right.left() + 1e-6 for left, right in pairwise(rects))
    assert rects[-1].right() <= view.chart.width()
    bands = view.bands.rects()
    assert len(bands) == count + 1
    assert all(rect.right() <= view.bands.width() + 1 and rect.bottom() <= view.bands.height() for rect in bands)
    assert min(rect.width() for rect in bands) >= 100
    view.grab()


def test_names_become_brief_then_few_where_columns_are_narrow() -> None:
    columns = [ChartColumn(f"Generation {n}", str(n), "generation", "0.4 better", "better") for n in range(1, 51)]
    assert column_words(columns, 120).titles[0] == "Generation 1"
    brief = column_words(columns, 30)
    assert brief.titles[:2] == ("1", "2")
    assert brief.below[0] == ("✓", "good")
    assert brief.kinds == ((0, 50, "generation"),)
    few = column_words(columns, 6)
    assert [title for title in few.titles if title] == ["1", "6", "11", "16", "21", "26", "31", "36", "41", "46"]


def test_in_little_width_the_reported_table_goes_below(qtbot: QtBot) -> None:
    view = opened(qtbot, [one(made_up.chain_run())], 772, 900)
    cards = view.cards
    assert cards[2].geometry().top() > cards[1].geometry().bottom()
    view.resize(1140, 900)
    qtbot.wait(5)
    assert cards[2].geometry().top() < cards[1].geometry().top()


@pytest.mark.parametrize("value", [math.nan, math.inf, -5.0, 1e300])
def test_whatever_a_strangers_events_hold_is_drawn_or_left_out(qtbot: QtBot, value: float) -> None:
    roles = {"<b>x</b> " + "9" * 5000: "", "": "<b>x</b> " + "9" * 5000, "teacher": "nobody", "line\nbreak ²": ""}
    members = tuple(roles)
    history = made_up.chain_run(steps=roles, averages={members: 0.1})
    measured = dict(history.models)
    history.models.clear()
    for role, told in measured.items():
        history.handle_event(replace(told, role=role, accuracy=value, low=value, high=-value))
    for step in range(history.step, history.step + 3):
        history.handle_event(EpochDone(step=step, labelled=True, test_accuracy=value))
    view = opened(qtbot, [one(history)], 772)
    assert view.empty_reason() is None
    assert {mark for line in view.chart.content.lines for mark in (*line.steps, *line.averages)} <= {None}
    view.grab()


def test_the_tables_hold_every_model_and_curve(qtbot: QtBot) -> None:
    view = opened(qtbot, made_up.chain_runs(3))
    table = view._table()
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    assert [row["role"] for row in rows][:5] == ["teacher", *(f"generation {n}" for n in range(1, 5))]
    assert [row["chains"] for row in rows][:5] == [3, 3, 3, 3, 2]
    assert rows[1]["compared_with"] == "teacher"
    assert rows[1]["gain"] == pytest.approx(there(rows[0]["test_error"]) - there(rows[1]["test_error"]))  # type: ignore[operator]  # both are floats
    curves = view._bands_table()
    assert {row[2] for row in curves.rows} == {"teacher", *(f"generation {n}" for n in range(1, 5))}
    assert view._reported_table().rows[0][0] == "Ours"
