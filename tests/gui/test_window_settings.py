"""What the window remembers, whatever somebody made of its file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.gui.system.window_settings import FILE, WindowSettings


def remember(place: Path) -> WindowSettings:
    settings = WindowSettings(place)
    settings.ticked, settings.colors, settings.draft = ["a"], {"a": 3}, "seed = 1"
    settings.save()
    return WindowSettings(place)


def test_what_was_remembered_is_there_the_next_time(tmp_path: Path) -> None:
    again = remember(tmp_path)
    assert (again.ticked, again.colors, again.draft) == (["a"], {"a": 3}, "seed = 1")


def make_pipe(file: Path) -> None:
    os.mkfifo(file)


def make_huge(file: Path) -> None:
    with file.open("wb") as made:
        made.truncate(20_000_000_000)


WAYS = {
    "pipe": make_pipe,
    "device": lambda file: file.symlink_to("/dev/zero"),
    "circle": lambda file: file.symlink_to(file),
    "folder": lambda file: file.mkdir(),
    "huge": make_huge,
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no pipes with names")
@pytest.mark.parametrize("way", WAYS)
def test_what_is_no_file_of_ours_is_moved_aside(tmp_path: Path, way: str) -> None:
    WAYS[way](tmp_path / FILE)
    assert WindowSettings(tmp_path).ticked == []
    assert remember(tmp_path).ticked == ["a"]
    assert len(list(tmp_path.glob(f"{FILE}.damaged-*"))) == 1


@pytest.mark.parametrize(
    "value",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"a": 1' + "0" * 5000 + "}",
        '{"a": -1, "b": "red", "c": 1' + "0" * 400 + "}",
        "\\ud800",
    ],
)
def test_values_that_are_none_are_the_default(tmp_path: Path, value: str) -> None:
    quoted = value.replace('"', '\\"')
    (tmp_path / FILE).write_text(f'[General]\nversion=1\ncolors="{quoted}"\nticked="{quoted}"\ngeometry="{quoted}"\n')
    settings = WindowSettings(tmp_path)
    assert (settings.colors, settings.ticked, settings.geometry.size()) == ({}, [], 0)
