"""Published tables: read as they are published and as people keep them, checked, and never fetched unasked."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio import catalog
from studio.core.errors import StudioError
from studio.data import download
from studio.data.base import Decoded, silent
from studio.data.published_table import PublishedTable
from studio.data.table_columns import TableColumn
from studio.data.table_encoding import encoded_width
from studio.data.table_examples import columns_of

KEYS = ["breast_cancer_wisconsin", "ionosphere", "glass", "soybean", "sonar", "letter", "adult", "covtype"]


def source_of(key: str) -> PublishedTable:
    source = catalog.find("dataset", key)
    assert isinstance(source, PublishedTable)
    return source


def loaded(key: str, folder: Path, **settings: Any) -> Decoded:
    source = source_of(key)
    return source.load(source.Settings(path=folder, **settings), folder / "cache", silent)


def numbers(rows: int, columns: int) -> list[list[str]]:
    return [[str(value) for value in row] for row in np.random.default_rng(0).integers(0, 9, (rows, columns))]


def write_rows(file: Path, rows: list[list[str]]) -> None:
    file.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")


@pytest.mark.parametrize("key", KEYS)
def test_every_published_table_says_what_it_has(key: str) -> None:
    source = source_of(key)
    assert source.offers.has_columns
    assert len(source.names) == len(set(source.names))
    assert all(address.startswith("https://") for file in source.files for address in file.addresses)
    assert source.checksum or all(file.digest for file in source.files)
    assert "CC BY 4.0" in source.origin


def test_a_file_as_published_has_a_number_before_and_codes_for_classes(tmp_path: Path) -> None:
    rows = [["1000", *row, "24"[i % 2]] for i, row in enumerate(numbers(20, 9))]
    rows[3][6] = "?"
    write_rows(tmp_path / "breast_cancer_wisconsin.csv", rows)
    decoded = loaded("breast_cancer_wisconsin", tmp_path)
    assert decoded.classes == ("benign", "malignant")
    assert [column.name for column in columns_of(decoded)] == list(source_of("breast_cancer_wisconsin").names)
    assert columns_of(decoded)[5].has_missing
    assert decoded.train.labels.tolist() == [0, 1] * 10


def test_a_file_with_a_heading_has_the_class_last(tmp_path: Path) -> None:
    names = source_of("glass").names
    write_rows(
        tmp_path / "glass.csv", [[*names, "class"], *([*row, "ab"[i % 2]] for i, row in enumerate(numbers(8, 9)))]
    )
    decoded = loaded("glass", tmp_path)
    assert decoded.classes == ("a", "b")
    assert len(decoded.train) == 8


@pytest.mark.parametrize(
    ("question", "classes", "labels"),
    [
        ("letters", ("A", "O", "Z"), [1, 0, 2, 1, 0, 2]),
        ("p1", ("another letter", "O"), [1, 0, 0, 1, 0, 0]),
        ("p2", ("A to M", "N to Z"), [1, 0, 1, 1, 0, 1]),
    ],
)
def test_letters_stand_first_and_can_be_asked_in_two(
    tmp_path: Path, question: str, classes: tuple[str, ...], labels: list[int]
) -> None:
    letters = "OAZOAZ"
    write_rows(tmp_path / "letter-recognition.data", [[letters[i], *row] for i, row in enumerate(numbers(6, 16))])
    decoded = loaded("letter", tmp_path, question=question)
    assert decoded.classes == classes
    assert decoded.train.labels.tolist() == labels


def test_adult_has_a_test_part_with_a_line_of_words_and_dots(tmp_path: Path) -> None:
    row = "39, State-gov, 77516, Bachelors, 13, Never-married, ?, Not-in-family, White, Male, 2174, 0, 40, Cuba, {}"
    (tmp_path / "adult.data").write_text("\n".join(row.format(c) for c in ("<=50K", ">50K", "<=50K", ">50K")) + "\n\n")
    (tmp_path / "adult.test").write_text("|1x3 Cross validator\n" + row.format("<=50K.") + "\n" + row.format(">50K."))
    decoded = loaded("adult", tmp_path)
    assert decoded.classes == ("<=50K", ">50K")
    assert decoded.test is not None
    assert (len(decoded.train), len(decoded.test)) == (4, 2)
    assert columns_of(decoded)[1] == TableColumn("workclass", "nominal", ("State-gov",))
    assert decoded.test.labels.tolist() == [0, 1]


def test_soybean_is_read_from_arff(tmp_path: Path) -> None:
    names = source_of("soybean").names
    head = "% words\n@RELATION soybean\n" + "".join(f"@ATTRIBUTE {name} {{a,b}}\n" for name in names) + "@DATA\n\n"
    body = "\n".join(
        ", ".join(["a b"[:: 2 * (i % 2) - 1][0]] * 34 + ["?" if i else "a", f"rot-{i % 2}"]) for i in range(4)
    )
    (tmp_path / "soybean.arff").write_text(f"{head}{body}\n%\n%\n")
    decoded = loaded("soybean", tmp_path)
    assert len(decoded.train) == 4
    assert decoded.classes == ("rot-0", "rot-1")
    assert encoded_width(columns_of(decoded)) == 34 * 2 + 2


def test_covtype_can_be_asked_in_two(tmp_path: Path) -> None:
    rows = [[*row, "1223"[i % 4]] for i, row in enumerate(numbers(16, 54))]
    (tmp_path / "covtype.data.gz").write_bytes(gzip.compress("\n".join(map(",".join, rows)).encode()))
    assert loaded("covtype", tmp_path).classes == ("lodgepole pine", "ponderosa pine", "spruce or fir")
    two = loaded("covtype", tmp_path, binary=True)
    assert two.classes == ("lodgepole pine", "another type")
    assert two.train.labels.bincount().tolist() == [8, 8]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    write_rows(tmp_path / "sonar.csv", numbers(5, 7))
    with pytest.raises(StudioError, match="7 columns where 60 and the class are expected"):
        loaded("sonar", tmp_path)


def test_a_folder_without_it_says_what_is_looked_for(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"adult_train\.csv and adult_test\.csv"):
        loaded("adult", tmp_path)
    source = source_of("adult")
    assert "There is no Adult in" in str(source.missing(source.Settings(path=tmp_path), tmp_path / "cache"))


def test_what_is_downloaded_is_checked_and_thrown_away_where_it_is_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stream(address: str, file: Any, *_: Any) -> None:
        file.begin(address, {}, anew=True)
        file.write("\n".join(",".join([*row, "M"]) for row in numbers(4, 60)).encode())

    monkeypatch.setattr(download, "_stream", stream)
    source = source_of("sonar")
    with pytest.raises(StudioError, match="is not what was published"):
        source.load(source.Settings(), tmp_path, silent)
    assert not list(tmp_path.rglob("sonar.csv"))


def test_nothing_is_fetched_where_that_is_not_allowed(tmp_path: Path) -> None:
    source = source_of("glass")
    assert "downloaded once" in str(source.missing(source.Settings(), tmp_path))
    with pytest.raises(StudioError, match="not on this machine"):
        source.load(source.Settings(download=False), tmp_path, silent)
