"""A table before it is used: what is read of it is shown, and what a column is taken for can be changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from studio.core.message import Text
from studio.core.table_preview import ColumnPreview
from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.chooser.column_table import ColumnTable
from studio.gui.chooser.options import DataOptions
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.presenters.draft_info import Choice
from studio.gui.widgets.notice import NoticeBox
from tests.gui import fake_presenter
from tests.gui.at_hand import there
from tests.gui.fake_jobs import at_once
from tests.gui.fake_presenter import PREVIEW, FakePresenter

TABLE = Choice("table", "Table", "Rows of a file.", help_page="data-table")


class Opened:
    """A chooser of data with a presenter that knows tables."""

    def __init__(self, qtbot: QtBot, place: Path, dataset: dict[str, Any]) -> None:
        self.qtbot = qtbot
        self.draft = ExperimentDraft({"dataset": dataset})
        self.presenter = FakePresenter(place)
        self.page = ChooserPage("data", self.draft, self.presenter, at_once, "Learning")
        qtbot.addWidget(self.page)
        self.page.resize(1100, 700)
        self.page.show()
        self.card = there(self.page.preview).table_card

    @property
    def options(self) -> DataOptions:
        assert isinstance(self.page.options, DataOptions)
        return self.page.options


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(fake_presenter, "DATA", (*fake_presenter.DATA, TABLE))

    def make(**dataset: Any) -> Opened:
        return Opened(qtbot, tmp_path, dataset)

    return make


def test_a_table_is_shown_with_its_columns_and_makes_itself_room(opened: Any) -> None:
    shown = opened(key="table", path="rows.csv")
    assert shown.card.isVisible()
    model = shown.card.columns.rows
    cells = [[str(model.index(row, column).data()) for column in range(4)] for row in range(model.rowCount())]
    assert cells == [["size", "numbers", "1", "1.5 to 4"], ["kind", "the class", "0", "iris, rose"]]
    first = there(shown.card.first_rows.model())
    assert [first.index(1, column).data() for column in range(2)] == ["2.5", "iris"]
    assert shown.page.property("roomy") is True


@pytest.mark.parametrize("dataset", [{"key": "digits"}, {"key": "table"}])
def test_nothing_is_shown_of_other_data_or_before_a_file_is_named(opened: Any, dataset: dict[str, Any]) -> None:
    shown = opened(**dataset)
    assert not shown.card.isVisible()
    assert not shown.page.property("roomy")


@pytest.mark.parametrize("width", [380, 450, 700])
def test_what_a_column_holds_has_room_at_any_width(qtbot: QtBot, width: int) -> None:
    table = ColumnTable()
    qtbot.addWidget(table)
    long = ColumnPreview("a name of a column that is long", "numeric", 0, (1, 2, 3), Text("18 to 80"))
    table.resize(width, 300)
    table.show()
    table.show_columns([long, long], is_own=True)
    assert table.columnWidth(3) >= 100
    assert sum(table.columnWidth(column) for column in range(4)) <= table.viewport().width()
    assert table.rowHeight(0) == (30 if table.columnWidth(3) >= 160 else 46)
    assert table.height() >= 2 * table.rowHeight(0)


def test_what_a_column_is_taken_for_goes_into_the_experiment(opened: Any) -> None:
    shown = opened(key="table", path="rows.csv")
    (numbers, names, classes, unused) = shown.card.columns.menu(0).actions()
    assert [action.text() for action in (numbers, names, classes, unused)] == [
        "numbers",
        "names",
        "the class",
        "not used",
    ]
    assert numbers.isChecked()
    names.trigger()
    assert shown.options.table() == {"path": "rows.csv", "nominal": ["size"]}
    unused.trigger()
    assert shown.options.table() == {"path": "rows.csv", "leave_out": ["size"]}
    classes.trigger()
    assert shown.options.table() == {"path": "rows.csv", "class_column": "size"}
    shown.page.use_choice()
    assert shown.draft.get("dataset") == {"key": "table", "path": "rows.csv", "class_column": "size"}


def test_the_class_stays_the_class_until_another_column_is(opened: Any) -> None:
    shown = opened(key="table", path="rows.csv")
    assert [action.isEnabled() for action in shown.card.columns.menu(1).actions()] == [False, False, True, False]


def test_it_is_read_anew_once_a_change_rests(opened: Any) -> None:
    shown = opened(key="table", path="rows.csv")
    asked = len(shown.presenter.previewed)
    shown.options.form.row("dataset.decimal").edited.emit("dataset.decimal", "comma")
    assert len(shown.presenter.previewed) == asked
    shown.qtbot.waitUntil(lambda: len(shown.presenter.previewed) == asked + 1)
    assert shown.presenter.previewed[-1]["dataset"]["decimal"] == "comma"


def test_another_file_forgets_what_was_said_of_columns(opened: Any) -> None:
    shown = opened(key="table", path="rows.csv", class_column="size", leave_out=["kind"], decimal="comma")
    shown.options.form.row("dataset.path").edited.emit("dataset.path", "other.csv")
    assert shown.options.table() == {"path": "other.csv", "decimal": "comma"}


def test_rows_that_are_tested_on_too_can_be_left_out_of_learning_where_they_are_told(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = replace(PREVIEW, copies=(Text("2 of the 5 rows are to test on too."),))
    monkeypatch.setattr(fake_presenter, "PREVIEW", told)
    shown = opened(key="table", path="rows.csv")
    assert shown.card.copies.isVisible()
    assert shown.card.copies.words == "2 of the 5 rows are to test on too."
    shown.card.copies.followed.emit()
    assert shown.options.table() == {"path": "rows.csv", "without_copies": True}
    shown.card.show_preview(replace(told, learns_copies=False))
    shown.card.copies.followed.emit()
    assert shown.options.table() == {"path": "rows.csv"}
    shown.card.show_preview(PREVIEW)
    assert not shown.card.copies.isVisible()


def test_a_table_that_cannot_be_used_says_why_and_is_not_used(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(PREVIEW, problem=Text("Row 3 has 2 values."), remarks=(Text("Mind the gap."),))
    monkeypatch.setattr(fake_presenter, "PREVIEW", wrong)
    shown = opened(key="table", path="rows.csv")
    assert not shown.page.use.isEnabled()
    assert shown.page.hint.text() == "Row 3 has 2 values."
    said = [box.accessibleName() or box.toolTip() for box in shown.card.findChildren(NoticeBox) if box.isVisible()]
    assert len(said) == 2
