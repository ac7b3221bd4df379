"""The table over many runs: sorted, searched and changed while a person is at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication
from pytestqt.qtbot import QtBot

from studio.gui.runs_table.run_cells import Column
from studio.runs.files.history import Reference
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import Gap
from tests.gui.runs_table.made_up_table import Table, run


@pytest.fixture
def table(qtbot: QtBot, tmp_path: Path) -> Iterator[Table]:
    made = Table(qtbot, tmp_path, [run(number) for number in range(40)])
    yield made
    made.background.stop()


def value(column: Column, info: RunInfo) -> float | str:
    """What a person expects a column to be sorted by."""
    numbers = {
        Column.ACCURACY: info.test_accuracy if info.state != "failed" else None,
        Column.GAP: info.gap.value if info.gap is not None else None,
        Column.PARAMETERS: info.parameters["student"],
        Column.TIME: info.seconds,
    }
    if column in numbers:
        number = numbers[column]
        return -1.0 if number is None else float(number)
    states = {"finished": "finished", "stopped": "stopped, can go on", "failed": "failed"}
    words = {
        Column.METHOD: info.method_title,
        Column.STUDENT: info.student_title,
        Column.STATE: states[info.state],
    }
    return words[column].casefold()


@pytest.mark.parametrize("column", [column for column in Column if column not in (Column.TICK, Column.RUN)])
def test_every_column_sorts_both_ways_and_back(table: Table, column: Column) -> None:
    infos = {info.id: info for info in table.workspace.listed}
    unsorted = table.ids
    for order, reverse in ((Qt.SortOrder.AscendingOrder, False), (Qt.SortOrder.DescendingOrder, True)):
        table.dock.table.sortByColumn(column, order)
        values = [value(column, infos[name]) for name in table.ids]
        assert values == sorted(values, reverse=reverse)
    table.dock.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert table.ids == unsorted


def test_the_gap_tells_of_the_student_alone_of_the_same_seed(table: Table) -> None:
    def with_alone(seed: int, reached: float, alone: float) -> RunInfo:
        gap = (reached - alone) / (0.986 - alone)
        return replace(
            run(seed),
            seed=seed,
            state="finished",
            group="fitnets",
            reached=Reference(reached),
            alone_reference=Reference(alone),
            teacher_reference=Reference(0.986),
            gap=Gap(gap, gap - 0.5, gap + 0.5),
        )

    def cell(row: int, role: Qt.ItemDataRole) -> str:
        return str(model.index(row, Column.GAP).data(role))

    model = table.dock.model
    table.workspace.listed = [with_alone(2, 0.897, 0.883), with_alone(1, 0.930, 0.944)]
    table.refresh()
    assert [cell(row, Qt.ItemDataRole.DisplayRole) for row in (0, 1)] == ["14\u00a0%", "below alone"]
    assert "alone of the same seed (2), which reached 88.3\u00a0%" in cell(0, Qt.ItemDataRole.ToolTipRole)
    assert "alone of the same seed (1), which reached 94.4\u00a0%" in cell(1, Qt.ItemDataRole.ToolTipRole)
    below = [model.cells.below(model.row(model.index(row, 0))) for row in (0, 1)]
    assert below == ["", "alone: 94.4\u00a0%"], "what is painted in place of it where there is room"
    model.group(True)
    assert "Over the same 2 seeds the student alone reached 91.3 ± 4.3\u00a0%" in cell(0, Qt.ItemDataRole.ToolTipRole)


def test_the_heading_names_the_score_that_counts(table: Table) -> None:
    def heading() -> str:
        return str(table.dock.table.model().headerData(Column.ACCURACY, Qt.Orientation.Horizontal))

    assert heading() == "Test accuracy"
    accuracies = list(table.workspace.listed)
    distances = [replace(info, headline="distance", unit="mm", better="lower") for info in accuracies]
    table.workspace.listed = distances
    table.refresh()
    assert heading() == "Test distance"
    table.workspace.listed = [*distances[:3], *accuracies[3:]]
    table.refresh()
    assert heading() == "Test score"


def test_runs_of_one_name_are_told_apart(table: Table) -> None:
    same = [run(1, "same"), run(2, "same"), run(6, "same"), run(3, "alone")]
    table.workspace.listed = same
    table.refresh()
    names = [table.run_store.name(info.id) for info in same]
    assert names[1:2] == ["same, seed 2"]
    assert names[0].startswith("same, seed 1, ")
    assert names[2].startswith("same, seed 1, ")
    assert names[0] != names[2]
    assert names[3] == "alone"
    table.dock.table.sortByColumn(Column.RUN, Qt.SortOrder.AscendingOrder)
    assert [table.run_store.name(name) for name in table.ids] == sorted(names)


def test_what_is_selected_stays_selected(table: Table) -> None:
    table.select("run-003", "run-017")
    table.dock.table.sortByColumn(Column.TIME, Qt.SortOrder.AscendingOrder)
    assert table.selected == {"run-003", "run-017"}
    table.workspace.listed = [run(50), *table.workspace.listed[:10], *table.workspace.listed[12:]]
    table.refresh()
    assert table.selected == {"run-003", "run-017"}
    table.workspace.listed = [run(number) for number in range(3, 4)] + [run(number) for number in range(100, 180)]
    table.refresh()  # so many have changed that all are shown anew
    assert table.selected == {"run-003"}


def test_a_search_keeps_what_it_finds_selected(table: Table) -> None:
    table.select("run-001", "run-002")
    table.dock.search.setText("attention")
    assert set(table.ids) == {info.id for info in table.workspace.listed if info.method_title == "Attention"}
    assert table.selected == {"run-001"}
    table.dock.search.setText("")
    assert len(table.ids) == 40
    assert table.selected == {"run-001"}


def test_a_search_looks_into_notes_and_tags_as_they_are_now(table: Table) -> None:
    table.dock.search.setText("peculiar")
    assert table.ids == []
    first, second, *others = table.workspace.listed
    table.workspace.listed = [replace(first, notes="most peculiar"), replace(second, tags=("peculiar",)), *others]
    table.refresh()
    assert table.ids == ["run-000", "run-001"]


def test_a_name_being_typed_is_not_lost_when_another_run_comes(table: Table) -> None:
    view = table.dock.table
    index = table.dock.model.index(5, Column.RUN)
    view.edit(index)
    assert view.state() == QAbstractItemView.State.EditingState
    table.workspace.listed = [run(60), *table.workspace.listed]
    table.refresh()
    assert table.ids[0] == "run-060"
    assert view.state() == QAbstractItemView.State.EditingState


def test_a_changed_run_changes_its_row_alone(table: Table) -> None:
    before = [table.dock.model.row(table.dock.model.index(number, 0)) for number in range(40)]
    changed = replace(table.workspace.listed[7], name="renamed")
    table.workspace.listed = [*table.workspace.listed[:7], changed, *table.workspace.listed[8:]]
    table.refresh()
    after = [table.dock.model.row(table.dock.model.index(number, 0)) for number in range(40)]
    assert [number for number, (then, now) in enumerate(zip(before, after, strict=True)) if then is not now] == [7]
    assert table.dock.model.index(7, Column.RUN).data() == "renamed"


def test_references_stand_after_the_runs_that_asked_for_them(table: Table) -> None:
    table.workspace.listed = [replace(run(90, parent="run-001"), role="teacher"), *table.workspace.listed]
    table.refresh()
    assert table.ids[-1] == "run-090"
    QApplication.processEvents()
    assert table.dock.model.index(40, Column.METHOD).data() == "Reference: teacher"
