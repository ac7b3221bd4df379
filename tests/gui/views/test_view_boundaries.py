"""The view of boundaries: all runs read in one way, the run's own beside it, and the moments that are reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import count

import numpy as np
import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.arrays import Arrays
from studio.events import Snapshot
from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.boundaries.view import BoundariesView
from studio.gui.views.charts.legend import MOST_ROWS, Legend
from studio.gui.views.charts.moments import arrays_of
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.saving import CsvTable
from studio.runs.files.history import RunHistory
from tests.gui import made_up


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


@lru_cache(maxsize=1)
def runs() -> tuple[ShownRun, ...]:
    """One that copies and is half done, and two without a copying stage that have ended."""
    return tuple(made_up.picture_runs(readings=50))


def opened(qtbot: QtBot, shown: Sequence[ShownRun]) -> BoundariesView:
    view = BoundariesView()
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.set_runs(shown)
    view.show()
    for _ in range(5):
        view.refresh()
    return view


def with_arrays(arrays: Arrays) -> ShownRun:
    history = RunHistory("changed", label="Changed", groups=made_up.GROUPS, classes=made_up.CLASSES, epochs=1)
    history.handle_event(Snapshot(step=1, epoch=1, arrays=arrays))
    return ShownRun(history, 0, current=True)


def last_arrays() -> dict[str, np.ndarray]:
    return dict(arrays_of(runs()[0].history.moments[-1]))


def test_every_run_has_a_bar_read_the_one_way_and_its_own_beside_it(qtbot: QtBot) -> None:
    view = opened(qtbot, runs())
    for (name, bars), own in zip(view.bars.groups, (True, True, False), strict=True):
        assert [bar.reading.own for bar in bars] == ([False, True] * 3 if own else [False] * 3), name
    arrays = arrays_of(runs()[0].history.moments[-1])
    fitted, beside = (bar.reading for bar in view.bars.groups[1][1][:2])
    assert [fitted.percent, fitted.chance] == [float(arrays[f"{name}/group2"]) for name in ("agreement", "chance")]
    assert [beside.percent, beside.chance] == [float(arrays[f"own/{name}/group2"]) for name in ("agreement", "chance")]


def test_curves_that_are_not_whole_yet_say_so(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    view = BoundariesView()
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.set_runs(runs())
    card = view.cards[-1]
    with monkeypatch.context() as patched:
        patched.setattr("studio.gui.views.charts.moments.time.perf_counter", count().__next__)  # a second a look
        view.show()
        view.refresh()
        assert card.accessibleDescription().startswith("Loading")
    while card.accessibleDescription().startswith("Loading"):
        view.refresh()
    assert card.accessibleDescription().startswith("Agreement")


def test_what_was_reported_stands_beside_the_bars_whatever_moment_is_shown(qtbot: QtBot) -> None:
    view = opened(qtbot, runs())
    view.set_moment(30 * made_up.STEPS_PER_EPOCH)
    view.refresh()
    ab, _, at, *_ = (bar.reading for bar in view.bars.groups[0][1])
    half_done, ended = (run.history.key_moments for run in runs()[:2])
    assert ab.start == pytest.approx(100 * half_done["start"].agreement[0].fitted.agreement)
    assert ab.copied == pytest.approx(100 * half_done["copied"].agreement[0].fitted.agreement)
    assert ab.end is None
    assert at.copied is None
    assert at.end == pytest.approx(100 * ended["end"].agreement[0].fitted.agreement)
    said = view.bars.accessibleDescription()
    assert f"after copying {ab.copied:.1f} %" in said
    assert f"at the end {at.end:.1f} %" in said
    assert f"untrained {ab.start:.1f} %" in said


def test_behind_a_connector_that_has_learnt_nothing_there_is_nothing_to_tell(qtbot: QtBot) -> None:
    view = opened(qtbot, runs())
    assert all(bar.reading.start is None for _, bars in view.bars.groups for bar in bars if bar.reading.own)


def test_it_says_how_agreement_was_taken(qtbot: QtBot) -> None:
    view = opened(qtbot, runs())
    words = view.how.text()
    assert "Compare the full bars" in words
    assert "Outlined: Group 1 channel by channel; Group 2 behind its connector." in words
    fitted = {name: array for name, array in last_arrays().items() if not name.startswith("own/")}
    other = opened(qtbot, [with_arrays(fitted)])
    assert "Outlined" not in other.how.text()


def test_a_run_of_an_earlier_version_is_not_compared_with_others(qtbot: QtBot) -> None:
    """Its only numbers are of its own way."""
    one_way = ("agreement/", "chance/", "channels/", "how/")
    old = with_arrays({name: array for name, array in last_arrays().items() if not name.startswith(one_way)})
    view = opened(qtbot, [old, replace(runs()[1], current=False)])
    bars = {name: [(bar.run, bar.reading.own) for bar in bars] for name, bars in view.bars.groups}
    assert bars["Group 2"] == [("Changed", True), ("AT", False), ("AT", True)]
    assert "Measured by an earlier version, in its own way alone: Changed." in view.how.text()
    view.grab()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("agreement/group1", np.array(np.nan, np.float32)),
        ("chance/group1", np.zeros(3, np.float32)),
        ("agreement/group1", np.array("many")),
        ("channels/group1", np.zeros((2, 64), np.float32)),
        ("firing/group1", np.zeros(5, np.float32)),
        ("own/how/group1", np.zeros((0,), np.int8)),
    ],
)
def test_arrays_that_make_no_sense_are_left_out(qtbot: QtBot, name: str, value: np.ndarray) -> None:
    view = opened(qtbot, [with_arrays(last_arrays() | {name: value})])
    view.grab()
    assert view.empty_reason() is None
    assert [len(bars) for _, bars in view.bars.groups][1:] == [2, 1]


def test_the_table_tells_both_ways_and_the_moments(qtbot: QtBot) -> None:
    view = opened(qtbot, runs())
    table: CsvTable = view._table()
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    ab = [row for row in rows if row["run"] == "made-up-ab" and row["group"] == "group1"]
    assert [row["moment"] for row in ab if row["moment"]] == ["start", "copied"]
    (copied,) = [row for row in ab if row["moment"] == "copied"]
    reported = runs()[0].history.key_moments["copied"].agreement[0]
    assert reported.own is not None
    assert copied["agreement_percent"] == pytest.approx(100 * reported.fitted.agreement)
    assert copied["own_agreement_percent"] == pytest.approx(100 * reported.own.agreement)
    last = next(row for row in rows if row["group"] == "group3")
    assert last["own_agreement_percent"] is None


# --- the legend --------------------------------------------------------------------------------------------------------


def legend(qtbot: QtBot, names: Sequence[str], width: int) -> Legend:
    shown = Legend()
    qtbot.addWidget(shown)
    shown.resize(width, shown.height())
    shown.show_names([(Stroke("run", index), name) for index, name in enumerate(names)])
    shown.show()
    return shown


def test_names_of_many_runs_are_written_out_in_further_rows(qtbot: QtBot) -> None:
    names = [f"Activation boundary, seed {seed}" for seed in range(6)]
    shown = legend(qtbot, names, 480)
    assert [name for row in shown.rows for name in row] == names
    assert len(shown.rows) > 1
    assert shown.height() == len(shown.rows) * 18
    metrics = QFontMetrics(theme.font("explain"))
    assert all(sum(metrics.horizontalAdvance(name) + 20 for name in row) <= 480 for row in shown.rows)
    shown.resize(2000, shown.height())
    assert len(shown.rows) == 1
    assert shown.height() == 18


def test_of_more_names_than_fit_it_says_how_many_there_are(qtbot: QtBot) -> None:
    names = [f"Similarity preserving, seed {seed}" for seed in range(50)]
    shown = legend(qtbot, names, 400)
    assert len(shown.rows) == MOST_ROWS
    written = [name for row in shown.rows for name in row]
    assert written[-1] == f"and {50 - len(written) + 1} more"
    assert written[:-1] == names[: len(written) - 1]
    assert names[-1] in shown.toolTip()
    shown.grab()


def test_only_a_name_longer_than_a_row_is_cut(qtbot: QtBot) -> None:
    shown = legend(
        qtbot, ["Soft targets", "A name that is far longer than there is room for in a row of this width"], 200
    )
    assert [len(row) for row in shown.rows] == [1, 1]
    assert shown.rows[0] == ["Soft targets"]
    assert shown.rows[1][0].endswith("…")


def heads(view: BoundariesView) -> list[str]:
    return list(view.bars.columns())


def test_a_column_that_nothing_fills_is_left_out(qtbot: QtBot) -> None:
    copies = opened(qtbot, runs()[:1])
    assert "copied" in heads(copies)
    assert "copied" not in heads(opened(qtbot, runs()[2:]))
