"""Decoded data into and out of the cache."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from studio.core.data_kinds import DataKind
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.data.base import Decoded, Examples
from studio.data.cache import digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from studio.data.cache import CacheEntry


def load_decoded(entry: CacheEntry) -> Decoded | None:
    """What was kept under ``entry``, in memory or mapped from disk by its size; None if it must be decoded."""
    kept = entry.read()
    if kept is None:
        return None
    on_disk = kept.placement.kind == "disk"
    parts = {
        part: Examples(to_tensor(kept.arrays[f"{part}_inputs"]), to_tensor(kept.arrays[f"{part}_labels"]), on_disk)
        for part in ("train", "test")
        if f"{part}_inputs" in kept.arrays
    }
    facts = kept.facts
    return Decoded(
        kind=facts["kind"],
        classes=tuple(facts["classes"]),
        train=parts["train"],
        test=parts.get("test"),
        notes=tuple(Text(note["template"], note["values"]) for note in facts["notes"]),
        kept=facts.get("source", {}),
        storage=kept.placement.kind,
        storage_words=kept.placement.words,
        content=kept.digest,
    )


def save_decoded(entry: CacheEntry, decoded: Decoded) -> Decoded:
    """Write ``decoded`` to the cache. Where that cannot be, a note says so and the data are used from memory."""
    facts = facts_of(decoded.kind, decoded.classes, decoded.notes, decoded.kept)
    try:
        content = entry.write(arrays_of(decoded), facts)
    except StudioError as error:
        words = Text("The decoded data are not kept for next time: {why}", {"why": str(error)})
        return replace(decoded, notes=(*decoded.notes, words))
    return replace(decoded, content=content)


def content_of(decoded: Decoded) -> str:
    """sha256 of the examples; the same whether they come from the cache or not."""
    return decoded.content or digest_of(arrays_of(decoded))


def facts_of(
    kind: DataKind, classes: Sequence[str], notes: Sequence[Text], kept: Mapping[str, object]
) -> dict[str, Any]:
    """What :func:`load_decoded` needs beside the arrays ``train_inputs``, ``train_labels``, ``test_inputs``, ``test_labels``."""
    kept_notes = [{"template": note.template, "values": dict(note.values)} for note in notes]
    return {"kind": kind, "classes": list(classes), "notes": kept_notes, "source": dict(kept)}


def arrays_of(decoded: Decoded) -> dict[str, np.ndarray]:
    """The arrays of an entry; pictures as (N, H, W, C)."""
    arrays = {}
    for part, examples in (("train", decoded.train), ("test", decoded.test)):
        if examples is not None:
            arrays[f"{part}_inputs"] = to_array(examples.inputs)
            arrays[f"{part}_labels"] = to_array(examples.labels)
    return arrays


def to_array(rows: Tensor) -> np.ndarray:
    """Pictures (N, C, H, W) as (N, H, W, C), without a copy where they lie so; anything else as it is."""
    array: np.ndarray = (rows.permute(0, 2, 3, 1) if rows.dim() == 4 else rows).numpy()
    return array


def to_tensor(array: np.ndarray) -> Tensor:
    """The way back: pictures (N, H, W, C) as (N, C, H, W), channels last in memory."""
    rows = torch.from_numpy(array)
    return rows.permute(0, 3, 1, 2) if rows.dim() == 4 else rows
