"""Learning without examples that stand in the test part too: the training part gives way, the test part stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from studio.core.errors import StudioError
from studio.data.base import Dataset
from studio.data.prepare import prepare
from tests.data.picture_folders import classes


def shelf(root: Path) -> Path:
    """Four pictures of a class to learn from and six to test with; the first four are the same."""
    classes(root / "train", "cup", "ring", count=4)
    classes(root / "test", "cup", count=2)
    classes(root / "test", "ring", count=1)
    return root


def of(root: Path, cache: Path, **choices: Any) -> Dataset:
    return prepare("images", {"path": root, "size": 16}, **{"seed": 0, "cache": cache, **choices})


def inputs(dataset: Dataset) -> list[bytes]:
    return [row.contiguous().numpy().tobytes() for row in dataset.train.inputs]


def test_what_is_tested_is_not_learnt_and_the_test_part_stays(tmp_path: Path) -> None:
    root = shelf(tmp_path / "shelf")
    whole, without = (of(root, tmp_path / "cache", copies=copies) for copies in (True, False))
    assert (len(whole.train), len(without.train)) == (8, 4)
    assert torch.equal(whole.test.inputs, without.test.inputs)
    tested = {row.contiguous().numpy().tobytes() for row in without.test.inputs}
    assert tested.isdisjoint(inputs(without))
    assert not tested.isdisjoint(inputs(whole))
    assert without.fingerprint != whole.fingerprint


def test_how_many_were_left_out_is_told_instead_of_the_warning(tmp_path: Path) -> None:
    root = shelf(tmp_path / "shelf")
    whole, without = (of(root, tmp_path / "cache", copies=copies) for copies in (True, False))
    assert "4 examples to learn from are left out" in " ".join(map(str, without.notes))
    assert whole.scan is not None
    assert without.scan is not None
    assert "parts" in {found.where for found in whole.scan.scan.duplicates}
    assert "parts" not in {found.where for found in without.scan.scan.duplicates}


def test_where_the_test_part_is_drawn_its_copies_go_too(tmp_path: Path) -> None:
    root = classes(tmp_path / "shelf", "cup", "ring", count=10)
    for label in ("cup", "ring"):
        for file in sorted((root / label).glob("*.png")):
            file.with_name(f"copy of {file.name}").write_bytes(file.read_bytes())
    whole, without = (of(root, tmp_path / "cache", copies=copies) for copies in (True, False))
    assert torch.equal(whole.test.inputs, without.test.inputs)
    tested = {row.contiguous().numpy().tobytes() for row in without.test.inputs}
    assert tested.isdisjoint(inputs(without))
    assert len(without.train) < len(whole.train)


def test_nor_is_chosen_by_what_is_tested(tmp_path: Path) -> None:
    root = shelf(tmp_path / "shelf")
    dataset = of(root, tmp_path / "cache", copies=False, validation=0.5)
    assert dataset.validation is not None
    tested = {row.contiguous().numpy().tobytes() for row in dataset.test.inputs}
    assert tested.isdisjoint(row.contiguous().numpy().tobytes() for row in dataset.validation.inputs)


def test_data_without_copies_are_as_they_were(tmp_path: Path) -> None:
    made = [prepare("rings", {}, seed=0, cache=tmp_path, copies=copies) for copies in (True, False)]
    assert made[0].fingerprint == made[1].fingerprint
    assert made[0].notes == made[1].notes


def test_rows_of_a_table_are_compared_value_by_value_missing_ones_too(tmp_path: Path) -> None:
    (tmp_path / "learn.csv").write_text("size,colour,kind\n1,red,a\n2,,b\n3,red,a\n4,blue,b\n,blue,a\n6,red,b\n")
    (tmp_path / "test.csv").write_text("size,colour,kind\n2,,a\n,blue,a\n9,red,b\n")
    settings = {"path": tmp_path / "learn.csv", "test_path": tmp_path / "test.csv", "class_column": "kind"}
    whole, without = (
        prepare("table", settings, seed=0, cache=tmp_path / "cache", copies=copies) for copies in (True, False)
    )
    assert (len(whole.train), len(without.train)) == (6, 4)
    assert "stand among the rows to learn from too" in " ".join(map(str, whole.notes))
    assert "stand among the rows to learn from too" not in " ".join(map(str, without.notes))


def test_nothing_left_to_learn_from_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "shelf"
    classes(root / "train", "cup", "ring", count=2)
    classes(root / "test", "cup", "ring", count=2)
    with pytest.raises(StudioError, match="nothing to learn from") as caught:
        of(root, tmp_path / "cache", copies=False)
    assert caught.value.place == "dataset.without_copies"
