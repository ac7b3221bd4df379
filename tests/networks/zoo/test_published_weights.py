"""Published weights: downloaded once, checked where there is something to check by, or put there by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from studio.core.errors import DiskFull, StudioError
from studio.core.message import Text
from studio.data import download
from studio.data.base import silent
from studio.networks.base import Network
from studio.networks.zoo.published_weights import bring_weights, pretrained_network, published_weights
from tests.data.file_server import FileServer, serving
from tests.networks.zoo.published_by_server import KEY, made_up, publish


@pytest.fixture(scope="module")
def published() -> tuple[Network, bytes]:
    return made_up()


@pytest.fixture
def server(published: tuple[Network, bytes]) -> Iterator[FileServer]:
    with serving(published[1]) as server:
        yield server


def test_they_are_brought_once_and_make_the_network(
    server: FileServer, published: tuple[Network, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server, tmp_path, monkeypatch)
    for _ in range(2):
        file = bring_weights(KEY, tmp_path, silent)
    assert server.asked == [""]
    net = pretrained_network(KEY, file, 3)
    assert net.source.shape == (3, 64, 64)
    assert net.source.mean == (0.485, 0.456, 0.406)
    assert net.classes[:2] == ("tench", "goldfish")
    x = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        assert torch.equal(net.body.eval()(x), published[0].body.eval()(x))


def test_a_checksum_that_differs_is_refused_and_what_to_do_by_hand_is_told(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server, tmp_path, monkeypatch)
    server.content = server.content[:-1] + b"x"
    with pytest.raises(StudioError, match=r"arrived damaged.*fetch http.*net\.pth elsewhere and put it into .*weights"):
        bring_weights(KEY, tmp_path, silent)


def test_a_download_that_breaks_off_is_taken_up_where_it_ended(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server, tmp_path, monkeypatch)
    server.cut = [500_000]
    assert bring_weights(KEY, tmp_path, silent).read_bytes() == server.content
    assert server.asked == ["", "bytes=500000-"]


def test_weights_that_are_no_longer_there_are_told_with_what_to_do_by_hand(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server, tmp_path, monkeypatch)
    server.status = 404
    with pytest.raises(StudioError, match=r"404 Not Found.*fetch http.*net\.pth elsewhere and put it into .*weights"):
        bring_weights(KEY, tmp_path, silent)


def test_a_disk_without_room_for_them_is_told_and_nothing_is_kept(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.content = bytes(2000)
    publish(server, tmp_path, monkeypatch)
    room = SimpleNamespace(total=10, used=0, free=1000)
    monkeypatch.setattr(download, "shutil", SimpleNamespace(**{**vars(shutil), "disk_usage": lambda _folder: room}))
    with pytest.raises(DiskFull):
        bring_weights(KEY, tmp_path, silent)
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_it_is_said_where_nothing_can_be_checked(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server, tmp_path, monkeypatch, checked=False)
    told: list[str] = []

    def listen(words: Text, _fraction: float | None) -> None:
        told.append(str(words))

    bring_weights(KEY, tmp_path, listen)
    assert "gives no checksum, so it was not checked" in told[-1]


def test_a_file_put_there_by_hand_is_used(server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(server, tmp_path, monkeypatch)
    for place in ("hub", "downloads/weights", "folder"):
        file = tmp_path / place / "net.pth"
        file.parent.mkdir(parents=True)
        file.write_bytes(server.content)
        assert bring_weights(KEY, tmp_path, silent, tmp_path / "folder" if place == "folder" else None) == file
        file.unlink()
    assert not server.asked


def test_a_folder_without_it_says_what_belongs_there(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server, tmp_path, monkeypatch)
    with pytest.raises(StudioError, match=r"There is no file net\.pth.*http.*net\.pth"):
        bring_weights(KEY, tmp_path, silent, tmp_path / "folder")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "net.pth").write_bytes(b"something")
    with pytest.raises(StudioError, match="checksum differs"):
        bring_weights(KEY, tmp_path, silent, tmp_path / "folder")
    assert not server.asked


def test_of_the_networks_of_the_studio_nobody_publishes_any() -> None:
    with pytest.raises(StudioError, match="Nobody publishes"):
        published_weights("resnet-20")
