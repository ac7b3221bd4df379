"""A long list shows its first choices; a row shows the rest, another those that do not fit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.core.message import NOTHING, Text
from studio.gui.chooser.choice_delegate import CHOICE, SIZE, Fold
from studio.gui.chooser.choice_list import ChoiceList
from studio.gui.presenters.draft_info import Choice


@pytest.fixture
def long(qtbot: QtBot) -> ChoiceList:
    """Thirty networks of three families; every fifth does not fit."""
    found = ChoiceList("Networks", most=12)
    qtbot.addWidget(found)
    found.rows.set_choices(
        [
            Choice(
                f"net-{n}", f"Net {n}", heading=f"Family-{n // 10}", refusal=NOTHING if n % 5 else Text("Too small.")
            )
            for n in range(30)
        ]
    )
    return found


def rows(of: ChoiceList, kind: type) -> list[object]:
    all_rows = [of.rows.index(row).data(CHOICE) for row in range(of.rows.rowCount())]
    return [row for row in all_rows if isinstance(row, kind)]


def test_the_first_that_fit_are_shown_and_the_rest_when_asked_for(long: ChoiceList) -> None:
    assert len(rows(long, Choice)) == 12
    assert [fold.title for fold in rows(long, Fold) if isinstance(fold, Fold)] == ["12 more", "6 do not fit, and why"]
    more = next(row for row in range(long.rows.rowCount()) if isinstance(long.rows.index(row).data(CHOICE), Fold))
    long.activated.emit(long.rows.index(more))
    assert len(rows(long, Choice)) == 24
    long.activated.emit(long.rows.index(long.rows.rowCount() - 1))
    assert len(rows(long, Choice)) == 30
    assert not rows(long, Fold)


def test_what_is_in_force_is_shown_wherever_it_stands(long: ChoiceList) -> None:
    long.rows.pin("net-29")
    assert "net-29" in [row.key for row in rows(long, Choice) if isinstance(row, Choice)]
    assert len(rows(long, Choice)) == 13


def test_a_search_looks_through_all(long: ChoiceList) -> None:
    long.rows.set_filter("net-29", only_fitting=False)
    assert [row.key for row in rows(long, Choice) if isinstance(row, Choice)] == ["net-29"]
    long.rows.set_filter("family-2", only_fitting=False)
    assert len(rows(long, Choice)) == 10


def test_of_very_many_the_next_ones_are_shown_when_asked_for(qtbot: QtBot) -> None:
    found = ChoiceList("Networks", most=12)
    qtbot.addWidget(found)
    found.rows.set_choices([Choice(f"net-{n}", f"Net {n}") for n in range(100)])
    assert len(found.rows.on_show) == 12
    found.rows.unfold("more")
    assert len(found.rows.on_show) == 52
    found.rows.set_filter("net", only_fitting=False)
    assert len(found.rows.on_show) == 40


def test_sizes_are_drawn_beside_one_another_and_a_role_is_read_out(qtbot: QtBot) -> None:
    found = ChoiceList("Networks")
    qtbot.addWidget(found)
    found.rows.set_choices(
        [Choice("a", "A", parameters=1000, role="teacher"), Choice("b", "B", parameters=100_000), Choice("c", "C")]
    )
    small, large, unknown = (found.rows.index(row).data(SIZE) for row in range(3))
    assert 0 < small < large == 1
    assert unknown == 0
    assert found.rows.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "A. teacher"
    found.resize(300, 200)
    assert not found.grab().isNull()
