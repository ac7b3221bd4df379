"""MNIST, CIFAR and their kin: from a folder that holds them, or from where they are published."""

from __future__ import annotations

import gzip
import hashlib
import pickle
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from studio import catalog
from studio.core.errors import DiskFull, StudioError
from studio.core.message import Text
from studio.data import cifar10, mnist
from studio.data.base import DataSource, Decoded
from studio.data.prepare import prepare


def idx(array: np.ndarray) -> bytes:
    """An array as the bytes of an IDX file."""
    head = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    return head + array.astype(np.uint8).tobytes()


def digits_like(train: int = 30, test: int = 10) -> dict[str, np.ndarray]:
    """The four arrays of an MNIST in small."""
    pictures, labels = (np.random.default_rng(0).integers(0, 256, (n, 28, 28)) for n in (train, test)), [train, test]
    arrays = [part for n, p in zip(labels, pictures, strict=True) for part in (p, np.arange(n) % 10)]
    return dict(
        zip(("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"), arrays, strict=True)
    )


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A folder with the four files as published."""
    folder = tmp_path / "data" / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for name, array in digits_like().items():
        (folder / f"{name}-ubyte.gz").write_bytes(gzip.compress(idx(array)))
    return folder


def load(key: str, tmp_path: Path, **settings: Any) -> Decoded:
    source: DataSource = catalog.find("dataset", key)
    return source.load(source.Settings(**settings), tmp_path / "cache", lambda *_: None)


def missing(key: str, tmp_path: Path, **settings: Any) -> str:
    """Why the data are not here, empty where they are."""
    source: DataSource = catalog.find("dataset", key)
    words = source.missing(source.Settings(**settings), tmp_path / "cache")
    return str(words or "")


# MNIST


@pytest.mark.parametrize("up", [0, 1, 2])
def test_packed_files_are_found_where_they_lie_or_below(packed: Path, tmp_path: Path, up: int) -> None:
    folder = packed.parents[up - 1] if up else packed
    decoded = load("mnist", tmp_path, path=folder)
    expected = digits_like()
    assert torch.equal(decoded.train.inputs[:, 0], torch.from_numpy(expected["train-images-idx3"].astype(np.uint8)))
    assert decoded.test is not None
    assert torch.equal(decoded.test.labels, torch.from_numpy(expected["t10k-labels-idx1"]))
    assert decoded.classes == tuple("0123456789")
    assert missing("mnist", tmp_path, path=folder) == ""
    assert not list(packed.glob("*ubyte"))  # nothing is written beside them


def test_unpacked_files_will_do_whatever_the_dot(packed: Path, tmp_path: Path) -> None:
    for file in packed.glob("*.gz"):
        file.with_name(file.name[:-3].replace("-idx", ".idx")).write_bytes(gzip.decompress(file.read_bytes()))
        file.unlink()
    assert len(load("mnist", tmp_path, path=packed).train) == 30


def test_the_second_time_they_come_from_the_cache(
    packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load("mnist", tmp_path, path=packed)
    monkeypatch.setattr(mnist, "read_idx", None)
    assert torch.equal(load("mnist", tmp_path, path=packed).train.inputs, first.train.inputs)


def test_a_folder_without_them_is_refused_and_says_what_was_looked_for(packed: Path, tmp_path: Path) -> None:
    (packed / "t10k-labels-idx1-ubyte.gz").unlink()
    assert "no MNIST" in missing("mnist", tmp_path, path=packed)
    with pytest.raises(StudioError, match=r"t10k-labels-idx1-ubyte\.gz") as caught:
        load("mnist", tmp_path, path=packed)
    assert caught.value.place == "dataset.path"


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut off": (lambda whole: gzip.compress(gzip.decompress(whole)[:-100]), "breaks off"),
    "cut off in the packing": (lambda whole: whole[:-100], "cannot be read"),
    "no gzip": (lambda whole: b"hello", "cannot be read"),
    "no IDX": (lambda whole: gzip.compress(b"hello, this is something else"), "does not begin like"),
    "another kind": (lambda whole: gzip.compress(idx(np.arange(30))), "does not begin like"),
    "absurd": (lambda whole: gzip.compress(bytes([0, 0, 8, 3]) + b"\xff" * 12), "claims more"),
    "too few": (lambda whole: gzip.compress(idx(np.zeros((7, 28, 28)))), "7 pictures and 30 labels"),
    "empty": (lambda whole: b"", "cannot be read"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_named_with_the_reason(packed: Path, tmp_path: Path, kind: str) -> None:
    damage, words = BROKEN[kind]
    file = packed / "train-images-idx3-ubyte.gz"
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(StudioError, match=words):
        load("mnist", tmp_path, path=packed)


def test_labels_of_another_dataset_are_refused(packed: Path, tmp_path: Path) -> None:
    (packed / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(np.arange(30))))
    with pytest.raises(StudioError, match="labels up to 29"):
        load("mnist", tmp_path, path=packed)


def test_fashion_mnist_has_its_own_names(packed: Path, tmp_path: Path) -> None:
    decoded = load("fashion_mnist", tmp_path, path=packed)
    assert decoded.classes[0] == "T-shirt/top"
    assert len(decoded.classes) == 10


# downloads, from files that stand for the publisher's


class Published:
    """What torchvision knows of a dataset, with the publisher in a folder."""

    def __init__(self, folder: Path) -> None:
        self.mirrors = ["file:///nowhere/", folder.as_uri() + "/"]
        self.resources = [
            (file.name, hashlib.md5(file.read_bytes()).hexdigest()) for file in sorted(folder.glob("*.gz"))
        ]
        order = [f"{name}-ubyte.gz" for name in digits_like()]
        self.resources.sort(key=lambda resource: order.index(resource[0]))


@pytest.fixture
def publisher(packed: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """MNIST may be fetched from a folder; whatever else is asked for is not there."""
    from types import SimpleNamespace

    about = Published(packed)
    monkeypatch.setattr(mnist, "torchvision", lambda: SimpleNamespace(datasets=SimpleNamespace(MNIST=about)))
    return about


def test_what_is_not_there_is_downloaded_once(
    publisher: Any, packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    assert "downloaded once" in missing("mnist", tmp_path)
    data = prepare(
        "mnist", {}, seed=0, cache=tmp_path / "cache", progress=lambda words, at: told.append((str(words), at))
    )
    assert len(data.train) == 30
    assert any(words.startswith("Downloading MNIST") and at == 1.0 for words, at in told)
    assert missing("mnist", tmp_path) == ""
    monkeypatch.setattr(mnist, "torchvision", None)
    assert len(load("mnist", tmp_path).train) == 30
    assert len(load("mnist", tmp_path, download=False).train) == 30


def test_where_downloads_are_not_allowed_that_is_said(publisher: Any, tmp_path: Path) -> None:
    assert "not on this machine" in missing("mnist", tmp_path, download=False)
    with pytest.raises(StudioError, match="Allow the download"):
        load("mnist", tmp_path, download=False)


def test_a_publisher_out_of_reach_is_named_and_leaves_nothing(publisher: Any, tmp_path: Path) -> None:
    publisher.mirrors = ["file:///nowhere/"]
    with pytest.raises(StudioError, match=r"could not be downloaded.*No such file"):
        load("mnist", tmp_path)
    assert not [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]


def test_a_file_that_arrives_damaged_is_not_used(publisher: Any, tmp_path: Path) -> None:
    publisher.resources = [(name, "0" * 32) for name, _ in publisher.resources]
    with pytest.raises(StudioError, match="arrived damaged"):
        load("mnist", tmp_path)
    assert not [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]


def test_a_download_can_be_cancelled(publisher: Any, tmp_path: Path) -> None:
    def cancel(words: Text, fraction: float | None) -> None:
        if fraction is not None:
            raise KeyboardInterrupt

    source = catalog.find("dataset", "mnist")
    with pytest.raises(KeyboardInterrupt):
        source.load(source.Settings(), tmp_path / "cache", cancel)
    assert not [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]


def test_a_full_disk_stops_the_download_with_words(
    publisher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    really_open = Path.open

    class Full:
        def __init__(self, file: Any) -> None:
            self._file = file

        def close(self) -> None:
            self._file.close()

        def write(self, _: bytes) -> None:
            raise OSError(28, "No space left on device")

    def opened(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        file = really_open(path, mode, *rest, **named)
        return Full(file) if path.suffix == ".part" else file

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(DiskFull):
        load("mnist", tmp_path)


# CIFAR


def tree(root: Path, train: int = 6, test: int = 2, classes: int = 10) -> Path:
    """A tree of class folders like those made of CIFAR."""
    draws = np.random.default_rng(0)
    for part, count in (("train", train), ("test", test)):
        for label in range(classes):
            folder = root / part / f"class {label}"
            folder.mkdir(parents=True)
            for i in range(count):
                Image.fromarray(draws.integers(0, 256, (32, 32, 3), dtype=np.uint8)).save(folder / f"{i:04d}.png")
    return root


@pytest.mark.parametrize("inner", ["", "cifar10"])
def test_cifar_may_be_a_tree_of_class_folders(tmp_path: Path, inner: str) -> None:
    tree(tmp_path / "data" / inner)
    decoded = load("cifar10", tmp_path, path=tmp_path / "data")
    assert decoded.train.inputs.shape == (60, 3, 32, 32)
    assert decoded.test is not None
    assert len(decoded.test) == 20
    assert decoded.classes == tuple(f"class {label}" for label in range(10))
    assert missing("cifar10", tmp_path, path=tmp_path / "data") == ""


def test_a_tree_with_other_classes_is_refused(tmp_path: Path) -> None:
    tree(tmp_path / "data", classes=3)
    with pytest.raises(StudioError, match="3 classes instead of 10"):
        load("cifar10", tmp_path, path=tmp_path / "data")


def test_a_folder_without_cifar_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert "no CIFAR-100" in missing("cifar100", tmp_path, path=tmp_path / "data")
    with pytest.raises(StudioError, match="cifar-100-python"):
        load("cifar100", tmp_path, path=tmp_path / "data")


class Batches:
    """Stands for torchvision's CIFAR10: reads a batch of its own from the folder above the batches."""

    url = ""
    tgz_md5 = ""

    def __init__(self, root: Path, train: int, download: bool) -> None:
        assert not download
        with np.load(root / "cifar-10-batches-py" / "batch.npz") as batch:
            if "spoilt" in batch:
                raise RuntimeError("Dataset not found or corrupted")
            self.data, self.targets = batch["data"], batch["targets"].tolist()
        self.classes = [f"class {label}" for label in range(10)]


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The published archive in small, behind the address torchvision knows."""
    from types import SimpleNamespace

    batches = tmp_path / "published" / "cifar-10-batches-py"
    batches.mkdir(parents=True)
    np.savez(batches / "batch.npz", data=np.zeros((20, 32, 32, 3), np.uint8), targets=np.arange(20) % 10)
    packed = tmp_path / "archive" / "cifar-10-python.tar.gz"
    packed.parent.mkdir()
    with tarfile.open(packed, "w:gz") as tar:
        tar.add(batches, batches.name)
    monkeypatch.setattr(Batches, "url", packed.as_uri())
    monkeypatch.setattr(Batches, "tgz_md5", hashlib.md5(packed.read_bytes()).hexdigest())

    def extract_archive(source: str, target: str) -> None:
        with tarfile.open(source) as tar:
            tar.extractall(target, filter="data")

    utils = SimpleNamespace(extract_archive=extract_archive)
    monkeypatch.setattr(
        cifar10, "torchvision", lambda: SimpleNamespace(datasets=SimpleNamespace(CIFAR10=Batches, utils=utils))
    )
    return packed


def test_published_batches_are_read_from_a_folder(archive: Path, tmp_path: Path) -> None:
    for folder in (tmp_path / "published", tmp_path / "published" / "cifar-10-batches-py"):
        assert len(load("cifar10", tmp_path, path=folder).train) == 20
        assert missing("cifar10", tmp_path, path=folder) == ""


def test_the_archive_will_do_and_its_folder_stays_as_it_is(archive: Path, tmp_path: Path) -> None:
    for path in (archive.parent, archive):
        assert missing("cifar10", tmp_path, path=path) == ""
        assert len(load("cifar10", tmp_path, path=path).train) == 20
    assert [file.name for file in archive.parent.iterdir()] == [archive.name]


def test_cifar_is_downloaded_and_unpacked_once(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "170 MB" in missing("cifar10", tmp_path)
    assert len(load("cifar10", tmp_path).train) == 20
    monkeypatch.setattr(cifar10, "torchvision", None)
    assert len(load("cifar10", tmp_path).train) == 20


def test_another_archive_under_that_name_is_refused_unopened(archive: Path, tmp_path: Path) -> None:
    archive.write_bytes(pickle.dumps("surprise"))
    with pytest.raises(StudioError, match="missing or damaged"):
        load("cifar10", tmp_path, path=archive.parent)


def test_damaged_batches_are_refused(archive: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "published" / "cifar-10-batches-py" / "batch.npz", spoilt=1)
    with pytest.raises(StudioError, match="not CIFAR-10 as it was published"):
        load("cifar10", tmp_path, path=tmp_path / "published")


def test_cifar_is_not_fetched_where_that_is_not_allowed(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="Allow the download"):
        load("cifar10", tmp_path, download=False)
