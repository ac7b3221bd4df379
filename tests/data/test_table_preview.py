"""What a person sees of a table before it is used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio import catalog
from studio.core.table_preview import ColumnPreview, TablePreview
from studio.data.base import silent
from studio.data.table_file import TableSettings
from studio.data.table_summary import preview_of

ROWS = "size;colour;note;kind\n1,5;red;a;rose\n2,5;blue;b;iris\n;red;c;rose\n4;?;d;iris\n2,5;blue;e;iris\n"


def preview(tmp_path: Path, text: str = ROWS, **settings: Any) -> TablePreview:
    file = tmp_path / "rows.csv"
    file.write_text(text, encoding="utf-8")
    shown = catalog.find("dataset", "table").preview(TableSettings(path=file, **settings), tmp_path)
    assert isinstance(shown, TablePreview)
    return shown


def by_name(shown: TablePreview) -> dict[str, ColumnPreview]:
    return {column.name: column for column in shown.columns}


def test_columns_are_shown_with_their_spread_and_what_is_missing(tmp_path: Path) -> None:
    shown = preview(tmp_path, leave_out=("note",))
    columns = by_name(shown)
    assert list(columns) == ["size", "colour", "note", "kind"]
    assert [column.use for column in shown.columns] == ["numeric", "nominal", "unused", "class"]
    assert (columns["size"].missing, str(columns["size"].words)) == (1, "1.5 to 4")
    assert sum(columns["size"].counts) == 4
    assert columns["size"].counts[0] == 1
    assert (columns["colour"].counts, str(columns["colour"].words)) == ((2, 2), "blue, red")
    assert columns["kind"].counts == (3, 2)
    assert columns["note"].missing is None
    assert not shown.problem
    assert shown.is_own


def test_rows_that_are_tested_on_too_are_told(tmp_path: Path) -> None:
    assert not preview(tmp_path).copies
    (said,) = preview(tmp_path, leave_out=("note",)).copies
    assert str(said).startswith("2 of the 5 rows have the values of another one")
    (tmp_path / "test.csv").write_text("size;colour;note;kind\n2,5;blue;z;iris\n9;red;z;rose\n", encoding="utf-8")
    (said,) = preview(tmp_path, leave_out=("note",), test_path=tmp_path / "test.csv").copies
    assert str(said).startswith("One of the 2 rows to test on stands among the rows to learn from too")


def test_how_the_file_is_written_is_said_and_its_first_rows_are_shown_as_written(tmp_path: Path) -> None:
    shown = preview(tmp_path)
    assert [str(words) for words in shown.words] == [
        "5 rows, 3 columns to learn from, 2 classes.",
        "Read with semicolons between values, double quotes around texts, a comma before decimals, names in the first row, as UTF-8.",
    ]
    assert shown.names == ("size", "colour", "note", "kind")
    assert shown.rows[0] == ("1,5", "red", "a", "rose")
    assert len(shown.rows) == 5


@pytest.mark.parametrize(
    ("text", "words", "rows"),
    [
        ("a,k\n1,x\n2,x\n", "All 2 rows have the class", 2),
        ("a,b,k\n1,2,x\n3,4\n", "Row 3", 2),
        ("", "is empty", 0),
    ],
)
def test_what_is_wrong_stands_beside_what_could_be_read(tmp_path: Path, text: str, words: str, rows: int) -> None:
    shown = preview(tmp_path, text)
    assert words in str(shown.problem)
    assert len(shown.rows) == rows
    assert len(shown.columns) == len(shown.names)


def test_remarks_are_shown_before_use(tmp_path: Path) -> None:
    shown = preview(tmp_path, "a,b,k\n1,5,x\n9,4,y\n2,4,x\n8,5,y\n")
    assert "“a” tells the class by itself" in str(shown.remarks[0])


def test_many_columns_and_names_are_told_in_brief(tmp_path: Path) -> None:
    names = ",".join("abcdefgh")
    shown = preview(
        tmp_path, "w,k\n" + "".join(f"{name},{'xy'[i % 2]}\n" for i, name in enumerate(names.split(",") * 3))
    )
    assert str(by_name(shown)["w"].words) == "a, b, c, d and 4 more"
    assert by_name(shown)["w"].counts == (3,) * 8


def test_a_table_on_board_is_shown_as_it_is(tmp_path: Path) -> None:
    source = catalog.find("dataset", "iris")
    shown = preview_of(source.load(source.Settings(), tmp_path, silent))
    assert [column.use for column in shown.columns] == ["numeric"] * 4 + ["class"]
    assert str(shown.columns[0].words) == "4.3 to 7.9"
    assert shown.columns[-1].counts == (50, 50, 50)
    assert shown.rows[0] == ("5.1", "3.5", "1.4", "0.2", "setosa")
    assert not shown.is_own


def test_one_of_a_thing_is_told_as_one(tmp_path: Path) -> None:
    shown = preview(tmp_path, "a,k\n1,x\n2,y\n1,x\n,\n3,y\n")
    assert str(shown.words[0]) == "4 rows, 1 column to learn from, 2 classes."
    assert str(shown.remarks[0]) == "Row 5 has no class in the column “k” and is left out."
    (tmp_path / "of one.csv").write_text("a,k\n1,x\n")
    source = catalog.find("dataset", "table")
    alone = source.preview(source.Settings(path=tmp_path / "of one.csv"), tmp_path / "cache")
    assert str(alone.words[0]) == "1 row, 1 column to learn from, 1 class."


def test_the_quotes_that_were_guessed_are_said(tmp_path: Path) -> None:
    shown = preview(tmp_path, "a,k\n'1, 2',x\n'3, 4',y\n'1, 2',x\n'3, 4',y\n")
    assert "single quotes around texts" in str(shown.words[1])
    assert shown.rows[0] == ("1, 2", "x")
