"""CIFAR-10, and the way to read it and CIFAR-100: as published, or as a tree of class folders."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.core.files import move_whole, writing
from studio.core.message import Text
from studio.data.base import Augmentation, DataSource, Decoded, Examples, ProgressListener, SourceSettings, silent
from studio.data.cache import CacheEntry, data_refused, fingerprint
from studio.data.decoded import load_decoded, save_decoded, to_tensor
from studio.data.download import NOT_IN, DownloadSettings, digest_of_file, downloads, fetch, missing_words, not_here
from studio.data.folder_loader import TreeReading, load_tree, tree_content
from studio.data.folder_scan import is_tree
from studio.data.vision import torchvision

SIDE = 32


class Cifar10(DataSource):
    """32 x 32 colour pictures, from the published batches, their archive, or a tree of class folders."""

    key = "cifar10"
    title = "CIFAR-10"
    words = "60,000 small colour photographs of ten kinds of animals and vehicles."
    shape = (3, SIDE, SIDE)
    class_count = 10
    train_count = 50_000
    test_count = 10_000
    origin = "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009 (no formal licence)."
    augmentation = Augmentation(pad=4, padding="reflect", flip=True)
    Settings = DownloadSettings
    #: The class in torchvision.datasets, and the names of its folder of batches and of its archive.
    published: ClassVar[str] = "CIFAR10"
    batches: ClassVar[str] = "cifar-10-batches-py"
    archive: ClassVar[str] = "cifar-10-python.tar.gz"
    megabytes: ClassVar[int] = 170

    def missing(self, settings: SourceSettings, cache: Path) -> Text | None:
        """Nothing once the batches or a tree are there, or were decoded before."""
        assert isinstance(settings, DownloadSettings)
        if settings.path is None:
            found = self._root(downloads(cache))
        else:
            found = self._root(settings.path) or self._packed(settings.path) or self._tree(settings.path)
        decoded = settings.path is None and self._published_entry(cache).exists()
        return None if decoded or found else missing_words(self.title, self.megabytes, settings)

    def content(
        self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent, most: int | None = None
    ) -> str:
        """Of a tree's pictures; the published batches are checked against their sums and hold the same everywhere."""
        assert isinstance(settings, DownloadSettings)
        tree = self._tree(settings.path) if settings.path is not None else None
        return tree_content(tree, TreeReading(SIDE), cache, progress, most) if tree is not None else ""

    def check(self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent) -> None:
        """Say what is looked for where it is not there and may not be fetched."""
        assert isinstance(settings, DownloadSettings)
        if not settings.fetches and self.missing(settings, cache) is not None:
            self.load(settings, cache, progress)

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """All pictures; those of a tree may be fewer than were published."""
        assert isinstance(settings, DownloadSettings)
        if settings.path is not None and (tree := self._tree(settings.path)) is not None:
            return self._from_tree(tree, cache, progress)
        # the published batches are checked against their sums before they are read: they hold the same everywhere
        entry = self._published_entry(cache)
        if settings.path is not None and not (self._root(settings.path) or self._packed(settings.path)):
            raise StudioError(
                NOT_IN,
                "Looked for were the folder {batches}, the file {archive}, and folders train and test with a folder "
                "for each class.",
                "Choose the folder that holds them, or leave it empty to download them.",
                title=self.title,
                path=settings.path,
                batches=self.batches,
                archive=self.archive,
                place="dataset.path",
            )
        if (kept := load_decoded(entry)) is not None:
            return kept
        root = self._unpacked(settings, cache, progress)
        progress(Text("Reading {title}", {"title": self.title}), None)
        train, test = self._part(root, train=True), self._part(root, train=False)
        classes = tuple(train.classes)
        return save_decoded(entry, Decoded("pictures", classes, _examples(train), _examples(test)))

    def _published_entry(self, cache: Path) -> CacheEntry:
        return CacheEntry(cache, self.key, fingerprint(files="published"))

    def _root(self, folder: Path) -> Path | None:
        """The folder that holds the folder of batches."""
        folder = folder.expanduser()
        if folder.name == self.batches and folder.is_dir():
            return folder.parent
        return folder if (folder / self.batches).is_dir() else None

    def _packed(self, folder: Path) -> Path | None:
        folder = folder.expanduser()
        archive = folder if folder.name == self.archive else folder / self.archive
        return archive if archive.is_file() else None

    def _tree(self, folder: Path) -> Path | None:
        folder = folder.expanduser()
        return next((place for place in (folder, folder / self.key) if is_tree(place)), None)

    def _from_tree(self, tree: Path, cache: Path, progress: ProgressListener) -> Decoded:
        decoded = load_tree(self.key, tree, TreeReading(SIDE), cache, progress)
        if len(decoded.classes) != self.class_count:
            raise StudioError(
                "The folder {path} does not hold {title}.",
                "It has {found} classes instead of {expected}.",
                "For pictures of your own choose the dataset “Images”.",
                path=tree,
                title=self.title,
                found=len(decoded.classes),
                expected=self.class_count,
                place="dataset.path",
            )
        return decoded

    def _unpacked(self, settings: DownloadSettings, cache: Path, progress: ProgressListener) -> Path:
        """The folder above the batches; fetched and unpacked first where need be."""
        home = downloads(cache)
        root = self._root(settings.path if settings.path is not None else home)
        if root is not None:
            return root
        about = getattr(torchvision().datasets, self.published)
        archive = self._packed(settings.path) if settings.path is not None else None
        if archive is None:
            if not settings.download:
                raise not_here(self.title)
            archive = fetch([about.url], home / self.archive, about.tgz_md5, self.title, progress)
        elif digest_of_file(archive, about.tgz_md5) != about.tgz_md5:
            raise self._damaged(archive)
        progress(Text("Unpacking {title}", {"title": self.title}), None)
        with writing(home, refusal=data_refused):
            home.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=home) as unfinished:
                torchvision().datasets.utils.extract_archive(str(archive), unfinished)
                move_whole(Path(unfinished) / self.batches, home / self.batches)
        return home

    def _part(self, root: Path, *, train: bool) -> Any:
        """torchvision's dataset; it unpickles the batches only when their MD5 sums are the published ones."""
        try:
            return getattr(torchvision().datasets, self.published)(root, train=train, download=False)
        except (RuntimeError, OSError) as error:
            raise self._damaged(root / self.batches) from error

    def _damaged(self, place: Path) -> StudioError:
        return StudioError(
            "{path} is not {title} as it was published.",
            "Files are missing or damaged.",
            "Delete it and fetch it again.",
            path=place,
            title=self.title,
            place="dataset.path",
        )


def _examples(part: Any) -> Examples:
    pictures: np.ndarray = np.ascontiguousarray(part.data)  # (N, 32, 32, 3)
    return Examples(to_tensor(pictures), torch.tensor(part.targets, dtype=torch.int64))


catalog.register("dataset", Cifar10())
