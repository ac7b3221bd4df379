"""Trained weights as their publisher offers them: brought here, checked, and made a network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.data.base import ProgressListener
from studio.data.download import digest_of_file, downloads, fetch
from studio.networks.base import Input, Network, NetworkFamily
from studio.networks.foreign.fitting import network_of_weights
from studio.networks.foreign.state_reader import read_weights


@dataclass(frozen=True)
class PublishedWeights:
    """What a publisher says of the weights of one network.

    Attributes:
        file: its name.
        addresses: where it can be had, tried in turn.
        digest: the beginning of its SHA-256 in hexadecimal digits; empty where the publisher gives none.
        classes: in the order of its answers.
        size: height and width of the pictures it learnt from.
        mean, std: what it takes off them and divides them by, per colour, of values in [0, 1].
        megabytes: of the file; 0 where they are not known.
    """

    file: str
    addresses: tuple[str, ...]
    digest: str
    classes: tuple[str, ...]
    size: tuple[int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    megabytes: float = 0.0

    def input_for(self, channels: int) -> Input:
        """What the network reads of pictures with so many channels; a grey one is as bright as the mean of its colours."""
        if channels == len(self.mean):
            return Input((channels, *self.size), self.mean, self.std)
        mean, std = (sum(values) / len(values) for values in (self.mean, self.std))
        return Input((channels, *self.size), (mean,) * channels, (std,) * channels)


def published_weights(key: str) -> PublishedWeights:
    """What is published of a network.

    Raises:
        StudioError: nothing is.
    """
    family: NetworkFamily = catalog.find("network", key)
    found = family.published(key)
    if found is None:
        raise StudioError(
            "Nobody publishes trained weights of {network}.",
            "",
            "Choose a network of torchvision or timm, train it first, or choose a file.",
            place="teacher.source",
            network=family.name(key),
        )
    return found


def bring_weights(key: str, cache: Path, progress: ProgressListener, folder: Path | None = None) -> Path:
    """The file with the published weights of a network, downloaded where it is not here yet.

    Args:
        cache: of the workspace; downloads are kept there.
        folder: where the file lies already; nothing is downloaded then.

    Raises:
        StudioError: it cannot be had, or is not what was published; what to do by hand is told.
        NotWritten: there is no room for it.
    """
    weights = published_weights(key)
    title = str(catalog.find("network", key).name(key))
    here = [torch_hub_file(weights.file)] if folder is None else [folder / weights.file, folder]
    found = next((file for file in here if file.is_file()), None)
    if found is not None and _is_published(found, weights):
        return found
    if folder is not None:
        raise _not_in_folder(weights, folder, title, damaged=found is not None)
    target = downloads(cache) / "weights" / weights.file
    try:
        file = fetch(weights.addresses, target, weights.digest, title, progress)
    except StudioError as error:
        raise _by_hand(error, weights, target) from error
    if not weights.digest:
        progress(Text("{title}: its publisher gives no checksum, so it was not checked", {"title": title}), None)
    return file


def pretrained_network(key: str, file: Path, channels: int) -> Network:
    """The network with its published weights, on the CPU.

    Args:
        file: as :func:`bring_weights` gives it.
        channels: of the data it is to read, 1 or 3.

    Raises:
        StudioError: the file does not hold the weights of this network.
    """
    weights = published_weights(key)
    return network_of_weights(read_weights(file), key, weights.input_for(channels), weights.classes, file)


def torch_hub_file(name: str) -> Path:
    """Where torch itself keeps weights of that name once it has downloaded them."""
    return Path(torch.hub.get_dir()) / "checkpoints" / name


def _is_published(file: Path, weights: PublishedWeights) -> bool:
    return not weights.digest or digest_of_file(file, weights.digest).startswith(weights.digest)


def _not_in_folder(weights: PublishedWeights, folder: Path, title: str, *, damaged: bool) -> StudioError:
    return StudioError(
        "The trained weights of {title} are not in {folder}.",
        "The file {file} there is not what was published: its checksum differs."
        if damaged
        else "There is no file {file}.",
        "Fetch it from {address} and put it there under that name, or leave the folder empty to have it downloaded.",
        place="teacher.source",
        title=title,
        folder=folder,
        file=weights.file,
        address=weights.addresses[0],
    )


def _by_hand(error: StudioError, weights: PublishedWeights, target: Path) -> StudioError:
    """A download that failed, with what a person can do instead."""
    if not weights.addresses or error.exit_code != StudioError.exit_code:
        return error
    return StudioError(
        "{failed}",
        error.why,
        "Try again, or fetch {address} elsewhere and put it into {folder} as {file}.",
        place="teacher.source",
        offers=error.offers,
        failed=error.what,
        address=weights.addresses[0],
        folder=target.parent,
        file=target.name,
    )
