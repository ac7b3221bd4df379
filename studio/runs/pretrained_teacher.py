"""A teacher with published weights: brought here once, and kept with the run as a network like others."""

from __future__ import annotations

from pathlib import Path

from studio.core.prefixed_key import PrefixedKey
from studio.data.base import ProgressListener
from studio.experiment import Experiment
from studio.networks.files import save_network
from studio.networks.zoo.published_weights import bring_weights, pretrained_network, published_weights
from studio.networks.zoo.staged_body import COLOURS


def bring_pretrained(experiment: Experiment, cache: Path, target: Path, progress: ProgressListener) -> Path:
    """The teacher as a network file at ``target``, its published weights downloaded where they are not here yet.

    Raises:
        StudioError: they cannot be had, or are not what was published.
        NotWritten: there is no room.
    """
    key, folder = experiment.teacher.key, PrefixedKey.parse(experiment.teacher.source).name
    file = bring_weights(key, cache, progress, Path(folder) if folder else None)
    save_network(pretrained_network(key, file, COLOURS), target)
    return target


def pretrained_digest(key: str) -> str:
    """What stands for the weights of a published teacher before they are here: their file, whose name holds its digest.

    Raises:
        StudioError: nothing is published of this network.
    """
    return f"pretrained {key} {published_weights(key).file}"
