"""Files are read for what they are, not for what they are called; what cannot be read is told with its number."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.core.picture_scan import LeftOut
from tests.data.picture_folders import Load, brief, classes, found, link, loader, notes, save

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return classes(tmp_path / "pictures", "a", "b")


@pytest.fixture
def load(root: Path, tmp_path: Path) -> Load:
    return loader(root, tmp_path / "cache")


def left_out(load: Load) -> dict[str, LeftOut]:
    return {line.reason: line for line in brief(load()).left_out}


@pytest.mark.parametrize("ending", ["", ".jpg_large", ".jpeg~", ".heic", ".txt", ".img"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_picture_is_read_whatever_it_is_called(root: Path, load: Load, kind: str, ending: str) -> None:
    save(root / "a" / "x.png").unlink()
    save(root / "a" / f"picture{ending}", format=kind)
    decoded = load()
    assert len(decoded.train) == 9
    assert brief(decoded).left_out == ()


def test_pictures_of_a_phone_are_counted_and_named(root: Path, load: Load) -> None:
    for i in range(12):
        (root / "a" / f"IMG_{i:02}.HEIC").write_bytes(HEIC)
    decoded = load()
    assert "12 of 20 pictures are of a kind that cannot be read here and are left out (HEIC)" in notes(decoded)
    assert found(decoded)["unreadable_files"][0]["file"] == "a/IMG_00.HEIC"


def test_a_class_that_holds_nothing_else_is_told_with_the_reason(root: Path, load: Load) -> None:
    (root / "plate").mkdir()
    for i in range(12):
        (root / "plate" / f"{i}.heic").write_bytes(HEIC)
    told = left_out(load)
    assert (told["kind"].count, told["kind"].why) == (12, "HEIC")
    assert told["empty_class"].example == "plate"


def test_a_picture_of_such_a_kind_under_a_common_name_is_told_as_what_it_is(root: Path, load: Load) -> None:
    (root / "a" / "shot.jpg").write_bytes(HEIC)
    told = left_out(load)
    assert told["kind"] == LeftOut("kind", 1, "a/shot.jpg", "HEIC")
    assert "unreadable" not in told


@pytest.mark.parametrize("ending", ["nef", "CR2", "dng"])
def test_raw_files_of_cameras_are_not_taken_for_what_they_begin_like(root: Path, load: Load, ending: str) -> None:
    save(root / "a" / f"raw.{ending}", format="TIFF")
    assert left_out(load)["kind"] == LeftOut("kind", 1, f"a/raw.{ending}", "camera raw")


def test_what_is_no_picture_and_claims_nothing_is_counted_and_worries_nobody(root: Path, load: Load) -> None:
    for name in ("notes.txt", "labels.csv", "noending"):
        (root / "a" / name).write_text("hello")
    (root / "a" / ".DS_Store").write_bytes(b"x")
    assert left_out(load) == {"other": LeftOut("other", 3, "a/labels.csv")}


def test_a_pipe_is_not_waited_for(root: Path, load: Load) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes with names here")
    os.mkfifo(root / "a" / "pipe.jpg")
    link(root / "b" / "gone.jpg", root / "nowhere.jpg")
    assert left_out(load) == {"link": LeftOut("link", 2, "a/pipe.jpg")}
