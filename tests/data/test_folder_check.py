"""Whether a folder of pictures can be used is known before it is read, from a few of its pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from studio import catalog
from studio.core.errors import StudioError
from studio.data.base import DataSource
from studio.data.decoding import Decoder, Sink
from studio.data.folder_check import can_be_learnt_from
from studio.data.folder_loader import TreeReading
from studio.data.folder_scan import PictureFile
from studio.data.images import ImagesSettings
from tests.data.picture_folders import classes


def broken(root: Path, *names: str, count: int = 3) -> Path:
    """Class folders of files that only claim to be pictures."""
    for name in names:
        (root / name).mkdir(parents=True, exist_ok=True)
        for i in range(count):
            (root / name / f"0 {i}.png").write_text("no picture")
    return root


def parts(root: Path) -> Path:
    """A part to test with of which only the class without pictures to learn from can be read."""
    classes(broken(root / "train", "c"), "a", "b")
    classes(broken(root / "test", "a", "b"), "c")
    return root


USABLE: dict[str, Callable[[Path], Path]] = {
    "plain": lambda root: classes(root, "a", "b"),
    "one of them readable": lambda root: classes(broken(root, "a", "b", count=12), "a", "b", count=2),
    "one class of several": lambda root: classes(classes(root, "a", count=1), "b", count=2),
    "with parts": lambda root: classes(classes(root / "train", "a", "b", count=1).parent / "test", "a").parent,
}
UNUSABLE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "one class": (lambda root: classes(root, "a"), "Only 1 of the class folders"),
    "one readable class": (lambda root: classes(broken(root, "b"), "a"), "3 files could not be read"),
    "none readable": (lambda root: broken(root, "a", "b"), "None of the class folders"),
    "one of each": (lambda root: classes(root, "a", "b", count=1), "No pictures are left for testing"),
    "no test picture readable": (parts, "None of the test pictures"),
}


def check(root: Path, cache: Path) -> None:
    source: DataSource = catalog.find("dataset", "images")
    source.check(ImagesSettings(path=root, size=8), cache)


@pytest.mark.parametrize("name", USABLE)
def test_a_folder_that_can_be_used_is_not_read_for_that(name: str, tmp_path: Path) -> None:
    check(USABLE[name](tmp_path / "pictures"), tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_folder_that_cannot_be_used_is_refused_in_the_words_of_reading_it(name: str, tmp_path: Path) -> None:
    make, said = UNUSABLE[name]
    with pytest.raises(StudioError, match=said):
        check(make(tmp_path / "pictures"), tmp_path / "cache")


def test_few_of_many_pictures_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = classes(tmp_path, "a", "b", count=40)
    opened: list[int] = []
    decode = Decoder.decode

    def counted(self: Decoder, files: Sequence[PictureFile], sink: Sink, words: str) -> np.ndarray:
        opened.append(len(files))
        return decode(self, files, sink, words)

    monkeypatch.setattr(Decoder, "decode", counted)
    assert can_be_learnt_from(root, TreeReading(8), lambda *_: None)
    assert sum(opened) < 10
