"""Which folders are classes and which are parts, and which names are one class."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
import torch

from studio.core.errors import StudioError
from studio.core.picture_scan import NameRemark
from studio.data.class_names import printable, same_class
from tests.data.picture_folders import Load, brief, classes, found, loader, notes, save

COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


@pytest.fixture
def load(root: Path, tmp_path: Path) -> Load:
    return loader(root, tmp_path / "cache")


# a class that is called like a part


@pytest.mark.parametrize("name", ["train", "Training"])
def test_a_class_called_train_with_folders_in_it_hides_no_other(root: Path, load: Load, name: str) -> None:
    classes(root, "bus", "car")
    classes(root / name, "diesel", "steam")
    decoded = load()
    assert set(decoded.classes) == {"bus", "car", name}
    assert len(decoded.train) == 16
    assert f"There are classes called {name}" in notes(decoded)


def test_with_a_test_part_of_the_same_classes_other_folders_are_left_out_and_told(root: Path, load: Load) -> None:
    classes(root / "train", "a", "b")
    classes(root / "test", "a", "b")
    classes(root, "unlabelled", count=3)
    decoded = load()
    assert decoded.classes == ("a", "b")
    assert "3 of 19 pictures lie beside the parts of the data and are left out, for example unlabelled/0.png" in notes(
        decoded
    )


def test_folders_without_pictures_beside_the_parts_are_nobodys_business(root: Path, load: Load) -> None:
    classes(root / "train", "a", "b")
    (root / "labels").mkdir()
    (root / "labels" / "a.csv").write_text("1")
    decoded = load()
    assert decoded.classes == ("a", "b")
    assert brief(decoded).left_out == ()


def test_two_folders_called_train_are_both_used(root: Path, load: Load) -> None:
    classes(root / "train", "a", "b")
    classes(root / "training", "a", "c")
    assert load().classes == ("a", "b", "c")


def test_classes_called_like_parts_without_anything_else_are_doubted(root: Path, load: Load) -> None:
    classes(root, "train", "test")
    decoded = load()
    assert decoded.classes == ("test", "train")
    assert "There are classes called test, train." in notes(decoded)


# pictures that have no class


def test_a_test_folder_without_class_folders_is_told(root: Path, load: Load) -> None:
    classes(root / "train", "a", "b")
    for i in range(10):
        save(root / "test" / f"{i}.png")
    decoded = load()
    assert decoded.test is None
    assert "The folder test has no class folders: its 10 pictures have no class and are left out" in notes(decoded)
    assert brief(decoded).missed == 10


def test_pictures_beside_the_class_folders_are_told(root: Path, load: Load) -> None:
    classes(root / "train", "a", "b")
    save(root / "loose.png")
    save(root / "train" / "loose.png")
    assert "2 of 10 pictures lie in no class folder" in notes(load())


def test_test_pictures_of_unknown_classes_are_counted(root: Path, load: Load) -> None:
    classes(root / "train", "a", "b")
    classes(root / "test", "a", "y", "z", count=3)
    decoded = load()
    assert "6 test pictures are left out, because there is nothing to learn their classes from: y, z." in notes(decoded)


# accents


def test_two_spellings_of_an_accent_are_one_class_in_both_parts(root: Path, load: Load) -> None:
    classes(root / "train", COMPOSED, "eau")
    classes(root / "test", DECOMPOSED, "eau", count=5)
    decoded = load()
    assert decoded.classes == (COMPOSED, "eau")
    assert decoded.test is not None
    assert torch.bincount(decoded.test.labels).tolist() == [5, 5]
    assert brief(decoded).missed == 0


def test_two_spellings_in_one_part_become_one_class_and_it_is_told(root: Path, load: Load) -> None:
    classes(root, COMPOSED, DECOMPOSED, "eau")
    if len(list(root.iterdir())) < 3:
        pytest.skip("the file system takes both names for one")
    decoded = load()
    assert decoded.classes == (COMPOSED, "eau")
    assert decoded.train.labels.tolist().count(0) == 8
    assert brief(decoded).names == (NameRemark("accents", (COMPOSED,), 1),)


# names that are no text, or hardly seen


def test_names_that_are_no_text_are_kept_apart_and_told(root: Path, load: Load) -> None:
    names = [os.fsdecode(name) for name in (b"caf\xe9", b"caf\xe8", rb"caf\xe9")]
    try:
        classes(root, *names)
    except OSError:
        pytest.skip("the file system refuses such names")
    decoded = load()
    assert len(decoded.classes) == len(set(decoded.classes)) == 3
    assert len(decoded.train) == 12
    assert all(name.encode("utf-8") for name in decoded.classes)
    assert "are not UTF-8 text" in notes(decoded)


def test_names_that_look_alike_are_kept_apart_and_told(root: Path, load: Load) -> None:
    classes(root, "dog", "dog ", "ﬁsh", "fish")
    if len(list(root.iterdir())) < 4:
        pytest.skip("the file system takes names for one")
    decoded = load()
    assert len(decoded.classes) == 4
    assert {(remark.finding, remark.names) for remark in brief(decoded).names} == {
        ("look_alike", ("dog", "“dog ”")),
        ("look_alike", ("fish", "ﬁsh")),
    }


def test_plain_names_are_not_remarked_on(root: Path, load: Load) -> None:
    classes(root, "Größe", "猫", "a b")
    decoded = load()
    assert brief(decoded).names == ()
    assert found(decoded)["class_names"] == []


def test_a_name_that_would_steer_a_terminal_is_shown_harmless() -> None:
    assert printable("a\x1b[31m\nb") == "a\\x1b[31m\\nb"
    assert printable("می‌خواهم") == "می‌خواهم"
    assert same_class(DECOMPOSED) == COMPOSED


def test_a_folder_of_pictures_of_a_kind_that_is_not_read_is_refused_with_the_kind(root: Path, load: Load) -> None:
    for name in ("a", "b"):
        (root / name).mkdir(parents=True)
        (root / name / "1.heic").write_bytes(b"\0\0\0\x18ftypheic")
    with pytest.raises(StudioError, match=r"of a kind that cannot be read here.*HEIC"):
        load()
