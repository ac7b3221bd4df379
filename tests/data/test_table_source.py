"""Tables of one's own: how a file is written is guessed and can be corrected; what cannot be used is refused in words."""

from __future__ import annotations

import builtins
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio import catalog
from studio.core.errors import StudioError
from studio.data import storage
from studio.data.base import Decoded, silent
from studio.data.prepare import prepare
from studio.data.table_columns import TableColumn
from studio.data.table_examples import columns_of
from studio.data.table_file import TableFile, TableSettings

FLOWERS = "size,colour,kind\n1.5,red,rose\n2.5,blue,iris\n,red,rose\n4,?,iris\n3,blue,iris\n"


def written(tmp_path: Path, text: str | bytes, name: str = "rows.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def loaded(tmp_path: Path, text: str | bytes, name: str = "rows.csv", **settings: Any) -> Decoded:
    source = catalog.find("dataset", "table")
    path = written(tmp_path, text, name)
    decoded: Decoded = source.load(source.Settings(path=path, **settings), tmp_path / "cache", silent)
    return decoded


def refused(tmp_path: Path, text: str | bytes, **settings: Any) -> StudioError:
    with pytest.raises(StudioError) as caught:
        loaded(tmp_path, text, **settings)
    return caught.value


def test_numbers_names_and_missing_values_are_told_apart(tmp_path: Path) -> None:
    decoded = loaded(tmp_path, FLOWERS)
    assert columns_of(decoded) == (
        TableColumn("size", "numeric", (), has_missing=True),
        TableColumn("colour", "nominal", ("blue", "red"), has_missing=True),
    )
    assert decoded.classes == ("iris", "rose")
    assert decoded.train.labels.tolist() == [1, 0, 1, 0, 0]
    np.testing.assert_array_equal(decoded.train.inputs[:, 0].numpy(), [1.5, 2.5, np.nan, 4, 3])
    np.testing.assert_array_equal(decoded.train.inputs[:, 1].numpy(), [1, 0, 1, np.nan, 0])


def test_the_class_may_stand_in_another_column(tmp_path: Path) -> None:
    decoded = loaded(tmp_path, FLOWERS, class_column="colour")
    assert decoded.classes == ("blue", "red")
    assert [column.name for column in columns_of(decoded)] == ["size", "kind"]
    assert "Row 5 has no class" in str(decoded.notes[0])


def test_columns_can_be_taken_otherwise_and_left_out(tmp_path: Path) -> None:
    text = "a,b,c,kind\n1,2,x,p\n2,2,y,q\n1,3,x,p\n2,3,z,q\n"
    columns = columns_of(loaded(tmp_path, text, nominal=("a",), leave_out=("c",)))
    assert columns == (TableColumn("a", "nominal", ("1", "2")), TableColumn("b", "numeric"))


@pytest.mark.parametrize(
    ("text", "delimiter", "decimal", "has_header"),
    [
        ("a;b;k\n1,5;2;x\n2,5;3;y\n1,0;2;x\n2;4;y\n", ";", ",", True),
        ("a\tb\tk\n1.5\t2\tx\n2.5\t3\ty\n1\t2\tx\n2\t4\ty\n", "\t", ".", True),
        ("1.5|2|x\n2.5|3|y\n1|2|x\n2|4|y\n", "|", ".", False),
        ("1.5 2 x\n2.5 3 y\n1 2 x\n2 4 y\n", " ", ".", False),
        ('"a","b, c","k"\r\n"1.5","2","x"\r\n"2.5","3","y"\r\n"1","2","x"\r\n"2","4","y"\r\n', ",", ".", True),
        ("'a';'b';'k'\n1,5;2;'x'\n2,5;3;'y'\n1;2;'x'\n2;4;'y'\n", ";", ",", True),
    ],
)
def test_how_a_file_is_written_is_guessed(
    tmp_path: Path, text: str, delimiter: str, decimal: str, has_header: bool
) -> None:
    dialect = TableFile(TableSettings(path=written(tmp_path, text))).beginning().dialect
    assert (dialect.delimiter, dialect.decimal, dialect.has_header) == (delimiter, decimal, has_header)
    decoded = loaded(tmp_path, text)
    assert [column.kind for column in columns_of(decoded)] == ["numeric", "numeric"]
    assert decoded.train.inputs[:, 0].tolist() == [1.5, 2.5, 1.0, 2.0]
    assert decoded.classes == ("x", "y")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_come_out_whatever_the_encoding(tmp_path: Path, encoding: str) -> None:
    text = "Größe,Art\n1,süß\n2,bitter\n1.5,süß\n3,bitter\n".encode(encoding)
    decoded = loaded(tmp_path, text)
    assert decoded.classes == ("bitter", "süß")
    assert columns_of(decoded)[0].name == "Größe"


def test_a_wrong_guess_is_corrected(tmp_path: Path) -> None:
    text = "no,yes\nno,no\nyes,yes\nyes,no\nno,yes\n"
    assert len(loaded(tmp_path, text).train) == 5  # its first row is taken for a row, since its words come again
    named = loaded(tmp_path, text, header="yes")
    assert len(named.train) == 4
    assert [column.name for column in columns_of(named)] == ["no"]


def test_accents_written_in_two_ways_are_one_class(tmp_path: Path) -> None:
    decoded = loaded(tmp_path, "a,k\n1,caf\u00e9\n2,cafe\u0301\n3,tea\n4,tea\n")
    assert decoded.classes == ("caf\u00e9", "tea")
    assert decoded.train.labels.tolist() == [0, 0, 1, 1]


def test_classes_that_are_numbers_stand_in_their_order(tmp_path: Path) -> None:
    assert loaded(tmp_path, "a,k\n1,10\n2,9\n3,10\n4,9\n").classes == ("9", "10")


def test_columns_without_a_name_or_of_one_name_get_one_of_their_own(tmp_path: Path) -> None:
    decoded = loaded(tmp_path, "a,,a,k\n1,2,3,x\n2,1,4,y\n3,2,4,x\n4,1,3,y\n")
    assert [column.name for column in columns_of(decoded)] == ["a", "column 2", "a (2)"]


def test_names_of_columns_can_be_written_anywhere(tmp_path: Path) -> None:
    text = f'"a\u202eb","{"long" * 100}",k\n1,2,x\n2,1,y\n3,2,x\n4,1,y\n'
    names = [column.name for column in columns_of(loaded(tmp_path, text))]
    assert names == ["a\\u202eb", ("long" * 100)[:100]]


def test_a_packed_file_is_unpacked(tmp_path: Path) -> None:
    packed = loaded(tmp_path, gzip.compress(FLOWERS.encode()), name="rows.csv.gz")
    assert len(packed.train) == 5


def test_rows_to_test_on_may_come_in_a_file_of_their_own(tmp_path: Path) -> None:
    test = written(tmp_path, "size,colour,kind\n7,green,rose\n8,red,iris\n", "test.csv")
    data = prepare("table", {"path": written(tmp_path, FLOWERS), "test_path": test}, seed=0, cache=tmp_path / "cache")
    assert data.table is not None
    assert data.table.train.columns[1].categories == ("blue", "green", "red")
    assert data.table.test.cells(1).tolist() == [1, 2]
    strange = written(tmp_path, "size,colour,kind\n7,green,tulip\n", "strange.csv")
    assert "“tulip” is only among the rows to test on" in str(refused(tmp_path, FLOWERS, test_path=strange))
    other = written(tmp_path, "size,kind\n7,rose\n", "other.csv")
    assert "“colour” is not in" in str(refused(tmp_path, FLOWERS, test_path=other))


def test_content_counts_not_names_and_times(tmp_path: Path) -> None:
    source = catalog.find("dataset", "table")
    first = written(tmp_path, FLOWERS)
    moved = written(tmp_path, FLOWERS, "elsewhere.csv")
    changed = written(tmp_path, FLOWERS.replace("2.5", "2.6"), "changed.csv")
    words = [source.content(TableSettings(path=path), tmp_path / "cache") for path in (first, moved, changed)]
    assert words[0] == words[1] != words[2]
    assert source.content(TableSettings(path=first, header="no"), tmp_path / "cache") != words[0]


def test_equal_files_make_equal_data(tmp_path: Path) -> None:
    paths = [written(tmp_path, FLOWERS, name) for name in ("a.csv", "b.csv")]
    prints = {prepare("table", {"path": path}, seed=0, cache=tmp_path / "cache").fingerprint for path in paths}
    assert len(prints) == 1


def test_nothing_chosen_and_a_file_that_is_gone_are_said(tmp_path: Path) -> None:
    source = catalog.find("dataset", "table")
    assert "Choose a file" in str(source.missing(TableSettings(), tmp_path))
    assert "is not there" in str(source.missing(TableSettings(path=tmp_path / "no.csv"), tmp_path))
    with pytest.raises(StudioError, match="not there"):
        source.load(TableSettings(path=tmp_path / "no.csv"), tmp_path, silent)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("\n\n  \n", "is empty"),
        ("a,b,k\n", "no rows"),
        ("a,k\n1,x\n", "One row is too few"),
        ("a,k\n1,x\n2,x\n3,x\n", "All 3 rows have the class “x” in the column “k”"),
        ("a,k\n1,x\n2,x\n3,y\n", "The class “y” is seen in one row only, row 4"),
        ("a,b,k\n1,,x\n2,,x\n3,?,y\n4,NA,y\n", "The column “b” has no value in any row"),
        ("a,b,k\n1,2,x\n2,3\n3,4,y\n", "Row 3 of {path} has 2 values, the first row has 3"),
        ("a,b,k\n1,2,x\n2,3,y\n3,4,5,y\n", "Row 4 of {path} has 4 values, the first row has 3"),
        ("k\nx\ny\nx\ny\n", "no column beside its class"),
        (b"PK\x03\x04rest of a workbook", "a workbook of a spreadsheet"),
        (b"1,2\x00\x01\x02,3\n", "bytes that no text has"),
        ("a,k\n1,x\n2,\n3,\n4,x\n", "All 2 rows have the class “x”"),
    ],
)
def test_what_nothing_can_be_learnt_from_is_refused_with_the_row_or_column(
    tmp_path: Path, text: str | bytes, words: str
) -> None:
    error = refused(tmp_path, text)
    assert words.format(path=tmp_path / "rows.csv") in str(error)
    assert error.remedy
    assert error.place.startswith("dataset.")


def test_a_hundred_thousand_columns_are_refused_at_once(tmp_path: Path) -> None:
    names = ",".join(f"c{i}" for i in range(100_000))
    row = ",".join("1" for _ in range(100_000))
    error = refused(tmp_path, f"{names}\n{row}\n{row}\n")
    assert "has 100,000 columns; at most 10,000" in str(error).replace("\u202f", ",").replace("\u2009", ",")


def test_rows_beyond_memory_are_refused_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "available_memory", lambda: 40_000)
    text = "a,b,k\n" + "\n".join(f"{i},{i % 7},{'xy'[i % 2]}" for i in range(2000))
    error = refused(tmp_path, text)
    assert "does not fit in memory" in str(error)
    assert "rows need about" in str(error)


def test_a_word_among_numbers_is_told_with_its_row(tmp_path: Path) -> None:
    rows = "".join(f"{i * 7 % 13},{'xy'[i % 2]}\n" for i in range(30))
    text = f"a,k\n{rows}oops,x\n"
    decoded = loaded(tmp_path, text)
    assert "taken for names, because row 32 says “oops”" in str(decoded.notes[0])
    assert "row 32 says “oops”" in str(refused(tmp_path, text, numeric=("a",)))
    assert columns_of(loaded(tmp_path, text, missing="? oops"))[0].kind == "numeric"


def test_a_column_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    assert "no column “size”. Its columns are a, k" in str(refused(tmp_path, "a,k\n1,x\n", class_column="size"))


def test_a_file_in_another_encoding_than_said_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, "a,k\n1,süß\n2,y\n".encode("cp1252"), encoding="utf-8")
    assert error.place == "dataset.encoding"


def test_a_packed_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(FLOWERS.encode() * 50)
    assert "cannot be read" in str(refused(tmp_path, packed[:60]))


@pytest.mark.parametrize("damage", ["cut off", "changed in the middle", "changed at its end"])
def test_a_long_packed_file_that_is_damaged_is_to_be_fetched_again(tmp_path: Path, damage: str) -> None:
    numbers = np.random.default_rng(0).integers(0, 10**9, 40_000)
    text = "a,k\n" + "".join(f"{number},{'xy'[place % 2]}\n" for place, number in enumerate(numbers))
    packed = bytearray(gzip.compress(text.encode()))
    if damage == "cut off":
        del packed[-1000:]
    else:
        place = len(packed) - 6 if damage == "changed at its end" else len(packed) // 2
        packed[place] ^= 255
    error = refused(tmp_path, bytes(packed), name="rows.csv.gz")
    assert "Fetch or unpack the file again" in str(error)
    assert error.place == "dataset.path"


def test_without_the_reader_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    error = refused(tmp_path, FLOWERS)
    assert "distillation-studio[tables]" in str(error)


def test_progress_is_told_and_may_cancel(tmp_path: Path) -> None:
    source = catalog.find("dataset", "table")

    def cancel(words: object, _fraction: float | None) -> None:
        if "Reading" in str(words):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        source.load(TableSettings(path=written(tmp_path, FLOWERS)), tmp_path / "cache", cancel)
    assert not list((tmp_path / "cache").rglob("*.npy"))
