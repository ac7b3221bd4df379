"""Models on disk: one ``.safetensors`` file, whatever kind of model it holds, with all that is needed to rebuild it and no code.

Metadata (strings) of all but networks: ``format``, ``kind`` (a key of the catalogue), ``classes`` and ``description`` as
JSON; the arrays of the model are the tensors of the file. Networks have a format of their own, older than the others, see
:mod:`studio.networks.files`. A file may come from a stranger: a kind checks what it is given before it believes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from studio import catalog
from studio.core import limits
from studio.core.arrays import Arrays
from studio.core.bounded_read import UnreadableFile, parse_json
from studio.core.errors import StudioError, os_reason
from studio.core.files import write_whole
from studio.core.format import byte_size
from studio.core.safetensors_header import BadHeader, read_header, with_sorted_metadata
from studio.core.score import Score
from studio.models.base import Model, ModelKind

NETWORK_FORMAT_NAME, MODEL_FORMAT_NAME = "distillation-studio-network/", "distillation-studio-model/"
FORMAT = MODEL_FORMAT_NAME + "1"
#: The kind whose files have the format of networks.
NETWORK = "network"
_MOST_CLASSES = 100_000


@dataclass(frozen=True)
class StoredModel:
    """What a file holds of a model that is no network.

    Attributes:
        kind: the key of its kind in the catalogue.
        classes: their names, in the order of its answers.
        arrays: numbers and truth values by name.
        description: plain JSON values besides them.
    """

    kind: str
    classes: tuple[str, ...]
    arrays: Arrays
    description: Mapping[str, Any] = field(default_factory=dict)


def write_model(file: Path, model: StoredModel) -> None:
    """Write a model, whole or not at all; equal ones make equal files.

    Raises:
        NotWritten: it cannot be written; an old file is intact.
    """
    metadata = {
        "format": FORMAT,
        "kind": model.kind,
        "classes": json.dumps(model.classes, ensure_ascii=False),
        "description": json.dumps(dict(model.description), sort_keys=True, ensure_ascii=False, allow_nan=False),
    }
    tensors = {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in model.arrays.items()}
    write_whole(file, with_sorted_metadata(save(tensors, metadata)))


def read_model(file: Path, kind: str) -> StoredModel:
    """What ``file`` holds of a model of ``kind``.

    Raises:
        StudioError: it is missing, broken, too large, or of another kind.
    """
    metadata = _metadata(file)
    if metadata.get("format") != FORMAT or metadata.get("kind") != kind:
        raise refused(file, "It holds a model of another kind, or was written by a newer version of the studio.")
    try:
        classes, description = parse_json(metadata["classes"]), parse_json(metadata["description"])
        with safe_open(file, framework="np") as stored:
            arrays = {name: np.array(stored.get_tensor(name)) for name in stored.keys()}  # noqa: SIM118 - no mapping
    except (SafetensorError, KeyError, ValueError, TypeError, RecursionError, AttributeError) as error:
        raise refused(file, "It is not a complete model file.") from error
    except OSError as error:
        raise refused(file, "{reason}.", reason=os_reason(error)) from error
    named = isinstance(classes, list) and 0 < len(classes) <= _MOST_CLASSES
    if not named or not all(isinstance(name, str) for name in classes) or not isinstance(description, dict):
        raise refused(file, "Its description is not complete.")
    return StoredModel(kind, tuple(classes), arrays, description)


def load_model(file: Path, scores: Mapping[str, Score] | None = None) -> Model:
    """The model in ``file``, whatever kind it is. Runs no code of the file.

    Args:
        scores: what is known of it, by name.

    Raises:
        StudioError: see :meth:`studio.models.base.ModelKind.read`.
    """
    try:
        kind: ModelKind = catalog.find("model", kind_of(file))
    except StudioError as error:
        raise refused(file, "{reason}", reason=str(error)) from error
    return kind.read(file, scores or {})


def kind_of(file: Path) -> str:
    """The key of the kind of model in ``file``, as it says itself; where it says none, networks: their reader says why."""
    try:
        metadata = _metadata(file)
    except StudioError:
        return NETWORK
    return metadata.get("kind", "") if metadata.get("format", "").startswith(MODEL_FORMAT_NAME) else NETWORK


def refused(file: Path, why: str, **values: object) -> StudioError:
    """Why the model in ``file`` cannot be used."""
    remedy = "Choose a file that the studio has written."
    what = "The model file {path} cannot be used."
    return StudioError(what, why, remedy, place=str(file), offers=(), path=file, **values)


def _metadata(file: Path) -> Mapping[str, str]:
    try:
        size = file.stat().st_size
        if size > limits.NETWORK_BYTES:
            most = byte_size(limits.NETWORK_BYTES)
            raise refused(file, "It has {size}; at most {most} are read.", size=byte_size(size), most=most)
        return read_header(file).metadata
    except UnreadableFile as error:
        raise refused(file, "{reason}", reason=error.why) from error
    except BadHeader as error:
        raise refused(file, "It is not a complete model file.") from error
    except OSError as error:
        raise refused(file, "{reason}.", reason=os_reason(error)) from error
