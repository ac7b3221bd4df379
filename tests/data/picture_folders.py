"""Folders of pictures for tests, and what a scan says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio import catalog
from studio.core.picture_scan import PictureScan
from studio.core.scan_text import scan_lines
from studio.data.base import DataSource, Decoded

Load = Callable[..., Decoded]
Colour = tuple[int, ...] | int | float


def loader(root: Path, cache: Path) -> Load:
    """Loads a folder as it is when it is called, with further settings of the source."""

    def load(**settings: Any) -> Decoded:
        source: DataSource = catalog.find("dataset", "images")
        typed = source.Settings(**{"path": root, "size": 16, **settings})
        return source.load(typed, cache, lambda *_: None)

    return load


def save(
    path: Path,
    colour: Colour = (200, 100, 50),
    size: tuple[int, int] = (40, 30),
    mode: str = "RGB",
    **options: Any,
) -> Path:
    """A picture of one colour."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path, **options)
    return path


def classes(root: Path, *names: str, count: int = 4) -> Path:
    """Plain class folders."""
    for name in names:
        for i in range(count):
            save(root / name / f"{i}.png", colour=(i * 10, 0, 0))
    return root


def case_matters(folder: Path) -> bool:
    folder.mkdir(parents=True)
    (folder / "x").touch()
    differs = not (folder / "X").exists()
    (folder / "x").unlink()
    return differs


def link(place: Path, target: Path) -> None:
    try:
        place.symlink_to(target, target_is_directory=target.is_dir())
    except OSError:
        pytest.skip("links cannot be made here")


def brief(decoded: Decoded) -> PictureScan:
    """What the scan found, and that there was one."""
    assert decoded.scan is not None
    return decoded.scan.scan


def found(decoded: Decoded) -> Mapping[str, Any]:
    """What stands in scan.json."""
    assert decoded.scan is not None
    return decoded.scan.listing


def unreadable(decoded: Decoded) -> list[dict[str, str]]:
    """The files that were told to be broken."""
    told: list[dict[str, str]] = found(decoded)["unreadable_files"]
    return told


def notes(decoded: Decoded) -> str:
    """All that is said of the folder."""
    said = [line.words for line in scan_lines(brief(decoded))] if decoded.scan is not None else []
    return " ".join(str(words) for words in (*said, *decoded.notes))
