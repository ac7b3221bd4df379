"""The outcome of a scan: copies that are on both sides, and what the sentences say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studio.core.picture_scan import Duplicates, LeftOut, PictureScan
from studio.core.scan_text import scan_lines, scan_warning
from tests.data.picture_folders import Load, brief, found, loader, save


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


@pytest.fixture
def load(root: Path, tmp_path: Path) -> Load:
    return loader(root, tmp_path / "cache")


def different(root: Path, *names: str, count: int = 4) -> None:
    """Class folders in which no two pictures are equal, in no class."""
    for label, name in enumerate(names):
        for i in range(count):
            save(root / name / f"{i}.png", colour=(10 * i, 40 * label, 5))


def test_pictures_in_both_parts_are_counted(root: Path, load: Load) -> None:
    different(root / "train", "a", "b")
    different(root / "test", "x", "y", "a", "b")  # a and b have other colours here
    for name in ("x", "y"):
        shutil.rmtree(root / "test" / name)
    for i in range(3):
        shutil.copy(root / "train" / "a" / f"{i}.png", root / "test" / "a" / f"copy {i}.png")
    assert brief(load()).duplicates == (Duplicates("parts", 3, "test/a/copy 0.png", "train/a/0.png"),)


def test_copies_are_told_where_the_test_part_is_drawn_from_them(root: Path, load: Load) -> None:
    different(root, "a", "b")
    shutil.copy(root / "a" / "1.png", root / "a" / "z.png")
    assert brief(load()).duplicates == (Duplicates("files", 2, "a/1.png", "a/z.png"),)


def test_a_picture_in_two_classes_is_told(root: Path, load: Load) -> None:
    different(root, "a", "b")
    shutil.copy(root / "a" / "1.png", root / "b" / "z.png")
    assert brief(load()).duplicates == (Duplicates("classes", 2, "a/1.png", "b/z.png"),)


def test_broken_files_are_nobodys_copies(root: Path, load: Load) -> None:
    different(root, "a", "b")
    for i in range(3):
        (root / "a" / f"empty {i}.png").write_bytes(b"")
    assert brief(load()).duplicates == ()


def test_files_that_are_no_pictures_come_and_go_without_reading_anew(
    root: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    different(root, "a", "b")
    first = load()
    (root / "a" / "notes.txt").write_text("hello")
    monkeypatch.setattr("studio.data.decoding.read_picture", None)
    second = load()
    assert second.content == first.content
    assert (found(first)["other_files"], found(second)["other_files"]) == (0, 1)


def test_nothing_to_warn_of_is_no_warning(root: Path, load: Load) -> None:
    different(root, "a", "b")
    (root / "a" / "notes.txt").write_text("hello")
    scan = brief(load())
    assert not scan_warning(scan)[0]
    assert [str(line.words) for line in scan_lines(scan)] == [
        "8 pictures in 2 classes, some of them set aside for testing.",
        "1 other files are no pictures, for example a/notes.txt.",
    ]


def test_several_reasons_become_one_warning_with_a_sentence_each() -> None:
    left_out = (LeftOut("kind", 30, "a/1.heic", "HEIC"), LeftOut("unreadable", 2, "a/2.jpg", "it is empty"))
    what, why = scan_warning(PictureScan("/pictures", {"train": 12}, 2, left_out))
    assert str(what) == "32 of 44 pictures are left out."
    assert str(why).count("for example") == 2
    assert "30 of 44" in str(why)


def test_one_reason_is_said_at_once() -> None:
    what, why = scan_warning(
        PictureScan("/pictures", {"train": 16}, 2, (LeftOut("unreadable", 8, "a", "it is cut off"),))
    )
    assert str(what).startswith("8 of 24 pictures could not be read and are left out")
    assert not why
