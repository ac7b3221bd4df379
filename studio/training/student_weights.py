"""Reads the weights that a student begins with, the studio's own or those that another program has saved."""

from __future__ import annotations

from pathlib import Path

from studio.core.errors import told_of
from studio.networks.base import Network
from studio.networks.files import load_network
from studio.networks.foreign.answers import start_classes
from studio.networks.foreign.fitting import network_of_weights
from studio.networks.foreign.recognise import is_foreign
from studio.networks.foreign.state_reader import read_weights


def start_network(file: Path, key: str, student: Network) -> Network:
    """The network in ``file``, on the CPU.

    Args:
        key: of the student before it is cut: weights of another program are those of this network.
        student: what is to begin so.

    Raises:
        StudioError: it cannot be read, or holds the weights of another network.
    """
    if not is_foreign(file):
        return load_network(file)
    with told_of("student.init"):
        weights = read_weights(file)
        classes = start_classes(weights, key, student.source.shape, student.classes, file)
        return network_of_weights(weights, key, student.source, classes, file)
