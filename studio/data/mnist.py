"""MNIST: 70,000 handwritten digits, the best known dataset of all; and the way to read the datasets made in its image."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.data.base import Decoded, Examples, ProgressListener, SourceSettings
from studio.data.decoded import to_tensor
from studio.data.download import NOT_IN, downloads, fetch
from studio.data.idx import read_idx
from studio.data.own_picture import as_bytes, centre_of_mass, cut_out, fitted, ink_of, placed
from studio.data.published_files import PublishedFiles
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


class Mnist(PublishedFiles):
    """28 x 28 grey pictures, from a folder with the four IDX files or from where they are published."""

    key = "mnist"
    title = "MNIST"
    words = "70,000 handwritten digits. Even small networks get almost all of them right."
    shape = (1, 28, 28)
    class_count = 10
    train_count = 60_000
    test_count = 10_000
    origin = "Y. LeCun, C. Cortes, C. Burges, 1998 (CC BY-SA 3.0)."
    classes: ClassVar[tuple[str, ...]] = tuple("0123456789")
    #: The class in torchvision.datasets that knows addresses and sums, and the folder it keeps its files in.
    published: ClassVar[str] = "MNIST"
    megabytes = 12

    def prepare_own(self, settings: SourceSettings, picture: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """A digit drawn in any size, dark or light: its longer side 20 pixels, its centre of mass in the middle.

        Source: Y. LeCun, C. Cortes, C. Burges, *The MNIST database of handwritten digits*.
        """
        del settings
        drawn = fitted(cut_out(ink_of(picture)), BOX)
        return as_bytes(placed(drawn, shape[1], centre_of_mass(drawn)))

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

    def _fetch(self, folder: Path, progress: ProgressListener) -> tuple[Path, ...]:
        about = getattr(torchvision().datasets, self.published)
        return tuple(
            fetch([mirror + name for mirror in about.mirrors], folder / name, md5, self.title, progress)
            for name, md5 in about.resources
        )

    def _not_in(self, folder: Path) -> StudioError:
        return StudioError(
            NOT_IN,
            "The four files train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and "
            "t10k-labels-idx1-ubyte.gz are looked for, packed or unpacked.",
            "Choose the folder that holds them, or leave it empty to download them.",
            title=self.title,
            path=folder,
            place="dataset.path",
        )

    def _decoded(self, files: tuple[Path, ...], progress: ProgressListener) -> Decoded:
        progress(Text("Reading {title}", {"title": self.title}), None)
        arrays = [read_idx(path, axes) for path, axes in zip(files, AXES, strict=True)]
        train = self._examples(arrays[0], arrays[1], files[1])
        test = self._examples(arrays[2], arrays[3], files[3])
        return Decoded("pictures", self.classes, train, test)

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
