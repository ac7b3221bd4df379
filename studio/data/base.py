"""What a dataset is here: decoded tensors with class names, from one source a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import torch
from pydantic import BaseModel, ConfigDict
from torch import Tensor

from studio.core.data_kinds import Capabilities, DataKind, capabilities
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.data.own_picture import framed

if TYPE_CHECKING:
    import numpy as np

    from studio.core.picture_preview import PicturePreview
    from studio.core.table_preview import TablePreview
    from studio.data.scan_report import ScanReport
    from studio.data.table_columns import TableColumn, TableRows
    from studio.data.table_encoding import TableEncoding

#: Told (words, fraction or None) while data are fetched and decoded. May raise to cancel.
ProgressListener = Callable[[Text, float | None], None]


def silent(_words: Text, _fraction: float | None) -> None:
    """A progress listener for those who do not listen."""


class Augmentation(BaseModel):
    """How training pictures are varied, each with its own crop and flip."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pad: int = setting(
        0,
        ge=0,
        le=64,
        description="Border added before cropping back to size",
        unit="pixels",
        label="Border",
    )
    padding: Literal["reflect", "zeros"] = setting(
        "reflect",
        description="What the border shows: the mirrored picture, or nothing",
        label="Border shows",
        words={"reflect": "mirrored", "zeros": "nothing"},
    )
    flip: bool = setting(
        False,
        description="Mirror every second picture left to right",
        label="Mirror",
    )


class SourceSettings(BaseModel):
    """Settings of a source; most have none. Sources add fields (a path, a size) in a subclass."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Examples:
    """Inputs and labels, one row each.

    ``inputs``: uint8 (N, C, H, W) for pictures, float32 (N, D) for points and encoded rows of a table, float64 (N, D)
    for rows as a source gives them. ``labels``: int64 (N,).
    ``on_disk``: the inputs are a file mapped into memory, because they do not fit; read them in batches.
    """

    inputs: Tensor
    labels: Tensor
    on_disk: bool = False

    def __len__(self) -> int:
        return int(self.labels.shape[0])

    def take(self, rows: Tensor) -> Examples:
        """The examples at ``rows`` (int64), copied into memory."""
        return Examples(self.inputs[rows], self.labels[rows])


@dataclass(frozen=True)
class Decoded:
    """What a source gives: everything it has, decoded. ``test`` is None where it has no test part."""

    kind: DataKind
    classes: tuple[str, ...]
    train: Examples
    test: Examples | None
    notes: tuple[Text, ...] = ()
    #: What a scan of own pictures found; None for the other sources.
    scan: ScanReport | None = None
    #: Plain values that the source wants back with the examples when they come from the cache.
    kept: Mapping[str, object] = field(default_factory=dict)
    #: "memory" or "disk" (streamed), and in ``storage_words`` why.
    storage: Literal["memory", "disk"] = "memory"
    storage_words: Text = field(default_factory=lambda: Text("The pictures fit in memory."))
    #: sha256 of the examples where the source has it at hand, else empty.
    content: str = ""

    @property
    def offers(self) -> Capabilities:
        """What can be done with data of this kind."""
        return capabilities(self.kind)


@dataclass(frozen=True, eq=False)
class Glance:
    """What a glance at a person's own files tells, before all of them are read.

    Attributes:
        shape: of what a network reads, (C, H, W), or (D,) of the rows of a table.
        classes: their names.
        train: examples to learn from.
        test: examples to test with; None where there is no test part.
        largest_class: how many of those to learn from are of the class that has the most.
        columns: of a table, all but the class.
        samples, labels: a few pictures, uint8 (n, height, width, 1 or 3), or rows of a table, float64 (n, columns); None
            where there are none; and int64 (n,).
    """

    shape: tuple[int, ...]
    classes: tuple[str, ...]
    train: int
    test: int | None
    largest_class: int
    samples: np.ndarray | None
    labels: np.ndarray
    columns: tuple[TableColumn, ...] = ()


@dataclass(frozen=True)
class TableParts:
    """The rows behind the examples of a dataset made from a table, and how they were encoded."""

    encoding: TableEncoding
    train: TableRows
    validation: TableRows | None
    test: TableRows


@dataclass(frozen=True)
class Dataset:
    """What a run works on: split, thinned, with the normalisation of its training pictures.

    ``mean`` and ``std``: per channel in [0, 1] for pictures, per coordinate for points and encoded rows.
    ``fingerprint``: sha256 over content and splits; equal fingerprints mean equal examples in equal order.
    ``table``: the rows before they were encoded; None where the data are no table.
    """

    kind: DataKind
    classes: tuple[str, ...]
    train: Examples
    validation: Examples | None
    test: Examples
    mean: tuple[float, ...]
    std: tuple[float, ...]
    fingerprint: str
    storage: Literal["memory", "disk"] = "memory"
    storage_words: Text = field(default_factory=lambda: Text("The pictures fit in memory."))
    notes: tuple[Text, ...] = ()
    scan: ScanReport | None = None
    table: TableParts | None = None

    @property
    def offers(self) -> Capabilities:
        """What can be done with data of this kind."""
        return capabilities(self.kind)

    @property
    def encoding(self) -> str:
        """Of a table how its columns became numbers, as a text; empty of other data."""
        return self.table.encoding.as_json() if self.table is not None else ""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one input: (C, H, W) or (D,)."""
        return tuple(self.train.inputs.shape[1:])


class DataSource(ABC):
    """A dataset in the catalogue."""

    key: str
    title: str
    #: One sentence in plain words for its card.
    words: str
    kind: DataKind = "pictures"
    #: Facts known before loading, None where the files decide: shape of a network's input, class count, sizes of train and test.
    shape: tuple[int, ...] | None = None
    class_count: int | None = None
    train_count: int | None = None
    test_count: int | None = None
    #: Names of classes that belong together, by what they are; empty where the dataset knows of no such groups.
    class_groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    #: Where it comes from and under what terms.
    origin: str = ""
    #: Whether its examples are made afresh in no time and kept nowhere.
    is_drawn: bool = False
    #: Whether it reads a person's own file or folder, named by its setting ``path``.
    is_own: bool = False
    #: What is added to a fresh experiment with this source.
    augmentation: Augmentation = Augmentation()
    Settings: type[SourceSettings] = SourceSettings

    @property
    def offers(self) -> Capabilities:
        """What can be done with its data."""
        return capabilities(self.kind)

    def members(self) -> tuple[str, ...]:
        return (self.key,)

    def matches(self, key: str) -> bool:
        return key == self.key

    def opens(self, path: Path) -> bool:
        """Whether a file or folder looks like a person's own data of this kind; its setting ``path`` then names it."""
        del path
        return False

    def name(self, settings: SourceSettings) -> str:
        """What these data are called: as their source, unless they are a person's own."""
        del settings
        return self.title

    def missing(self, settings: SourceSettings, cache: Path) -> Text | None:
        """Why it cannot be loaded without a download or a person's help, or None when everything is on board."""
        del settings, cache
        return None

    def content(
        self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent, most: int | None = None
    ) -> str:
        """A word for the content of a person's own files that are read; empty where it reads none.

        It changes when :meth:`load` may give other examples, whatever the files' names and times say.

        Args:
            cache: where it is remembered what was read.
            progress: told how far it is; may raise to cancel.
            most: bytes that may be read; None for as many as need be.

        Raises:
            StudioError: the files cannot be had.
            NotReadYet: more than ``most`` bytes would have to be read.
        """
        del settings, cache, progress, most
        return ""

    def stamp(self, settings: SourceSettings) -> tuple[tuple[str, int], ...]:
        """Changes when a person's own files come, go or are renamed, found without reading them; empty of other data."""
        del settings
        return ()

    def glance(self, settings: SourceSettings, cache: Path) -> Glance | None:
        """What can be told of a person's own files at once; None of data whose files must be read for that.

        Raises:
            StudioError: they cannot be used.
        """
        del settings, cache
        return None

    def preview(
        self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent
    ) -> TablePreview | PicturePreview | None:
        """What a person should see of their own data before they are used; None of other data.

        What is wrong with them stands in the preview; nothing is raised.
        """
        del settings, cache, progress
        return None

    def check(self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent) -> None:
        """Refuse data that cannot be used, as far as a short look tells, before there is a run; else :meth:`load` does.

        Args:
            progress: told how far it is; may raise to cancel.

        Raises:
            StudioError: says why and what to do.
        """
        del settings, cache, progress

    def prepare_own(self, settings: SourceSettings, picture: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """A person's own picture as the pictures of these data are: size, channels, ground, and what was done to them.

        Here the middle square, scaled, what is transparent over white.

        Args:
            picture: uint8 (H, W, 4): red, green, blue, opacity.
            shape: of one picture of the data, (C, h, w).

        Returns:
            uint8 (C, h, w): what a network sees of it.

        Raises:
            StudioError: there is nothing to see in it.
        """
        del settings
        return framed(picture, shape[1], shape[0])

    @abstractmethod
    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """Everything this source has, decoded (from ``cache`` when it was decoded before).

        Raises:
            StudioError: it cannot be had; says why and what to do.
        """


def as_float(inputs: Tensor) -> Tensor:
    """Pictures as float32 in [0, 1]; points and encoded rows unchanged."""
    return inputs.to(torch.float32).div_(255.0) if inputs.dtype == torch.uint8 else inputs


def own_name(path: Path | None, title: str) -> str:
    """What a person's own data are called: as their file or folder; ``title`` while none is chosen."""
    return (path.expanduser().absolute().name if path is not None else "") or title
