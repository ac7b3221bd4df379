"""Plain facts about networks, pairs and data, cheap enough to be asked while somebody chooses.

Networks are built without drawn weights (:class:`NoDraws`), so that nothing takes long and no run is disturbed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from studio import catalog
from studio.core import resources
from studio.core.data_kinds import Capabilities, DataKind, capabilities
from studio.data.base import DataSource, SourceSettings, silent
from studio.data.table_columns import TableColumn
from studio.data.table_encoding import encoded_width
from studio.data.table_examples import columns_of
from studio.methods.base import Cast
from studio.models.learners import Learner
from studio.networks.base import Input, Network, NetworkFamily, NetworkSummary
from studio.networks.measure import summarise
from studio.networks.no_draws import NoDraws
from studio.networks.pairing import pair_groups

if TYPE_CHECKING:
    from torch import Tensor

#: Pictures or points in a preview.
PICTURES, POINTS = 9, 160


@lru_cache(maxsize=512)
def network_info(key: str, shape: tuple[int, ...], classes: int) -> NetworkSummary:
    """Parameters, multiplications and tap shapes of a network for inputs of ``shape``, (C, H, W) or (D,).

    Raises:
        StudioError: there is no such network, or it cannot read such input.

    Of a learner that is no network nothing but its words is known before it is fitted.
    """
    family: NetworkFamily | Learner = catalog.find(("network", "learner"), key)
    if isinstance(family, Learner):
        return NetworkSummary(
            key, family.name(key), (), (), 0, classes, 0, 0, passes_gradients=False, words=family.words
        )
    return summarise(undrawn_network(key, shape, classes), family.name(key))


def undrawn_network(key: str, shape: tuple[int, ...], classes: int) -> Network:
    """A network for inputs of ``shape`` whose weights are not drawn, see :class:`NoDraws`.

    Raises:
        StudioError: there is no such network, or it cannot read such input.
    """
    family: NetworkFamily = catalog.find("network", key)
    channels = (0.0,) * shape[0]
    with NoDraws():
        body, anatomy = family.build(key, shape, classes)
        source = Input(shape, channels, tuple(1.0 for _ in channels))
        return Network(key, body, anatomy, source, tuple(str(number) for number in range(classes)))


def cast_of(
    teacher: str | None,
    student: str,
    shape: tuple[int, ...],
    classes: int,
    batch: int | None = None,
    other_classes: bool = False,
) -> Cast:
    """The facts about a pair, as methods want them to say whether they fit.

    Args:
        teacher: key of its network, None without one.
        student: key of its network.
        shape: of the inputs, (C, H, W) or (D,).
        classes: of the data.
        batch: pictures in a step, None while it is not known.
        other_classes: whether the teacher is known to name others than the data.

    Raises:
        StudioError: a network cannot read such input.
    """
    learns = network_info(student, shape, classes)
    if teacher is None:
        return Cast(learns, None, (), classes, batch)
    knows = network_info(teacher, shape, classes)
    return Cast(learns, knows, pair_groups(knows, learns), classes, batch, other_classes=other_classes)


@dataclass(frozen=True, eq=False)
class DataInfo:
    """What is known of a dataset; None where its files decide and were not read yet.

    ``samples``: uint8 (N, H, W) or (N, H, W, 3), or points (N, 2) or rows of a table (N, D) with their classes in
    ``labels``. ``shape``: of what a network reads. ``names``: of the classes, as far as they were read.
    ``columns``: of a table, all but the class, as far as they were read. ``largest_class``: how many of the examples to
    learn from are of the class that has the most.
    """

    kind: DataKind
    shape: tuple[int, ...] | None
    classes: int | None
    train: int | None
    test: int | None
    samples: np.ndarray | None = None
    labels: np.ndarray | None = None
    names: tuple[str, ...] = ()
    largest_class: int | None = None
    columns: tuple[TableColumn, ...] = ()

    @property
    def offers(self) -> Capabilities:
        """What can be done with such data."""
        return capabilities(self.kind)


def data_info(key: str, settings: SourceSettings, cache: Path) -> DataInfo:
    """Facts and a few samples; what is not on board or not decoded yet is not loaded for it.

    Raises:
        StudioError: there is no such dataset, or its files are broken.
    """
    source: DataSource = catalog.find("dataset", key)
    here = source.missing(settings, cache) is None
    if source.is_own and here:
        glanced = _glanced(key, settings, cache, source.stamp(settings))
        if glanced is not None:
            return glanced
    if source.is_drawn or (is_decoded(key, cache) and here):
        return _loaded(key, settings, cache, source.stamp(settings))
    known = (source.kind, source.shape, source.class_count, source.train_count, source.test_count)
    return DataInfo(*known, samples=_shipped(key, source.shape))


def is_decoded(key: str, cache: Path) -> bool:
    """Whether its pictures lie in the cache, ready to be used."""
    return any((cache / "decoded").glob(f"{key}-*/facts.json"))


@lru_cache(maxsize=16)
def _shipped(key: str, shape: tuple[int, ...] | None) -> np.ndarray | None:
    """Samples from the picture of this dataset among the resources, one below the other; None where there is none."""
    from PIL import Image  # 0.1 s, and wanted where somebody chooses data

    path = resources.folder("pictures") / f"data-{key}.png"
    if shape is None or not path.is_file():
        return None
    strip = np.asarray(Image.open(path))
    return strip.reshape(-1, shape[1], *strip.shape[1:])


@lru_cache(maxsize=16)
def _glanced(key: str, settings: SourceSettings, cache: Path, _stamp: object) -> DataInfo | None:
    """What a glance at a person's own files tells, until they change; None where it tells nothing."""
    source: DataSource = catalog.find("dataset", key)
    seen = source.glance(settings, cache)
    if seen is None:
        return None
    known = (source.kind, seen.shape, len(seen.classes), seen.train, seen.test)
    is_grey = source.offers.has_maps and seen.shape[0] == 1
    samples = seen.samples[..., 0] if seen.samples is not None and is_grey else seen.samples
    return DataInfo(*known, samples, seen.labels, seen.classes, seen.largest_class, seen.columns)


@lru_cache(maxsize=16)
def _loaded(key: str, settings: SourceSettings, cache: Path, _stamp: object) -> DataInfo:
    """Facts and samples of decoded data; a person's own are read again once they have changed."""
    source: DataSource = catalog.find("dataset", key)
    decoded = source.load(settings, cache, silent)
    rows = _first_of_each_class(decoded.train.labels, PICTURES if decoded.offers.has_maps else POINTS)
    inputs = decoded.train.inputs[rows]
    return DataInfo(
        decoded.kind,
        (encoded_width(columns_of(decoded)),) if decoded.offers.has_columns else tuple(inputs.shape[1:]),
        len(decoded.classes),
        len(decoded.train),
        len(decoded.test) if decoded.test is not None else None,
        _pictures(inputs) if decoded.offers.has_maps else inputs.numpy(),
        decoded.train.labels[rows].numpy(),
        decoded.classes,
        int(decoded.train.labels.bincount().max()),
        columns_of(decoded),
    )


def _first_of_each_class(labels: Tensor, count: int) -> Tensor:
    """Rows of the first examples of each class in turn, at most ``count``."""
    classes = [torch.nonzero(labels == label).flatten() for label in torch.unique(labels)]
    each = -(-count // max(1, len(classes)))
    rows = [int(rows[i]) for i in range(each) for rows in classes if i < len(rows)]
    return torch.tensor(rows[:count], dtype=torch.int64)


def _pictures(inputs: Tensor) -> np.ndarray:
    """(N, C, H, W) uint8 as (N, H, W) or (N, H, W, 3)."""
    last = inputs.permute(0, 2, 3, 1).contiguous().numpy()
    grey: np.ndarray = last[..., 0]
    return last if last.shape[-1] == 3 else grey
