"""Folders of own pictures, as people have them: any size, any mode, and some of them broken."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from studio import catalog
from studio.core.errors import DiskFull, StudioError
from studio.core.message import Text
from studio.data import decoding, storage
from studio.data.base import Decoded, Examples
from studio.data.loader import Loader
from studio.data.prepare import prepare
from tests.data.picture_folders import Colour, Load, case_matters, classes, found, link, loader, notes, save, unreadable


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


@pytest.fixture
def load(root: Path, tmp_path: Path) -> Load:
    """Loads the folder as it is now."""
    return loader(root, tmp_path / "cache")


def held_out(decoded: Decoded) -> Examples:
    """The test part, and that there is one."""
    assert decoded.test is not None
    return decoded.test


def colours(decoded: Decoded, name: str) -> list[tuple[int, ...]]:
    """The colour in the middle of each training picture of a class."""
    of_class = decoded.train.inputs[decoded.train.labels == decoded.classes.index(name)]
    return [tuple(picture[:, 8, 8].tolist()) for picture in of_class]


# layouts


def test_class_folders_become_classes_in_order_of_their_names(root: Path, load: Load) -> None:
    classes(root, "dog", "ant", "cat")
    decoded = load()
    assert decoded.classes == ("ant", "cat", "dog")
    assert decoded.train.inputs.shape == (12, 3, 16, 16)
    assert decoded.test is None
    assert decoded.notes == ()


@pytest.mark.parametrize(
    ("train", "test"),
    [("train", "test"), ("train", "val"), ("Training", "Validation"), ("training", "testing"), ("train", "valid")],
)
def test_parts_in_folders_of_their_own_are_recognised(root: Path, load: Load, train: str, test: str) -> None:
    classes(root / train, "a", "b", count=5)
    classes(root / test, "a", "b", count=2)
    decoded = load()
    assert (len(decoded.train), len(held_out(decoded))) == (10, 4)
    assert decoded.classes == ("a", "b")


def test_with_test_and_val_folders_val_is_trained_on(root: Path, load: Load) -> None:
    for part, count in (("train", 5), ("val", 3), ("test", 2)):
        classes(root / part, "a", "b", count=count)
    decoded = load()
    assert (len(decoded.train), len(held_out(decoded))) == (16, 4)


def test_a_train_folder_alone_leaves_the_test_part_to_the_seed(root: Path, load: Load) -> None:
    classes(root / "train", "a", "b")
    assert load().test is None


def test_a_class_may_be_called_train(root: Path, load: Load) -> None:
    classes(root, "train", "car", "test")
    assert load().classes == ("car", "test", "train")


def test_pictures_in_folders_below_a_class_belong_to_it(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    save(root / "a" / "2024" / "may" / "x.png")
    assert len(load().train) == 9


def test_classes_only_in_the_test_part_are_left_out_and_named(root: Path, load: Load) -> None:
    classes(root / "train", "a", "b")
    classes(root / "test", "a", "zebra")
    decoded = load()
    assert len(held_out(decoded)) == 4
    assert "zebra" in notes(decoded)


def test_capital_letters_that_differ_between_parts_are_matched(root: Path, load: Load) -> None:
    classes(root / "train", "Cat", "Dog")
    classes(root / "test", "cat", "Dog")
    assert torch.bincount(held_out(load()).labels).tolist() == [4, 4]


def test_classes_that_differ_only_in_capital_letters_are_kept_apart_and_named(root: Path, load: Load) -> None:
    if not case_matters(root):
        pytest.skip("the file system takes both names for one")
    classes(root, "Cat", "cat", "dog")
    decoded = load()
    assert decoded.classes == ("Cat", "cat", "dog")
    assert "Cat, cat" in notes(decoded)


# modes and shapes

MODES: dict[str, tuple[str, Colour, dict[str, Any], tuple[int, ...]]] = {
    "grey": ("L", 100, {}, (100, 100, 100)),
    "black and white": ("1", 1, {}, (255, 255, 255)),
    "grey with alpha": ("LA", (100, 255), {}, (100, 100, 100)),
    "colour with alpha": ("RGBA", (200, 100, 50, 255), {}, (200, 100, 50)),
    "transparent": ("RGBA", (200, 100, 50, 0), {}, (255, 255, 255)),
    "half transparent": ("RGBA", (0, 0, 0, 128), {}, (127, 127, 127)),
    "16 bit": ("I;16", 25700, {}, (100, 100, 100)),
}


@pytest.mark.parametrize("name", MODES)
def test_every_mode_becomes_plain_colour(root: Path, load: Load, name: str) -> None:
    mode, colour, options, expected = MODES[name]
    classes(root, "a", "b")
    save(root / "odd" / "x.png", colour=colour, mode=mode, **options)
    assert colours(load(), "odd") == [expected]


def test_cmyk_palette_and_floats_are_read(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    save(root / "cmyk" / "x.jpg", colour=(0, 255, 255, 0), mode="CMYK", quality=100)
    save(root / "palette" / "x.gif", colour=(200, 100, 50)).exists()
    save(root / "float" / "x.tiff", colour=0.5, mode="F")
    clear = Image.new("P", (20, 20), 0)
    clear.putpalette([9, 9, 9, 200, 100, 50])
    (root / "clear").mkdir()
    clear.save(root / "clear" / "x.png", transparency=0)
    decoded = load()
    red, green, blue = colours(decoded, "cmyk")[0]
    assert red > 220
    assert max(green, blue) < 40
    assert max(abs(got - want) for got, want in zip(colours(decoded, "palette")[0], (200, 100, 50), strict=True)) < 12
    assert colours(decoded, "float") == [(128, 128, 128)]
    assert colours(decoded, "clear") == [(255, 255, 255)]


def test_grey_is_one_channel_for_every_mode(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    save(root / "a" / "cmyk.jpg", colour=(0, 0, 0, 128), mode="CMYK")
    save(root / "a" / "deep.png", colour=65535, mode="I;16")
    decoded = load(grey=True)
    assert decoded.train.inputs.shape == (10, 1, 16, 16)
    assert decoded.train.inputs[decoded.train.labels == 0].max() == 255


def test_the_middle_square_is_kept_and_scaled(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    wide = np.zeros((40, 120, 3), np.uint8)
    wide[:, 40:80] = (200, 100, 50)
    (root / "wide").mkdir()
    Image.fromarray(wide).save(root / "wide" / "x.png")
    save(root / "tiny" / "x.png", colour=(9, 9, 9), size=(1, 3))
    decoded = load()
    picture = decoded.train.inputs[decoded.train.labels == decoded.classes.index("wide")][0]
    middle = picture.permute(1, 2, 0)[:, 2:14].int()
    assert (middle - torch.tensor([200, 100, 50])).abs().max() < 4
    assert colours(decoded, "tiny") == [(9, 9, 9)]


def test_pictures_of_the_right_size_keep_every_pixel(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    exact = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    (root / "exact").mkdir()
    Image.fromarray(exact).save(root / "exact" / "x.png")
    decoded = load()
    assert np.array_equal(decoded.train.inputs[-1].permute(1, 2, 0).numpy(), exact)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8, 2])
def test_pictures_are_turned_as_their_exif_says(root: Path, load: Load, orientation: int) -> None:
    classes(root, "a", "b")
    upright = np.zeros((16, 16, 3), np.uint8)
    upright[:8] = 255  # the upper half is white once it is seen as it was taken
    stored = {1: upright, 3: upright[::-1, ::-1], 6: np.rot90(upright), 8: np.rot90(upright, -1), 2: upright[:, ::-1]}
    exif = Image.Exif()
    exif[0x0112] = orientation
    (root / "turned").mkdir()
    Image.fromarray(np.ascontiguousarray(stored[orientation])).save(root / "turned" / "x.png", exif=exif)
    decoded = load()
    picture = decoded.train.inputs[decoded.train.labels == decoded.classes.index("turned")][0]
    assert picture[:, :8].min() == 255
    assert picture[:, 8:].max() == 0


def test_large_photographs_are_read(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    save(root / "large" / "x.jpg", colour=(200, 100, 50), size=(6000, 4000))
    red, green, blue = colours(load(), "large")[0]
    assert abs(red - 200) + abs(green - 100) + abs(blue - 50) < 10


# broken files


def text_called_jpg(path: Path) -> None:
    path.write_text("this is no picture")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_off(path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path, "JPEG")
    path.write_bytes(path.read_bytes()[:2000])


def noise_in_the_middle(path: Path) -> None:
    save(path, format="PNG")
    whole = path.read_bytes()
    begin = whole.index(b"IDAT") + 8
    path.write_bytes(whole[:begin] + b"noise" * 4 + whole[begin + 20 :])


def claim(path: Path, side: int) -> None:
    """A PNG of about a hundred bytes that claims side x side pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""))


def bomb(path: Path) -> None:
    claim(path, 60_000)


def small_bomb(path: Path) -> None:
    """Between Pillow's warning and its error."""
    claim(path, 10_000)


def postscript(path: Path) -> None:
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(hello) print\n%%EOF\n")


BROKEN: dict[Callable[[Path], None], str] = {
    text_called_jpg: "not a picture",
    empty: "empty",
    cut_off: "truncated",
    noise_in_the_middle: "cannot be decoded",
    bomb: "too many",
    small_bomb: "100 million pixels",
    postscript: "not a picture",
}


@pytest.mark.parametrize("break_it", BROKEN)
def test_a_broken_file_is_told_and_the_rest_is_used(
    root: Path, load: Load, break_it: Callable[[Path], None], recwarn: pytest.WarningsRecorder
) -> None:
    classes(root, "a", "b")
    break_it(root / "a" / "broken.jpg")
    decoded = load()
    assert len(decoded.train) == 8
    assert found(decoded)["unreadable"] == 1
    (told,) = unreadable(decoded)
    assert told["file"] == "a/broken.jpg"
    assert BROKEN[break_it] in told["why"]
    assert "1 of 9 pictures could not be read" in notes(decoded)
    assert not [warning for warning in recwarn if "PIL" in warning.filename]


def test_all_broken_files_are_told_and_what_was_found_is_kept_with_the_pictures(
    root: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    classes(root, "a", "b")
    for i, break_it in enumerate(BROKEN):
        break_it(root / "b" / f"broken {i}.jpg")
    first = load()
    monkeypatch.setattr(decoding, "read_picture", None)
    again = load()
    assert found(first)["unreadable"] == len(BROKEN)
    assert again.scan == first.scan
    assert [str(note) for note in again.notes] == [str(note) for note in first.notes]
    assert again.content == first.content
    assert torch.equal(again.train.inputs, first.train.inputs)


def test_a_picture_under_a_wrong_name_is_read_for_what_it_is(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    save(root / "png" / "x.png").rename(root / "png" / "x.jpg")
    assert colours(load(), "png") == [(200, 100, 50)]


def test_other_files_are_counted_and_left_alone(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    (root / "a" / "notes.txt").write_text("hello")
    (root / "readme.md").write_text("hello")
    (root / ".hidden").mkdir()
    save(root / "__MACOSX" / "x.png")
    (root / "a" / "._0.png").write_bytes(b"resource fork")
    decoded = load()
    assert decoded.classes == ("a", "b")
    assert found(decoded)["unreadable"] == 0
    assert found(decoded)["other_files"] == 1


def test_classes_without_pictures_are_left_out_and_named(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    (root / "empty").mkdir()
    (root / "broken").mkdir()
    text_called_jpg(root / "broken" / "x.jpg")
    decoded = load()
    assert decoded.classes == ("a", "b")
    assert found(decoded)["classes_without_pictures"] == ["broken", "empty"]
    assert "broken, empty" in notes(decoded)


def test_labels_follow_the_classes_that_are_left(root: Path, load: Load) -> None:
    save(root / "b" / "x.png", colour=(1, 1, 1))
    save(root / "d" / "x.png", colour=(2, 2, 2))
    (root / "a").mkdir()
    text_called_jpg(save(root / "c" / "x.jpg"))
    decoded = load()
    assert decoded.classes == ("b", "d")
    assert decoded.train.labels.tolist() == [0, 1]
    assert colours(decoded, "d") == [(2, 2, 2)]


def test_test_pictures_of_a_class_without_training_pictures_are_left_out(root: Path, load: Load) -> None:
    classes(root / "train", "b", "c")
    text_called_jpg(save(root / "train" / "a" / "x.jpg"))
    classes(root / "test", "a", "b", "c", count=2)
    decoded = load()
    assert torch.bincount(held_out(decoded).labels).tolist() == [2, 2]


@pytest.mark.parametrize("names", [("only",), ()])
def test_fewer_than_two_classes_are_refused(root: Path, load: Load, names: str) -> None:
    root.mkdir()
    classes(root, *names)
    with pytest.raises(StudioError) as caught:
        load()
    assert caught.value.place == "dataset.path"
    assert str(root) in str(caught.value)
    assert caught.value.remedy


def test_only_broken_pictures_are_refused_with_an_example(root: Path, load: Load) -> None:
    for name in ("a", "b"):
        text_called_jpg(save(root / name / "x.jpg"))
    with pytest.raises(StudioError, match=r"None of the class folders.*a/x\.jpg: it is not a picture"):
        load()


def test_test_pictures_that_are_all_broken_are_refused(root: Path, load: Load) -> None:
    classes(root / "train", "a", "b")
    for name in ("a", "b"):
        text_called_jpg(save(root / "test" / name / "x.jpg"))
    with pytest.raises(StudioError, match="None of the test pictures"):
        load()


# folders that are odd


def test_a_folder_that_is_not_there_not_chosen_or_a_file_is_refused(root: Path, load: Load, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="is not there"):
        load()
    with pytest.raises(StudioError, match="No folder is chosen"):
        load(path=None)
    save(tmp_path / "file.png")
    with pytest.raises(StudioError, match="is a file"):
        load(path=tmp_path / "file.png")
    source = catalog.find("dataset", "images")
    assert source.missing(source.Settings(), tmp_path)
    assert source.missing(source.Settings(path=root), tmp_path)
    classes(root, "a", "b")
    assert source.missing(source.Settings(path=root), tmp_path) is None


def test_links_that_loop_end(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    link(root / "a" / "up", root)
    link(root / "a" / "self", root / "a")
    link(root / "b" / "round", root / "b" / "round")
    link(root / "b" / "nowhere.png", root / "b" / "gone.png")
    decoded = load()
    assert len(decoded.train) == 8
    assert found(decoded)["unreadable"] == 0


def test_linked_class_folders_are_followed(root: Path, load: Load, tmp_path: Path) -> None:
    classes(root, "a")
    classes(tmp_path / "elsewhere", "b")
    link(root / "b", tmp_path / "elsewhere" / "b")
    assert load().classes == ("a", "b")


def test_a_folder_that_may_not_be_opened_is_told(root: Path, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    classes(root, "a", "b")
    save(root / "a" / "locked" / "x.png")
    scandir = os.scandir

    def guarded(path: Path) -> Any:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    decoded = load()
    assert len(decoded.train) == 8
    assert found(decoded)["unreadable_folders"] == [{"folder": "a/locked", "why": "Permission denied"}]
    assert "a/locked" in notes(decoded)


def test_names_in_any_bytes_do_no_harm(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    odd = root / "a" / os.fsdecode(b"\xff\xfe.jpg")
    try:
        odd.write_bytes(b"no picture")
    except OSError:
        pytest.skip("the file system refuses such names")
    (told,) = unreadable(load())
    assert told["file"].encode("utf-8")


def test_a_relative_folder_is_as_good(root: Path, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    classes(root, "a", "b")
    text_called_jpg(root / "a" / "broken.jpg")
    monkeypatch.chdir(root)
    decoded = load(path=".")
    assert len(decoded.train) == 8
    assert unreadable(decoded)[0]["file"] == "a/broken.jpg"


# keeping


def test_a_change_in_the_folder_is_seen(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    before = load()
    save(root / "a" / "new.png")
    after = load()
    assert len(after.train) == len(before.train) + 1
    assert after.content != before.content
    assert load(size=8).train.inputs.shape[-1] == 8


def test_pictures_that_do_not_fit_are_read_from_disk_and_train_the_same(
    root: Path, load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classes(root / "train", "a", "b", count=20)
    classes(root / "test", "a", "b", count=3)
    text_called_jpg(root / "train" / "a" / "broken.jpg")
    held = prepare("images", {"path": root, "size": 16}, seed=0, cache=tmp_path / "held")
    monkeypatch.setattr(storage, "available_memory", lambda: 0)
    streamed = prepare("images", {"path": root, "size": 16}, seed=0, cache=tmp_path / "streamed")
    assert (held.storage, streamed.storage) == ("memory", "disk")
    assert streamed.train.on_disk
    assert "read from disk" in str(streamed.storage_words)
    assert streamed.fingerprint == held.fingerprint
    assert (streamed.mean, streamed.std) == (held.mean, held.std)
    assert streamed.scan == held.scan
    with Loader(streamed.train, 8, None, seed=0) as one, Loader(held.train, 8, None, seed=0) as other:
        assert torch.equal(one.batch(3)[0], other.batch(3)[0])


def test_pictures_that_fit_nowhere_are_refused_before_they_are_read(
    root: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    classes(root, "a", "b")
    monkeypatch.setattr(storage, "available_memory", lambda: 0)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10))
    with pytest.raises(DiskFull, match="neither in memory nor on the disk"):
        load()


def test_a_full_disk_is_told_and_the_pictures_are_used_from_memory(
    root: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    classes(root, "a", "b")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    decoded = load()
    assert len(decoded.train) == 8
    assert "not kept for next time" in notes(decoded)
    assert "disk is full" in notes(decoded)


def test_a_cancelled_reading_leaves_nothing_behind(
    root: Path, load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classes(root, "a", "b")
    monkeypatch.setattr(decoding, "CHUNK", 2)

    def cancel(words: Text, fraction: float | None) -> None:
        if fraction is not None and fraction > 0.4:
            raise KeyboardInterrupt

    source = catalog.find("dataset", "images")
    for memory in (0, 10**12):
        monkeypatch.setattr(storage, "available_memory", lambda memory=memory: memory)
        with pytest.raises(KeyboardInterrupt):
            source.load(source.Settings(path=root), tmp_path / "cache", cancel)
        assert not list((tmp_path / "cache").rglob("*.npy"))


def test_many_files_are_told_of_as_they_are_read(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    classes(root, "a", "b", count=6)
    monkeypatch.setattr(decoding, "CHUNK", 4)
    told = []
    prepare("images", {"path": root}, seed=0, cache=tmp_path / "c", progress=lambda words, _: told.append(str(words)))
    assert "Reading pictures: 8 of 12" in told
