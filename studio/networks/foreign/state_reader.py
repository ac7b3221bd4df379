"""Reads the weights in a file of somebody else's: safetensors, or what ``torch.save`` wrote, in any of the usual wrappers."""

from __future__ import annotations

import argparse
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from studio.core import limits
from studio.core.bounded_read import UnreadableFile, open_regular
from studio.core.errors import StudioError, os_reason
from studio.core.format import byte_size

#: Under what checkpoints keep the weights: averages over the training first, for those are what was measured.
_WRAPPERS = (
    *("state_dict_ema", "model_ema", "ema_state_dict", "params_ema", "ema"),
    *("state_dict", "model_state_dict", "model_state", "model", "net", "network", "student", "params", "weights"),
)
#: What wrappers put before every name.
_PREFIXES = ("module.", "model.", "net.", "network.", "_orig_mod.", "body.")
#: Beside ``params``, where a code keeps the statistics of batch norms apart.
_BESIDE = "stats"
#: Under what checkpoints name their classes.
_CLASSES = ("classes", "class_names", "categories", "class_to_idx")
_MOST_WRAPPED = 4
_MOST_CLASSES = 100_000
_SUFFIXES = (".safetensors",)


@dataclass(frozen=True)
class ForeignWeights:
    """The tensors of a file by name, wrappers and their prefixes taken off.

    Attributes:
        classes: their names in the order of the logits, where the file says; else empty.
    """

    tensors: Mapping[str, Tensor]
    classes: tuple[str, ...] = ()


def read_weights(path: Path) -> ForeignWeights:
    """The weights in ``path``. Nothing in it is executed: what is no tensor, number, text or table of those is refused.

    Raises:
        StudioError: it is missing, too large, broken, would run code, or holds no weights.
    """
    try:
        open_regular(path).close()
        size = path.stat().st_size
    except UnreadableFile as error:
        raise weights_refused(path, "{reason}", reason=error.why) from error
    if size > limits.NETWORK_BYTES:
        most = byte_size(limits.NETWORK_BYTES)
        raise weights_refused(path, "It has {size}; at most {most} are read.", size=byte_size(size), most=most)
    content = _read(path)
    if isinstance(content, Mapping):
        found = _weights_in(content)
        if found:
            return ForeignWeights(_plain(found), _classes_in(content))
    raise weights_refused(path, "It holds no weights by name.")


def _read(path: Path) -> Any:
    """What stands in the file."""
    try:
        if path.suffix.lower() in _SUFFIXES:
            return load_file(path)
        # options of the command line are kept by many codes; their class does nothing
        with torch.serialization.safe_globals([argparse.Namespace]):
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise weights_refused(
            path, "It holds more than weights, and reading that would run code which came with it."
        ) from error
    except OSError as error:
        raise weights_refused(path, "{reason}.", reason=os_reason(error)) from error
    except (SafetensorError, RuntimeError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise weights_refused(path, "It is damaged, or something else than weights.") from error


def _weights_in(content: Mapping[Any, Any], depth: int = 0) -> dict[str, Tensor]:
    """The table of tensors by name, here or in a wrapper; empty where there is none."""
    if depth < _MOST_WRAPPED:
        for name in _WRAPPERS:
            inner = content.get(name)
            if isinstance(inner, Mapping) and (found := _weights_in(inner, depth + 1)):
                beside = content.get(_BESIDE)
                return {**found, **(_weights_in(beside, _MOST_WRAPPED) if isinstance(beside, Mapping) else {})}
    return {name: value.detach() for name, value in content.items() if isinstance(name, str) and _is_weight(value)}


def _is_weight(value: Any) -> bool:
    return isinstance(value, Tensor) and not value.is_sparse and not value.is_quantized


def _plain(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Without what wrappers put before names, and without their own counters."""
    kept = {name: value for name, value in tensors.items() if name != "n_averaged"}
    while True:
        student = {name.removeprefix("student."): value for name, value in kept.items() if name.startswith("student.")}
        if student:  # a code that saves both networks of a training
            kept = student
            continue
        own = {name: value for name, value in kept.items() if not name.startswith("input.")}
        prefix = next((each for each in _PREFIXES if own and all(name.startswith(each) for name in own)), None)
        if prefix is None:
            return kept
        kept = {name.removeprefix(prefix): value for name, value in own.items()}


def _classes_in(content: Mapping[Any, Any]) -> tuple[str, ...]:
    """The names of the classes, where a checkpoint says them."""
    for name in _CLASSES:
        value = content.get(name)
        if isinstance(value, Mapping) and all(isinstance(index, int) for index in value.values()):
            value = sorted(value, key=value.__getitem__)
        if isinstance(value, list | tuple) and 0 < len(value) <= _MOST_CLASSES:
            names = tuple(map(str, value))
            if len(set(names)) == len(names):
                return names
    return ()


def weights_refused(path: Path, why: str, **values: Any) -> StudioError:
    """Why the weights in a file cannot be used."""
    return StudioError(
        "The weights in {path} cannot be used.",
        why,
        "Choose a safetensors file, or a state_dict saved alone: torch.save(model.state_dict(), ...).",
        place="teacher.source",
        path=path,
        **values,
    )
