"""What is told of a folder of pictures before it is used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio import catalog
from studio.core.picture_preview import PicturePreview
from studio.data import tree_preview
from studio.data.base import DataSource, SourceSettings
from tests.data.picture_folders import classes, save


def images() -> DataSource:
    source: DataSource = catalog.find("dataset", "images")
    return source


def typed(**settings: Any) -> SourceSettings:
    """Settings of own pictures."""
    made: SourceSettings = images().Settings(**settings)
    return made


def preview(root: Path | None, cache: Path, **settings: Any) -> PicturePreview:
    shown = images().preview(typed(path=root, **settings), cache)
    assert isinstance(shown, PicturePreview)
    return shown


def test_classes_are_counted_by_part_with_their_first_pictures(tmp_path: Path) -> None:
    root = tmp_path / "Kitchen shelf"
    classes(root / "train", "cup", "ring", count=10)
    classes(root / "test", "cup", "ring", count=3)
    shown = preview(root, tmp_path / "cache", size=16)
    assert [(one.name, one.train, one.test) for one in shown.classes] == [("cup", 10, 3), ("ring", 10, 3)]
    assert shown.pictures == 26
    assert [one.samples.shape for one in shown.classes] == [(8, 32, 32, 3)] * 2
    assert shown.classes[0].samples[3][0, 0].tolist() == [30, 0, 0]
    assert [str(words) for words in shown.words] == [
        "Folder “Kitchen shelf”: 20 pictures to learn from and 6 to test with, in 2 classes.",
        "The middle square of each picture is cut out and made 16 × 16 pixels.",
    ]
    assert not shown.problem
    assert not shown.left_out


def test_values_are_told_from_black_to_white(tmp_path: Path) -> None:
    for i in range(10):
        save(tmp_path / "shelf" / "cup" / f"{i}.png", colour=(0, 0, 0))
        save(tmp_path / "shelf" / "ring" / f"{i}.png", colour=(255, 255, 255 if i else 51))
    values = preview(tmp_path / "shelf", tmp_path / "cache").values
    assert values is not None
    assert values.counts.sum() == values.counts[[0, 12, -1]].sum()
    assert values.black == pytest.approx(0.5, abs=0.07)  # a fifth of the pictures is kept for testing
    assert values.white + values.black == pytest.approx(1, abs=0.03)
    assert 100 < values.mean < 155


def test_what_is_left_out_and_what_is_odd_is_told_with_its_number(tmp_path: Path) -> None:
    root = classes(tmp_path / "shelf", "cup", count=25)
    for i in range(4):
        save(root / "ring" / f"{i}.png", colour=(1, 40 * i, 0))
    (root / "cup" / "torn.png").write_bytes(b"")
    (root / "ring" / "IMG_1.HEIC").write_bytes(b"\0\0\0\x18ftypheic")
    save(root / "ring" / "again.png", colour=(1, 40, 0))
    shown = preview(root, tmp_path / "cache")
    assert shown.pictures == 30
    left_out = " ".join(map(str, shown.left_out))
    assert "1 of 32 pictures could not be read" in left_out
    assert "(HEIC), for example ring/IMG_1.HEIC" in left_out
    remarks = " ".join(map(str, shown.remarks))
    assert "2 pictures are there more than once" in " ".join(map(str, shown.copies))
    assert "“cup” has 5 times the pictures of “ring” (5)" in remarks


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ((), "There are no class folders in"),
        (("cup",), "Only 1 of the class folders in"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why(tmp_path: Path, made: tuple[str, ...], said: str) -> None:
    root = tmp_path / "shelf"
    root.mkdir()
    classes(root, *made)
    shown = preview(root, tmp_path / "cache")
    assert str(shown.problem).startswith(said)
    assert shown.is_picked
    assert not shown.classes


def test_without_a_folder_one_is_asked_for(tmp_path: Path) -> None:
    shown = preview(None, tmp_path)
    assert not shown.is_picked
    assert str(shown.problem).startswith("Choose a folder")


def test_of_many_pictures_some_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_preview, "MOST_OPENED", 20)
    root = classes(tmp_path / "shelf", "cup", "ring", count=15)
    (root / "cup" / "torn.png").write_bytes(b"")
    shown = preview(root, tmp_path / "cache")
    assert [one.train for one in shown.classes] == [16, 15]
    assert [len(one.samples) for one in shown.classes] == [8, 8]
    assert any("too many to be opened now" in str(words) for words in shown.words)


def test_a_file_written_anew_is_seen(tmp_path: Path) -> None:
    root = classes(tmp_path / "shelf", "cup", "ring")
    torn = root / "cup" / "torn.png"
    torn.write_bytes(b"")
    assert preview(root, tmp_path / "cache").classes[0].train == 4
    save(torn)
    assert preview(root, tmp_path / "cache").classes[0].train == 5


def test_the_stamp_of_a_folder_changes_with_what_is_in_it(tmp_path: Path) -> None:
    root = classes(tmp_path / "shelf", "cup", "ring")
    (root / "again").symlink_to(root)  # a way back to the start
    settings = typed(path=root)
    before = images().stamp(settings)
    assert images().stamp(settings) == before
    save(root / "cup" / "more" / "one.png")
    after = images().stamp(settings)
    assert after != before
    os.rename(root / "ring" / "0.png", root / "cup" / "more" / "two.png")  # noqa: PTH104 - as a file manager does
    assert images().stamp(settings) != after


def test_a_glance_counts_as_the_preview_does(tmp_path: Path) -> None:
    root = classes(tmp_path / "shelf", "cup", "ring", count=7)
    (root / "cup" / "torn.png").write_bytes(b"")
    seen = images().glance(typed(path=root, size=24, grey=True), tmp_path / "cache")
    assert seen is not None
    assert (seen.shape, seen.classes, seen.train, seen.test) == ((1, 24, 24), ("cup", "ring"), 14, None)
    assert seen.samples is not None
    assert seen.samples.shape == (9, 32, 32, 1)
    assert np.array_equal(seen.labels, [0, 1, 0, 1, 0, 1, 0, 1, 0])
