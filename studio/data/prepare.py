"""From a key and settings to the Dataset of a run: loaded, split, thinned, measured."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch
from pydantic import ValidationError

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.data.base import Dataset, DataSource, Decoded, Examples, ProgressListener, SourceSettings, silent
from studio.data.copies import left_out_note, scan_without_copies, without_copies
from studio.data.decoded import content_of
from studio.data.empty_parts import nothing_to_choose_on, nothing_to_test_on
from studio.data.label_noise import with_wrong_labels
from studio.data.normalisation import mean_and_std
from studio.data.splits import Split, split
from studio.data.subsets import subset
from studio.data.table_encoding import LEAST_SPREAD
from studio.data.table_examples import columns_of, encoded_examples, table_parts
from studio.data.table_findings import rows_in_both

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

PART_IN_MEMORY = Text(
    "The part to train on is held in memory; the whole would not fit, and the rest is read from disk."
)


def prepare(
    key: str,
    settings: Mapping[str, Any],
    *,
    seed: int,
    fraction: float = 1.0,
    per_class: int | None = None,
    validation: float = 0.0,
    test: float = 0.2,
    test_seed: int = 0,
    label_noise: float = 0.0,
    copies: bool = True,
    cache: Path,
    progress: ProgressListener = silent,
) -> Dataset:
    """The dataset a run works on.

    Args:
        key: of a source in the catalogue.
        settings: the source's own settings.
        seed: decides which training examples are kept and which are for choosing.
        fraction: share of the training examples to train on.
        per_class: training examples of each class instead of a share.
        validation: share of the kept training examples set aside for choosing.
        test: share of all examples set aside for testing, where the source has no test part.
        test_seed: decides that share; the same for all runs unless told otherwise, because a teacher serves students
            of several seeds and must not have trained on what they are tested on.
        label_noise: share of the labels to train on that are made wrong; those for choosing and testing stay right.
        copies: learn also from examples that stand in the test part too.
        cache: folder for decoded data.
        progress: told what is being done.

    Raises:
        StudioError: the source is unknown, its settings are wrong, or its data cannot be had.
    """
    if per_class is not None and fraction != 1.0:
        raise StudioError("The data can be thinned by a share or by a number of each class, not by both at once.")
    source: DataSource = catalog.find("dataset", key)
    decoded = source.load(_typed(source, settings), cache, progress)
    parts = split(
        decoded.train.labels,
        seed=seed,
        test=test if decoded.test is None else None,
        test_seed=test_seed,
        fraction=fraction,
        per_class=per_class,
        validation=validation,
    )
    left_out = 0
    if not copies:
        parts, left_out = without_copies(parts, decoded.train, decoded.test)
        if decoded.scan is not None:
            decoded = replace(decoded, scan=replace(decoded.scan, scan=scan_without_copies(decoded.scan.scan)))
        decoded = replace(decoded, notes=(*decoded.notes, *left_out_note(left_out)))
    content = content_of(decoded)
    train = subset(decoded.train, parts.train, cache, content, progress, "train")
    if label_noise > 0:
        noisy = with_wrong_labels(decoded.train.labels, label_noise, len(decoded.classes))
        train = replace(train, labels=noisy[parts.train])
    chosen_on = None
    if parts.validation is not None:
        if len(parts.validation) == 0:
            raise nothing_to_choose_on(decoded.offers)
        chosen_on = subset(decoded.train, parts.validation, cache, content, progress, "validation")
    tested = decoded.test
    if tested is None:
        assert parts.test is not None
        if len(parts.test) == 0:
            raise nothing_to_test_on(decoded.offers)
        tested = subset(decoded.train, parts.test, cache, content, progress, "test")
    progress(Text("Measuring the training data"), None)
    fingerprint = _fingerprint(content, decoded, parts, label_noise)
    if decoded.offers.has_columns:
        return _encoded(decoded, parts, train, chosen_on, tested, fingerprint)
    mean, std = mean_and_std(train.inputs)
    return Dataset(
        kind=decoded.kind,
        classes=decoded.classes,
        train=train,
        validation=chosen_on,
        test=tested,
        mean=mean,
        std=std,
        fingerprint=fingerprint,
        storage="disk" if train.on_disk else "memory",
        storage_words=decoded.storage_words if train.on_disk == (decoded.storage == "disk") else PART_IN_MEMORY,
        notes=decoded.notes,
        scan=decoded.scan,
    )


def _encoded(
    decoded: Decoded, parts: Split, train: Examples, validation: Examples | None, test: Examples, fingerprint: str
) -> Dataset:
    """The parts of a table, each with its rows and what networks read of them."""
    learnt = decoded.train if parts.test is None else decoded.train.take(_others(parts.test, len(decoded.train)))
    table = table_parts(columns_of(decoded), decoded.classes, learnt, train, validation, test)
    encoding = table.encoding
    encoded = encoded_examples(encoding, table.train)
    mean, std = mean_and_std(encoded.inputs)
    return Dataset(
        kind=decoded.kind,
        classes=decoded.classes,
        train=encoded,
        validation=encoded_examples(encoding, table.validation) if table.validation is not None else None,
        test=encoded_examples(encoding, table.test),
        mean=mean,
        std=tuple(max(LEAST_SPREAD, each) for each in std),
        fingerprint=fingerprint,
        storage_words=Text("The rows fit in memory."),
        notes=(*decoded.notes, *rows_in_both(table.train, table.test)),
        table=table,
    )


def _others(rows: Tensor, count: int) -> Tensor:
    """The rows of ``count`` that are not among ``rows``, ascending."""
    others = torch.ones(count, dtype=torch.bool)
    others[rows] = False
    return others.nonzero().flatten()


def _typed(source: DataSource, settings: Mapping[str, Any]) -> SourceSettings:
    try:
        return source.Settings(**settings)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in ("dataset", *first["loc"]))
        raise StudioError(
            "The setting {name} of {title} cannot be used.",
            "{reason}.",
            place=place,
            name=place,
            title=source.title,
            reason=first["msg"],
        ) from error


def _fingerprint(content: str, decoded: Decoded, parts: Split, label_noise: float) -> str:
    """sha256 over the examples, the class names, the rows of every part and the share of wrong labels."""
    digest = hashlib.sha256(repr((content, decoded.kind, decoded.classes)).encode())
    if decoded.offers.has_columns:
        digest.update(repr(columns_of(decoded)).encode())
    if label_noise > 0:
        digest.update(repr(label_noise).encode())
    for rows in (parts.train, parts.validation, parts.test):
        digest.update(b"none" if rows is None else rows.numpy().tobytes())
        digest.update(b"|")
    return digest.hexdigest()
