"""Networks on disk: one ``.safetensors`` file with all that is needed to rebuild the network, and no code.

Metadata (strings, lists as JSON): ``format``, ``key``, ``classes``, ``shape``, ``mean``, ``std``, and ``blocks`` where a
list of blocks describes the network, not its key. A file is checked against its own claims before anything of size is
allocated: it may come from a stranger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import lru_cache
from math import isfinite, prod
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from studio import catalog
from studio.core import limits
from studio.core.bounded_read import UnreadableFile
from studio.core.errors import DiskFull, NotWritten, StudioError, os_reason
from studio.core.files import is_full, write_whole
from studio.core.format import byte_size
from studio.core.safetensors_header import BadHeader, read_header, with_sorted_metadata
from studio.data.class_names import same_class
from studio.data.table_encoding import TableEncoding
from studio.models.files import MODEL_FORMAT_NAME, NETWORK_FORMAT_NAME
from studio.networks.base import Input, Network, NetworkFamily
from studio.networks.blocks import BadBlocks, blocks_from_json, blocks_to_json
from studio.networks.no_draws import NoDraws
from studio.networks.recast import undrawn_network

FORMAT = NETWORK_FORMAT_NAME + "1"
_MOST_CLASSES = 100_000
_LONGEST_KEY = 200
_MOST_INPUTS = 2**26


def save_network(network: Network, path: Path, extra: Mapping[str, str] | None = None) -> None:
    """Write ``network`` to ``path``, whole or not at all.

    Args:
        network: on any device; written as plain contiguous tensors.
        path: of the new file; an old one of that name is replaced.
        extra: further metadata, e.g. the run it comes from. Readers ignore what they do not know.

    Raises:
        NotWritten: no space was left (:class:`DiskFull`) or the file may not be written; an old file is intact.
    """
    metadata = {
        **(extra or {}),
        "format": FORMAT,
        "key": network.key,
        "classes": json.dumps(network.classes),
        "shape": json.dumps(network.source.shape),
        "mean": json.dumps([float(value) for value in network.source.mean]),
        "std": json.dumps([float(value) for value in network.source.std]),
    }
    if network.source.encoding:
        metadata["encoding"] = network.source.encoding
    if catalog.find("network", network.key).keeps_blocks:
        metadata["blocks"] = blocks_to_json(network.blocks)
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    write_whole(path, with_sorted_metadata(save(tensors, metadata)), _not_saved)


def load_network(path: Path) -> Network:
    """Rebuild the network in ``path`` on the CPU, bit-equal to the one that was saved. Runs no code of the file.

    Raises:
        StudioError: the file is missing, broken, foreign, too large, of an unknown network, or its tensors are not
            those of the network it names.
    """
    with _checked(path) as (network, file):
        # cloned: the file's own memory would change or vanish with the file
        tensors = {name: file.get_tensor(name).clone() for name in network.state_dict()}
    for name, tensor in tensors.items():
        if not bool(torch.isfinite(tensor).all()):
            raise _refused(path, "Its weights {name} are not all numbers.", name=name)
    network.load_state_dict(tensors, assign=True)
    return network


def read_outline(path: Path) -> Network:
    """The network in a file on torch's meta device: what it reads, its layers and classes, without its weights.

    Read once, until the file changes: it is asked again and again while somebody chooses. It is not to be changed.

    Raises:
        StudioError: as :func:`load_network`, but for what is wrong with values of weights.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise _refused(path, "{reason}.", reason=os_reason(error)) from error
    return _outline(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16)
def _outline(path: Path, _changed: int, _size: int) -> Network:
    with _checked(path) as (network, _):
        return network


@contextmanager
def _checked(path: Path) -> Iterator[tuple[Network, Any]]:
    """The network in a file without its weights, and the open file, whose tensors have its names and shapes."""
    _check_size(path)
    try:
        header = read_header(path)
        key, source, classes = _claims(path, header.metadata)
        network = _empty(path, key, source, classes, header.metadata.get("blocks", ""))
        _check_names(path, network, header.tensors)
        with safe_open(path, framework="pt", device="cpu") as file:
            _check_tensors(path, network, file)
            yield network, file
    except (SafetensorError, BadHeader) as error:
        raise _refused(path, "It is not a complete safetensors file.") from error
    except UnreadableFile as error:
        raise _refused(path, "{reason}", reason=error.why) from error
    except OSError as error:
        raise _refused(path, "{reason}.", reason=os_reason(error)) from error


def read_classes(path: Path) -> tuple[str, ...]:
    """The classes that the network in a file names, in its order; its tensors are not read.

    Raises:
        StudioError: as :func:`load_network`, where the description of the file is at fault.
    """
    _check_size(path)
    try:
        return _claims(path, read_header(path).metadata)[2]
    except (BadHeader, UnreadableFile) as error:
        raise _refused(path, "It is not a complete safetensors file.") from error
    except OSError as error:
        raise _refused(path, "{reason}.", reason=os_reason(error)) from error


def _not_saved(path: Path, _size: int, error: OSError) -> NotWritten:
    if is_full(error):
        return DiskFull(
            "The network could not be saved to {path}.",
            "The disk is full.",
            "Make room and try again; what was there before is intact.",
            offers=("resume",),
            path=path,
        )
    return NotWritten(
        "The network could not be saved to {path}.",
        "{reason}.",
        "Make that folder writable, or choose another.",
        offers=("resume",),
        path=path,
        reason=os_reason(error),
    )


def _check_size(path: Path) -> None:
    if not path.is_file():
        raise _refused(path, "There is no such file.")
    size = path.stat().st_size
    if size > limits.NETWORK_BYTES:
        most = byte_size(limits.NETWORK_BYTES)
        raise _refused(path, "It has {size}; at most {most} are read.", size=byte_size(size), most=most)


def _claims(path: Path, metadata: Mapping[str, str]) -> tuple[str, Input, tuple[str, ...]]:
    """Key, input and classes as the file states them, every one checked."""
    written = metadata.get("format", "")
    if written.startswith(MODEL_FORMAT_NAME):
        raise _refused(path, "It holds a model of another kind, which is no network.")
    if not written.startswith(NETWORK_FORMAT_NAME):
        raise _refused(path, "It holds tensors but does not say which network they are of.")
    if written != FORMAT:
        raise _refused(path, "It was written by a newer version of the studio.")
    try:
        key = metadata["key"]
        classes, shape, mean, std = (json.loads(metadata[name]) for name in ("classes", "shape", "mean", "std"))
    except (KeyError, ValueError, RecursionError) as error:
        raise _refused(path, "Its description is not complete.") from error
    if len(key) > _LONGEST_KEY:
        raise _refused(path, "It names no network.")
    if not _is_list(classes, str, 1, _MOST_CLASSES):
        raise _refused(path, "Its class names are not a list of words.")
    if not (_is_list(shape, int, 1, 3) and len(shape) != 2 and min(shape) > 0 and prod(shape) <= _MOST_INPUTS):
        raise _refused(path, "Its input size makes no sense.")
    per_channel = (_is_list(mean, float, shape[0], shape[0]), _is_list(std, float, shape[0], shape[0]))
    if not all(per_channel) or not all(map(isfinite, [*mean, *std])) or min(std) <= 0:
        raise _refused(path, "Its normalisation makes no sense.")
    encoding = metadata.get("encoding", "")
    if encoding and not _is_encoding(encoding, shape):
        raise _refused(path, "Its list of columns makes no sense.")
    return key, Input(tuple(shape), tuple(mean), tuple(std), encoding), _one_spelling(classes)


def _is_encoding(written: str, shape: Sequence[int]) -> bool:
    """Whether it says how columns become inputs of this shape."""
    try:
        return [TableEncoding.from_json(written).width] == list(shape)
    except (ValueError, RecursionError):
        return False


def _one_spelling(classes: Sequence[str]) -> tuple[str, ...]:
    """Names as data spell them, so that both can be compared; as they are where that would make two of them one."""
    spelt = tuple(map(same_class, classes))
    return spelt if len(set(spelt)) == len(classes) else tuple(classes)


def _is_list(value: Any, kind: type, least: int, most: int) -> bool:
    return isinstance(value, list) and least <= len(value) <= most and all(type(item) is kind for item in value)


def _empty(path: Path, key: str, source: Input, classes: tuple[str, ...], blocks: str) -> Network:
    """The network without memory for its tensors: whatever the file claims, nothing of size is made yet.

    Torch's global generator is neither read nor put back: another thread may be training with it meanwhile.
    """
    try:
        family: NetworkFamily = catalog.find("network", key)
        with NoDraws(), torch.device("meta"):
            if family.keeps_blocks:
                return undrawn_network(blocks_from_json(blocks), source, classes, key=key)
            body, anatomy = family.build(key, source.shape, len(classes))
            return Network(key, body, anatomy, source, classes)
    except StudioError as error:
        raise _refused(path, "{reason}", reason=str(error)) from error
    except BadBlocks as error:
        raise _refused(path, "Its list of blocks makes no network: {reason}.", reason=str(error)) from error


def _check_names(path: Path, network: Network, found: Set[str]) -> None:
    strange = found ^ network.state_dict().keys()
    if strange:
        name = min(strange)[:80]
        raise _refused(path, "Its tensors are not those of {key}: {name} differs.", key=network.key, name=name)


def _check_tensors(path: Path, network: Network, file: Any) -> None:
    expected: dict[str, Tensor] = network.state_dict()
    _check_names(path, network, set(file.keys()))
    for name, tensor in expected.items():
        found = file.get_slice(name)
        if tuple(found.get_shape()) != tuple(tensor.shape) or found.get_dtype() != _DTYPES[tensor.dtype]:
            raise _refused(path, "Its tensor {name} does not fit {key}.", key=network.key, name=name)


#: safetensors' own names of what networks are made of: weights and batch-norm counters.
_DTYPES = {torch.float32: "F32", torch.int64: "I64"}


def _refused(path: Path, why: str, **values: object) -> StudioError:
    remedy = "Choose a network file that the studio has written."
    return StudioError(
        "The network file {path} cannot be used.", why, remedy, place=str(path), offers=(), path=path, **values
    )
