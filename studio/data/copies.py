"""Examples that stand both among those to learn from and among those to test on, and how to do without them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from studio.core.errors import StudioError
from studio.core.format import thousands
from studio.core.message import Text
from studio.data.decoded import to_array

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from studio.core.picture_scan import PictureScan
    from studio.data.base import Examples
    from studio.data.splits import Split

#: Bytes that are looked at at once.
CHUNK = 64_000_000


def without_copies(parts: Split, train: Examples, test: Examples | None) -> tuple[Split, int]:
    """Leave out of what is learnt from, and of what is chosen on, whatever is equal, value by value, to a test example.

    The test part stays as it is: what runs with and without copies reach is measured on the same examples.

    Args:
        parts: rows of ``train``.
        test: the test part where the data have one of their own, else None.

    Returns:
        The parts, and how many examples were left out.

    Raises:
        StudioError: nothing is left to learn from.
    """
    tested = set(_sums(test, torch.arange(len(test))) if test is not None else _sums(train, _rows(parts.test)))
    learnt = _others(train, parts.train, tested)
    chosen = _others(train, parts.validation, tested) if parts.validation is not None else None
    if not len(learnt):
        raise StudioError(
            "Every example to learn from stands in the test part too.",
            "Without the copies there is nothing to learn from.",
            "Learn from the copies as well, or choose other data.",
            place="dataset.without_copies",
        )
    left_out = len(parts.train) - len(learnt)
    if chosen is not None and parts.validation is not None:
        left_out += len(parts.validation) - len(chosen)
    return replace(parts, train=learnt, validation=chosen), left_out


def left_out_note(count: int) -> tuple[Text, ...]:
    """What is to be said of so many examples that were left out."""
    if not count:
        return ()
    if count == 1:
        return (Text("One example to learn from is left out, because it stands in the test part too."),)
    return (
        Text(
            "{count} examples to learn from are left out, because they stand in the test part too.",
            {"count": thousands(count)},
        ),
    )


def scan_without_copies(scan: PictureScan) -> PictureScan:
    """What a scan found of which a person should still be warned: files of two classes, not those of two parts."""
    return replace(scan, duplicates=tuple(found for found in scan.duplicates if found.where == "classes"))


def _rows(rows: Tensor | None) -> Tensor:
    assert rows is not None, "a source without a test part has one set aside"
    return rows


def _others(examples: Examples, rows: Tensor, sums: set[bytes]) -> Tensor:
    """Those of ``rows`` whose inputs have none of these sums."""
    return rows[torch.tensor([each not in sums for each in _sums(examples, rows)], dtype=torch.bool)]


def _sums(examples: Examples, rows: Tensor) -> Iterator[bytes]:
    """Of each row a word of 16 bytes, equal where all values of two inputs are."""
    inputs = to_array(examples.inputs)
    step = max(1, CHUNK // max(1, inputs[:1].nbytes))
    for start in range(0, len(rows), step):
        chunk = inputs[rows[start : start + step].numpy()]
        if chunk.dtype.kind == "f":  # 0.0 and -0.0 are one number, and all NaN are one value
            chunk = np.where(np.isnan(chunk), np.nan, chunk + 0.0)
        for row in np.ascontiguousarray(chunk):
            yield hashlib.blake2b(row.tobytes(), digest_size=16).digest()
