"""The view of blocks: what it says of a recasting at any moment, and what stays out of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.events import EpochDone, StudentRebuilt
from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.recasting.recast_state import recast_state
from studio.gui.views.recasting.view import RecastingView
from studio.runs.files.history import Reference, RunHistory
from studio.runs.run_info import RunInfo
from tests.gui.at_hand import there
from tests.gui.made_up import picture_runs
from tests.gui.made_up_recasting import EPOCHS, SPE, WIDTHS, halved, recasting_run


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


def opened(qtbot: QtBot, *histories: RunHistory, width: int = 1100, height: int = 700) -> RecastingView:
    view = RecastingView()
    qtbot.addWidget(view)
    view.resize(width, height)
    view.set_runs([ShownRun(history, i, current=not i, method="recast") for i, history in enumerate(histories)])
    view.show()
    view.refresh()
    return view


def test_blocks_before_the_one_at_work_are_done_and_those_behind_it_wait(qtbot: QtBot) -> None:
    view = opened(qtbot, recasting_run())
    view.set_moment(round(1.5 * EPOCHS * SPE))
    view.refresh()
    state = there(view.state)
    assert [pair.state for pair in state.pairs] == ["done", "at work", "waiting", "waiting"]
    assert [pair.student.channels for pair in state.pairs] == [8, 16, 64, 64]
    assert state.compared == (2,), "behind the block behind the one at work"
    assert "group2, at work: 32 channels" in view.blocks.accessibleDescription()
    assert [len(curve.difference) > 0 for curve in state.curves] == [True, True, False, False]


def test_behind_the_last_block_the_scores_are_compared_and_at_the_end_nothing() -> None:
    last = there(recast_state(recasting_run(), 3.5 * EPOCHS))
    assert last.compared == (len(WIDTHS),)
    whole = there(recast_state(recasting_run(), None))
    assert whole.compared == ()
    assert {pair.state for pair in whole.pairs} == {"done"}


def test_blocks_that_are_exchanged_all_at_once_are_all_at_work() -> None:
    history = recasting_run(1)
    band = replace(history.plan[0], name="blocks", title="blocks")
    history.plan = (band, replace(history.plan[-1], begin=band.end, end=2 * band.end))
    at_once = StudentRebuilt(
        stage="blocks", teacher=halved(0), student=halved(4), planned=halved(4), compared=("group2", "head")
    )
    history.rebuilt = [at_once]
    state = there(recast_state(history, 0.5 * EPOCHS))
    assert {pair.state for pair in state.pairs} == {"at work"}
    assert state.compared == (1, 4)


def test_what_is_saved_is_told_before_now_and_at_the_end(qtbot: QtBot) -> None:
    view = opened(qtbot, recasting_run(2))
    teacher, planned = halved(0), halved(4)
    told = view.savings.accessibleDescription()
    assert f"{teacher.parameters / planned.parameters:.1f} times fewer" in told
    assert "0.50 ms before, 0.40 ms now, 0.30 ms at the end" in told
    (_, now, _) = view._savings_table().rows
    assert now[:3] == ["now", halved(2).parameters, halved(2).macs]


def test_filters_and_errors_stand_beside_what_was_reported(qtbot: QtBot) -> None:
    soft = RunHistory("kd", label="Soft targets")
    soft.handle_event(EpochDone(step=10, epoch=1, labelled=True, test_accuracy=0.91))
    view = opened(qtbot, recasting_run())
    assert view.filters.accessibleDescription() == "Before: 16; After: 8"
    own = there(view.grid.content).own
    assert own.cells == ("5.0", "8.0", "–", "10.0")
    view.set_runs([*view.runs, ShownRun(soft, 1, method="kd")])
    view.refresh()
    assert there(view.grid.content).own.cells == ("5.0", "8.0", "9.0", "10.0")
    assert there(view.grid.content).others[0].cells == ("6.85", "8.31", "9.24", "8.71")


def test_beside_what_was_reported_stands_the_mean_of_the_seeds(qtbot: QtBot) -> None:
    view = opened(qtbot, recasting_run())
    runs = []
    for seed, alone in enumerate((0.9, 0.88, 0.92)):
        history = recasting_run(run=f"seed-{seed}", seed=seed)
        history.alone = Reference(alone)
        history.handle_event(EpochDone(step=10_000, epoch=99, labelled=True, test_accuracy=0.9 + seed / 100))
        info = RunInfo(f"seed-{seed}", Path("nowhere"), seed=seed, state="finished")
        runs.append(ShownRun(history, seed, current=not seed, method="recast", group="recastings", info=info))
    view.set_runs(runs)
    view.refresh()
    own = there(view.grid.content).own
    assert "means of 3 seeds" in view.reported_card.accessibleDescription()
    assert own.cells == ("5.0", "9.0", "–", "10.0")


def test_without_a_recasting_it_says_what_would_fill_it(qtbot: QtBot) -> None:
    view = RecastingView()
    qtbot.addWidget(view)
    view.set_runs(picture_runs(readings=20))
    assert not view.is_useful()
    assert there(view.empty_reason()).want == "teacher"


@pytest.mark.parametrize("size", [(560, 380), (780, 520), (1400, 900)])
def test_it_fits_in_every_width(qtbot: QtBot, size: tuple[int, int]) -> None:
    view = opened(qtbot, recasting_run(3), width=size[0], height=size[1])
    assert view.blocks.width() <= size[0]
    assert not view.grab().isNull()
