"""The runs of a chain stand below it in the table: folded at first, found, sorted and opened with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from studio.gui.runs_table.run_cells import Column
from studio.runs.files.history import Reference
from studio.runs.run_info import RunInfo
from tests.gui.runs_table.made_up_table import Table, run

PLANNED = ("teacher", "generation 1", "generation 2")


def chain(number: int = 10) -> RunInfo:
    name = "Born-again networks on Digits"
    return replace(
        run(number, name),
        planned=PLANNED,
        references={role: f"run-{number + n:03}" for n, role in enumerate(PLANNED, 1)},
    )


def steps(number: int = 10) -> list[RunInfo]:
    """Of the chain of that number, the newest first as a workspace lists them."""
    title = "Born-again networks on Digits"
    roles = [*PLANNED, "mean of generations 1 and 2"]
    made = [
        replace(
            run(number + n, f"{title}: {role}", f"run-{number:03}"),
            role=role,
            is_named=False,
            reached=Reference(0.9 - n / 100),
            state="finished",
        )
        for n, role in enumerate(roles, 1)
    ]
    return list(reversed(made))


BELOW = ["run-011", "run-012", "run-013", "run-014"]


@pytest.fixture
def table(qtbot: QtBot, tmp_path: Path) -> Iterator[Table]:
    others = [run(number) for number in (3, 2, 1)]
    made = Table(qtbot, tmp_path, [chain(), *others, *steps()])
    yield made
    made.background.stop()


def unfold(table: Table, name: str = "run-010") -> None:
    model = table.dock.model
    model.unfold(model.row(model.index(model.row_of(name), 0)), on=True)


def test_the_runs_of_a_chain_are_folded_below_it(table: Table) -> None:
    assert table.ids == ["run-010", "run-003", "run-002", "run-001"]
    unfold(table)
    assert table.ids == ["run-010", *BELOW, "run-003", "run-002", "run-001"]


def test_steps_are_called_by_their_role_until_they_are_renamed(table: Table) -> None:
    unfold(table)
    names = [table.dock.model.index(number, Column.RUN).data() for number in range(1, 5)]
    assert names == ["Teacher", "Generation 1", "Generation 2", "Mean of generations 1 and 2"]
    table.workspace.listed = [
        replace(info, name="mine", is_named=True) if info.id == "run-012" else info for info in table.workspace.listed
    ]
    table.refresh()
    assert table.dock.model.index(2, Column.RUN).data() == "mine"


def test_keys_unfold_and_fold(table: Table) -> None:
    view, qtbot = table.dock.table, table.qtbot
    view.setFocus()
    view.selectRow(0)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert table.ids[1:5] == BELOW
    view.selectRow(3)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert table.selected == {"run-010"}
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert table.ids == ["run-010", "run-003", "run-002", "run-001"]
    assert table.selected == {"run-010"}


def test_a_click_on_the_sign_unfolds_and_a_quick_second_one_folds_again(table: Table) -> None:
    view = table.dock.table
    opened: list[str] = []
    view.open_requested.connect(opened.append)
    cell = view.visualRect(table.dock.model.index(0, Column.RUN))
    sign = QPoint(cell.left() + 10, cell.center().y())
    table.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=sign)
    assert table.ids[1:5] == BELOW
    table.qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=sign)
    table.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(cell.center()))
    assert opened == []


def test_what_is_found_below_a_chain_shows_the_chain(table: Table) -> None:
    table.dock.search.setText("mean of")
    assert table.ids == ["run-010", "run-014"]
    model = table.dock.model
    model.unfold(model.row(model.index(0, 0)), on=False)
    assert table.ids == ["run-010"]
    table.dock.search.setText("born-again")
    assert table.ids == ["run-010"], "the chain is found itself and stays folded"
    table.dock.search.setText("")
    assert table.ids == ["run-010", "run-003", "run-002", "run-001"]


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_sorted_they_stay_below_it(table: Table, order: Qt.SortOrder) -> None:
    unfold(table)
    table.dock.table.sortByColumn(Column.TIME, order)
    place = table.ids.index("run-010")
    assert set(table.ids[place + 1 : place + 5]) == set(BELOW)
    table.dock.table.sortByColumn(Column.ACCURACY, order)
    place = table.ids.index("run-010")
    by_accuracy = list(reversed(BELOW)) if order == Qt.SortOrder.AscendingOrder else BELOW
    assert table.ids[place + 1 : place + 5] == by_accuracy


def test_one_of_them_is_unfolded_to_be_selected_or_renamed(table: Table) -> None:
    table.dock.select("run-013")
    assert table.selected == {"run-013"}


def test_they_are_ticked_one_by_one(table: Table) -> None:
    unfold(table)
    model = table.dock.model
    model.setData(model.index(2, Column.TICK), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert table.run_store.ticked == ["run-012"]


def test_where_they_stand_is_told_to_who_cannot_see_it(table: Table) -> None:
    model, spoken = table.dock.model, Qt.ItemDataRole.AccessibleTextRole
    assert model.index(0, Column.RUN).data(spoken).endswith("4 runs folded below it")
    unfold(table)
    assert model.index(0, Column.RUN).data(spoken).endswith("4 runs below it")
    assert model.index(2, Column.RUN).data(spoken) == "Run: Generation 1, in Born-again networks on Digits"
    assert model.index(5, Column.RUN).data(spoken).startswith("Run: name")


def test_without_their_chain_they_stand_among_what_was_trained_for_others(table: Table) -> None:
    table.workspace.listed = [info for info in table.workspace.listed if info.id != "run-010"]
    table.refresh()
    assert set(table.ids[3:]) == set(BELOW)


def test_a_chain_that_uses_the_steps_of_one_that_is_gone_takes_them(table: Table) -> None:
    longer = replace(chain(20), references={"teacher": "run-011", "generation 1": "run-012"})
    table.workspace.listed = [longer, *(info for info in table.workspace.listed if info.id != "run-010")]
    table.refresh()
    unfold(table, "run-020")
    assert table.ids[:3] == ["run-020", "run-011", "run-012"]


def test_grouped_the_same_step_of_all_seeds_is_one_row(table: Table) -> None:
    grouped = [replace(info, group="chain") for info in (chain(30), chain())]
    table.workspace.listed = [*grouped, *steps(30), *steps()]
    table.refresh()
    table.dock.model.group(True)
    unfold(table)
    model = table.dock.model
    assert [model.row(model.index(number, 0)).ids for number in range(1, 3)] == [
        ("run-031", "run-011"),
        ("run-032", "run-012"),
    ]
    assert model.index(2, Column.RUN).data() == "Generation 1"


def test_another_step_leaves_the_rest_as_it_is(table: Table) -> None:
    unfold(table)
    table.select("run-012")
    before = [table.dock.model.row(table.dock.model.index(number, 0)) for number in range(8)]
    table.workspace.listed = [*table.workspace.listed, replace(run(15, parent="run-010"), role="generation 3")]
    table.refresh()
    after = [table.dock.model.row(table.dock.model.index(number, 0)) for number in range(9)]
    assert table.ids[:6] == ["run-010", *BELOW, "run-015"]
    assert table.selected == {"run-012"}
    assert all(then is now for then, now in zip(before[1:5], after[1:5], strict=True))


def test_unfolded_at_the_lower_end_they_are_scrolled_into_sight(table: Table) -> None:
    table.dock.resize(1200, 34 + 28 + 4 * 28)
    table.workspace.listed = [*(run(number) for number in range(20, 60)), chain(), *steps()]
    table.refresh()
    view, model = table.dock.table, table.dock.model
    view.scrollTo(model.index(model.row_of("run-010"), 0))
    unfold(table)
    top = view.visualRect(model.index(model.row_of("run-010"), 0)).top()
    assert top >= 0
    assert view.visualRect(model.index(model.row_of(BELOW[0]), 0)).bottom() <= view.viewport().height()


def test_a_step_says_who_taught_it_and_how_it_does_beside_that(table: Table) -> None:
    model = table.dock.model
    unfold(table)
    first, second, mean = BELOW[1], BELOW[2], BELOW[3]
    told = {"reached": Reference(0.9, 0.89, 0.91), "teacher_reference": Reference(0.8, 0.79, 0.81)}
    table.workspace.listed = [
        replace(info, gap=None, teachers=("run-011",), **told)  # type: ignore[arg-type]
        if info.id == first
        else replace(
            info,
            gap=None,
            teachers=(first,),
            reached=Reference(0.8, 0.7, 0.9),
            teacher_reference=Reference(0.79, 0.7, 0.9),
        )
        if info.id == second
        else replace(info, members=(first, second), teachers=("run-011",), student_title="Mean of 2 × CNN")
        if info.id == mean
        else info
        for info in table.workspace.listed
    ]
    table.refresh()

    def cell(run: str, column: Column) -> str:
        return str(model.index(model.row_of(run), column).data())

    assert (cell(first, Column.METHOD), cell(first, Column.GAP)) == ("Taught by teacher", "10.0 over teacher")
    assert (cell(second, Column.METHOD), cell(second, Column.GAP)) == ("Taught by generation 1", "within noise")
    assert (cell(mean, Column.STUDENT), cell(mean, Column.TIME)) == ("2 networks", "none")
    assert cell(mean, Column.METHOD) not in ("", "Taught by teacher")
