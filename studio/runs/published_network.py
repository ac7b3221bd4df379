"""A network with published weights, to teach or to begin with: brought here once, and kept with the run like others."""

from __future__ import annotations

from pathlib import Path

from studio.data.base import ProgressListener
from studio.networks.files import save_network
from studio.networks.zoo.published_weights import bring_weights, pretrained_network, published_weights
from studio.networks.zoo.staged_body import COLOURS


def bring_pretrained(key: str, folder: str, cache: Path, target: Path, progress: ProgressListener) -> Path:
    """The network ``key`` as a network file at ``target``, its published weights downloaded where they are not here yet.

    Args:
        folder: that holds them already; empty to have them downloaded.

    Raises:
        StudioError: they cannot be had, or are not what was published.
        NotWritten: there is no room.
    """
    file = bring_weights(key, cache, progress, Path(folder) if folder else None)
    save_network(pretrained_network(key, file, COLOURS), target)
    return target


def pretrained_digest(key: str) -> str:
    """What stands for published weights before they are here: their file, whose name holds its digest.

    Raises:
        StudioError: nothing is published of this network.
    """
    return f"pretrained {key} {published_weights(key).file}"
