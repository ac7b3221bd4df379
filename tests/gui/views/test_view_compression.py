"""The view of model compression: what is kept, who answers together, how sizes change it, and what it says without one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.presenters.compression_reading import ComparedModel
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.compression.view import CompressionView
from tests.gui.made_up import picture_runs
from tests.gui.made_up_compression import compression, compression_run


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.install(qapp, "light")


def opened(qtbot: QtBot, *runs: ShownRun, width: int = 900) -> CompressionView:
    view = CompressionView()
    qtbot.addWidget(view)
    view.resize(width, 700)
    view.set_runs(runs or [compression_run()])
    view.show()
    view.refresh()
    return view


def test_it_says_what_is_kept_and_the_figures_of_all_models(qtbot: QtBot) -> None:
    view = opened(qtbot)
    assert view.headline.text().replace("\N{NO-BREAK SPACE}", " ") == "90 % of the gain is kept"
    told = view.models.accessibleDescription().replace("\N{NO-BREAK SPACE}", " ")
    assert "Many together: squared error 0.02, right 99.1 %, bytes 4.2 MB, one answer 310 ms" in told
    assert "The student: squared error 0.021, right 99.0 %, bytes 9.0 kB" in told
    assert "2 of 30 learners" in view.chosen.text()
    assert "Neural net (units 64, alpha 0.01)" in view.members.accessibleDescription()
    assert "0.0012" in view.note.text()


def test_without_a_gain_there_is_nothing_to_keep(qtbot: QtBot) -> None:
    found = compression()
    models = tuple(replace(one, squared_error=0.01) if one.key == "best" else one for one in found.models)
    assert opened(qtbot, compression_run(replace(found, models=models))).headline.text() == "Together they gain nothing"
    models = tuple(ComparedModel(one.key) if one.key == "student" else one for one in found.models)
    view = opened(qtbot, compression_run(replace(found, models=models)))
    assert view.headline.text() == "The student is not measured yet"
    assert not view.by_cases.content.lines


def test_ticked_runs_of_other_sizes_are_points_of_one_line(qtbot: QtBot) -> None:
    runs = [
        compression_run(),
        compression_run(compression(cases=10_000, student=0.026), run="fewer", index=1),
        compression_run(compression(units=8, student=0.029), run="smaller", index=2),
    ]
    view = opened(qtbot, *runs)
    (by_cases,), (by_units,) = view.by_cases.content.lines, view.by_units.content.lines
    assert list(by_cases.sizes) == [10_000, 100_000]
    assert list(by_cases.errors) == [0.026, 0.021]
    assert by_cases.chosen == 1
    assert list(by_units.sizes) == [8, 128]
    assert [level.role for level in view.by_units.content.levels] == ["teacher", "best", "alone"]


def test_seeds_of_one_size_are_one_point(qtbot: QtBot) -> None:
    runs = [compression_run(), compression_run(compression(student=0.025), run="seed 1", index=1)]
    runs += [compression_run(compression(cases=10, student=e), run=f"few {e}", index=2) for e in (0.03, 0.04)]
    (line,) = opened(qtbot, *runs).by_cases.content.lines
    assert list(line.sizes) == [10, 100_000]
    assert list(line.errors) == pytest.approx([0.035, 0.021])


def test_made_up_rows_stand_beside_true_ones(qtbot: QtBot) -> None:
    view = opened(qtbot)
    assert "colour: " in view.columns.accessibleDescription()
    assert "of 2 cells are as in the nearest true row" in view.pairs.accessibleDescription()
    table = view._columns_table()
    assert {row[0] for row in table.rows} == {"size", "colour"}
    assert sum(row[2] for row in table.rows if row[0] == "colour" and isinstance(row[2], float)) == pytest.approx(1)


def test_in_little_width_every_card_keeps_its_room(qtbot: QtBot) -> None:
    view = opened(qtbot, width=560)
    assert view.cards[1].y() > view.cards[0].y()
    assert all(card.width() <= 560 for card in view.cards)


def test_other_runs_have_no_such_tab_and_are_told_why(qtbot: QtBot) -> None:
    view = opened(qtbot, *picture_runs()[-1:])
    assert not view.is_useful()
    reason = view.empty_reason()
    assert reason is not None
    assert "compress" in reason.title.lower()
