"""What is known of a file of weights without their values: asked again and again while somebody chooses."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from studio.networks.foreign.state_reader import ForeignWeights, read_weights


def outline_of(path: Path) -> ForeignWeights:
    """Names, shapes and classes of the weights in ``path``, on torch's meta device; read once, until the file changes.

    Raises:
        StudioError: as :func:`studio.networks.foreign.state_reader.read_weights`.
    """
    try:
        stat = path.stat()
    except OSError:
        return read_weights(path)  # which says why not
    return _outline(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16)
def _outline(path: Path, _changed: int, _size: int) -> ForeignWeights:
    weights = read_weights(path)
    return ForeignWeights({name: tensor.to("meta") for name, tensor in weights.tensors.items()}, weights.classes)
