"""What may be read of a file somebody else made, and how the rest is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.core.bounded_read import (
    MAX_DEPTH,
    UnreadableFile,
    json_depth,
    open_regular,
    parse_json,
    read_bounded,
    read_json_text,
    read_toml,
    toml_depth,
)


def test_a_regular_file_is_read_whole_and_so_is_a_link_to_one(tmp_path: Path) -> None:
    file, link = tmp_path / "a", tmp_path / "link"
    file.write_bytes(b"twelve bytes")
    link.symlink_to(file)
    assert read_bounded(file, 12) == read_bounded(link, 12) == b"twelve bytes"
    with open_regular(file) as stream:
        assert stream.read(6) == b"twelve"


def test_one_byte_more_than_allowed_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(bytes(13))
    with pytest.raises(UnreadableFile, match=r"a\.toml is too large"):
        read_bounded(file, 12)


def test_a_missing_file_is_told_from_a_bad_one(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    told = {}
    for name in ("missing", "folder"):
        with pytest.raises(UnreadableFile) as refused:
            read_bounded(tmp_path / name, 10)
        told[name] = (refused.value.missing, str(refused.value))
    assert told == {
        "missing": (True, "missing is missing."),
        "folder": (False, "folder is not a regular file."),
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no pipes with names")
def test_pipes_and_devices_are_not_waited_for(tmp_path: Path) -> None:
    pipe, device, circle = tmp_path / "pipe", tmp_path / "device", tmp_path / "circle"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    circle.symlink_to(circle)
    for file in (pipe, device):
        with pytest.raises(UnreadableFile, match="not a regular file"):
            read_bounded(file, 10)
    with pytest.raises(UnreadableFile, match=r"circle cannot be read: .+\."):
        read_bounded(circle, 10)


@pytest.mark.parametrize("name", ["with a \0 in it", "x" * 300])
def test_a_name_no_system_has_is_refused_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_bounded(tmp_path / name, 10)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a = \xff", "not usable. It is not saved as UTF-8"),
        (b"a = ", "not valid TOML: Invalid value"),
        (b"a = 1" + b"0" * 5000, "not valid TOML: Exceeds the limit"),
        (b"a." * 1500 + b"b = 1", "nested too deeply"),
        (b"a = " + b"[" * 300 + b"]" * 300, "nested too deeply"),
        (b"[" + b"a." * 1500 + b"b]", "nested too deeply"),
    ],
)
def test_toml_that_is_not_ours_is_refused_with_its_reason(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "experiment.toml"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile, match=why):
        read_toml(file, 100_000)


def test_dots_and_brackets_in_texts_and_many_tables_are_no_depth(tmp_path: Path) -> None:
    words = ".".join("ab" * 100) + " [[[[ {{{{ " * 30
    content = f'path = "{words}" # {words}\nlines = """\n{words}"""\nplain = \'{words}\'\n'
    content += "".join(f"[table{n}]\nvalue = [1.5, 2.5]\n" for n in range(200))
    file = tmp_path / "a.toml"
    file.write_text(content)
    assert read_toml(file, 100_000)["path"] == words
    assert toml_depth(content) < 5


def test_a_mark_of_the_encoding_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b"\xef\xbb\xbfa = 1")
    assert read_toml(file, 100) == {"a": 1}


def test_json_is_read_to_a_depth_and_no_deeper(tmp_path: Path) -> None:
    def nested(depth: int) -> str:
        return "[" * depth + "1" + "]" * depth

    assert parse_json(nested(MAX_DEPTH)) is not None
    with pytest.raises(ValueError, match="deeply"):
        parse_json(nested(MAX_DEPTH + 1))
    file = tmp_path / "a.json"
    file.write_text(nested(100_000))
    with pytest.raises(UnreadableFile, match="deeply"):
        read_json_text(file, 1_000_000)
    file.write_text('{"name": "' + "[" * 500 + '", "more": [' + "[1], " * 200 + "[2]]}")
    assert read_json_text(file, 1_000_000) == file.read_bytes()


@pytest.mark.parametrize("text", ['"' * 3, '"\\', "'''", '"""\\', '"' + "\\", "# ", "]]]", "a = '"])
def test_depth_is_found_in_torn_texts_too(text: str) -> None:
    torn = "[" * 100 + text
    assert toml_depth(torn) >= 100
    assert json_depth(torn.encode()) >= 100
