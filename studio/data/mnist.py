"""MNIST: 70,000 handwritten digits, the best known dataset of all; and the way to read the datasets made in its image."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.data.base import DataSource, Decoded, Examples, ProgressListener, SourceSettings, silent
from studio.data.cache import CacheEntry, fingerprint
from studio.data.content_sums import files_content
from studio.data.decoded import load_decoded, save_decoded, to_tensor
from studio.data.download import NOT_IN, DownloadSettings, downloads, fetch, missing_words, not_here
from studio.data.idx import read_idx
from studio.data.own_picture import as_bytes, centre_of_mass, cut_out, fitted, ink_of, placed
from studio.data.vision import torchvision

if TYPE_CHECKING:
    from pathlib import Path

#: The four files: pictures and labels of the training part, then of the test part.
STEMS = ("train-images", "train-labels", "t10k-images", "t10k-labels")
AXES = (3, 1, 3, 1)
#: The same file as published, unpacked, and as some copies name it.
ENDINGS = ("idx{}-ubyte.gz", "idx{}-ubyte")
#: Pixels of the box that a digit fills.
BOX = 20


class Mnist(DataSource):
    """28 x 28 grey pictures, from a folder with the four IDX files or from where they are published."""

    key = "mnist"
    title = "MNIST"
    words = "70,000 handwritten digits. Even small networks get almost all of them right."
    shape = (1, 28, 28)
    class_count = 10
    train_count = 60_000
    test_count = 10_000
    origin = "Y. LeCun, C. Cortes, C. Burges, 1998 (CC BY-SA 3.0)."
    Settings = DownloadSettings
    classes: ClassVar[tuple[str, ...]] = tuple("0123456789")
    #: The class in torchvision.datasets that knows addresses and sums, and the folder it keeps its files in.
    published: ClassVar[str] = "MNIST"
    megabytes: ClassVar[int] = 12

    def missing(self, settings: SourceSettings, cache: Path) -> Text | None:
        """Nothing once the files are there, or were decoded before."""
        assert isinstance(settings, DownloadSettings)
        folder = self._fetched(cache) if settings.path is None else settings.path
        decoded = settings.path is None and self._entry(cache, None).exists()
        return None if decoded or self._find(folder) else missing_words(self.title, self.megabytes, settings)

    def content(
        self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent, most: int | None = None
    ) -> str:
        """Of the four files in a folder; the published ones are checked against their sums and hold the same everywhere."""
        assert isinstance(settings, DownloadSettings)
        if settings.path is None:
            return ""
        return files_content(self._files(settings, cache, progress), cache, progress, most)

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """All pictures, in the published order."""
        assert isinstance(settings, DownloadSettings)
        if settings.path is None and (kept := load_decoded(self._entry(cache, None))) is not None:
            return kept
        files = self._files(settings, cache, progress)
        entry = self._entry(cache, files if settings.path is not None else None)
        if (kept := load_decoded(entry)) is not None:
            return kept
        progress(Text("Reading {title}", {"title": self.title}), None)
        arrays = [read_idx(path, axes) for path, axes in zip(files, AXES, strict=True)]
        train = self._examples(arrays[0], arrays[1], files[1])
        test = self._examples(arrays[2], arrays[3], files[3])
        return save_decoded(entry, Decoded("pictures", self.classes, train, test))

    def prepare_own(self, settings: SourceSettings, picture: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """A digit drawn in any size, dark or light: its longer side 20 pixels, its centre of mass in the middle.

        Source: Y. LeCun, C. Cortes, C. Burges, *The MNIST database of handwritten digits*.
        """
        del settings
        drawn = fitted(cut_out(ink_of(picture)), BOX)
        return as_bytes(placed(drawn, shape[1], centre_of_mass(drawn)))

    def _entry(self, cache: Path, files: tuple[Path, ...] | None) -> CacheEntry:
        """The published files always hold the same; others are known by their content."""
        if files is None:
            return CacheEntry(cache, self.key, fingerprint(files="published"))
        return CacheEntry(cache, f"{self.key}-folder", fingerprint(files=files_content(files, cache)))

    def _fetched(self, cache: Path) -> Path:
        return downloads(cache) / self.published / "raw"

    def _find(self, folder: Path) -> tuple[Path, ...] | None:
        """The four files in ``folder`` or where torchvision puts them below it, None if one is missing."""
        folder = folder.expanduser()
        for place in (folder, folder / "raw", folder / self.published / "raw"):
            found = tuple(
                next((path for path in _spellings(place, stem, axes) if path.is_file()), None)
                for stem, axes in zip(STEMS, AXES, strict=True)
            )
            whole = tuple(path for path in found if path is not None)
            if len(whole) == len(STEMS):
                return whole
        return None

    def _files(self, settings: DownloadSettings, cache: Path, progress: ProgressListener) -> tuple[Path, ...]:
        if settings.path is None and settings.download:
            about = getattr(torchvision().datasets, self.published)
            return tuple(
                fetch(
                    [mirror + name for mirror in about.mirrors], self._fetched(cache) / name, md5, self.title, progress
                )
                for name, md5 in about.resources
            )
        files = self._find(settings.path if settings.path is not None else self._fetched(cache))
        if files is not None:
            return files
        if settings.path is None:
            raise not_here(self.title)
        raise StudioError(
            NOT_IN,
            "The four files train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and "
            "t10k-labels-idx1-ubyte.gz are looked for, packed or unpacked.",
            "Choose the folder that holds them, or leave it empty to download them.",
            title=self.title,
            path=settings.path,
            place="dataset.path",
        )

    def _examples(self, pictures: np.ndarray, labels: np.ndarray, source: Path) -> Examples:
        if len(pictures) != len(labels) or not len(labels) or labels.max() >= len(self.classes):
            raise StudioError(
                "The file {path} does not belong to {title}.",
                "There are {pictures} pictures and {labels} labels up to {most}.",
                "Fetch the files again.",
                path=source,
                title=self.title,
                pictures=len(pictures),
                labels=len(labels),
                most=int(labels.max(initial=0)),
                place=str(source),
            )
        return Examples(to_tensor(pictures[..., None].copy()), torch.from_numpy(labels.astype(np.int64)))


def _spellings(folder: Path, stem: str, axes: int) -> list[Path]:
    return [folder / f"{stem}{dot}{end.format(axes)}" for dot, end in itertools.product("-.", ENDINGS)]


catalog.register("dataset", Mnist())
