"""Downloads: whole or not at all, checked, gone on with where they broke off, and told as far as they are."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from studio.core.errors import DiskFull, StudioError
from studio.core.message import Text
from studio.data import download
from studio.data.base import silent
from studio.data.download import fetch
from tests.data.file_server import FileServer, serving

CONTENT = bytes(range(256)) * 4000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving(CONTENT) as server:
        yield server


def files(folder: Path) -> set[str]:
    return {file.name for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("digest", [SHA256, SHA256[:8], hashlib.md5(CONTENT).hexdigest(), ""])
def test_a_file_arrives_whole_and_is_not_asked_for_again(server: FileServer, tmp_path: Path, digest: str) -> None:
    told: list[float | None] = []
    target = tmp_path / "weights" / "file.bin"
    for _ in range(2):
        assert fetch([server.address()], target, digest, "It", lambda _words, at: told.append(at)) == target
    assert target.read_bytes() == CONTENT
    assert told[-1] == 1.0
    assert server.asked == [""]
    assert files(tmp_path) == {"file.bin"}


def test_a_connection_that_breaks_off_is_taken_up_where_it_ended(server: FileServer, tmp_path: Path) -> None:
    server.cut = [300_000, 200_000]
    fetch([server.address()], tmp_path / "file.bin", SHA256, "It", silent)
    assert server.asked == ["", "bytes=300000-", "bytes=500000-"]
    assert (tmp_path / "file.bin").read_bytes() == CONTENT


def test_what_was_cancelled_is_gone_on_with_the_next_time(server: FileServer, tmp_path: Path) -> None:
    def cancel(_words: Text, at: float | None) -> None:
        if at is not None and at > 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch([server.address()], tmp_path / "file.bin", SHA256, "It", cancel)
    arrived = (tmp_path / "file.bin.part").stat().st_size
    fetch([server.address()], tmp_path / "file.bin", SHA256, "It", silent)
    assert 0 < arrived < len(CONTENT)
    assert server.asked == ["", f"bytes={arrived}-"]
    assert files(tmp_path) == {"file.bin"}


def test_a_file_that_has_changed_meanwhile_is_asked_for_anew(server: FileServer, tmp_path: Path) -> None:
    def cancel(_words: Text, at: float | None) -> None:
        if at is not None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch([server.address()], tmp_path / "file.bin", "", "It", cancel)
    server.content, server.version = b"another" * 9, '"two"'
    fetch([server.address()], tmp_path / "file.bin", "", "It", silent)
    assert (tmp_path / "file.bin").read_bytes() == b"another" * 9


def test_nothing_is_kept_of_a_publisher_that_serves_no_parts(server: FileServer, tmp_path: Path) -> None:
    server.version = ""
    server.cut = [300_000] * 9
    with pytest.raises(StudioError, match="could not be downloaded"):
        fetch([server.address()], tmp_path / "file.bin", SHA256, "It", silent)
    assert not files(tmp_path)


def test_what_is_not_what_was_published_is_thrown_away(server: FileServer, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="arrived damaged"):
        fetch([server.address()], tmp_path / "file.bin", "0" * 8, "It", silent)
    assert not files(tmp_path)


def test_the_next_address_is_tried_and_all_reasons_are_told(server: FileServer, tmp_path: Path) -> None:
    server.status = 404
    with pytest.raises(StudioError, match=r"404 Not Found.*nowhere|nowhere.*404 Not Found"):
        fetch(["http://nowhere.invalid/file.bin", server.address()], tmp_path / "file.bin", SHA256, "It", silent)
    server.status = 0
    fetch(["http://nowhere.invalid/file.bin", server.address()], tmp_path / "file.bin", SHA256, "It", silent)
    assert (tmp_path / "file.bin").read_bytes() == CONTENT


def test_a_disk_without_room_is_said_before_anything_is_written(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = SimpleNamespace(total=10, used=0, free=1000)
    monkeypatch.setattr(download, "shutil", SimpleNamespace(**{**vars(shutil), "disk_usage": lambda _folder: small}))
    with pytest.raises(DiskFull, match="The disk is full"):
        fetch([server.address()], tmp_path / "file.bin", SHA256, "It", silent)
    assert not files(tmp_path)
