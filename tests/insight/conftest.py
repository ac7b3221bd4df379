"""Small data and networks to look at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from studio.data.base import Dataset, Examples
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.measure import summarise
from studio.networks.pairing import pair_groups

CLASSES = ("nought", "one", "two", "three")


def _pictures(count: int, draw: torch.Generator, size: int) -> Examples:
    inputs = torch.randint(0, 256, (count, 3, size, size), generator=draw, dtype=torch.uint8)
    return Examples(inputs, torch.arange(count) % len(CLASSES))


@pytest.fixture
def pictures() -> Dataset:
    """Noise in colour, 8 x 8, four classes; 160 to train on, 40 to test on."""
    draw = torch.Generator().manual_seed(1)
    mean, std = (0.5, 0.5, 0.5), (0.3, 0.3, 0.3)
    return Dataset("pictures", CLASSES, _pictures(160, draw, 8), None, _pictures(40, draw, 8), mean, std, "noise")


@pytest.fixture
def points() -> Dataset:
    """Two clouds in the plane, the second to the right of the first."""
    draw = torch.Generator().manual_seed(2)

    def clouds(count: int) -> Examples:
        labels = torch.arange(count) % 2
        inputs = torch.randn(count, 2, generator=draw) * 0.3
        inputs[:, 0] += 2.0 * labels
        return Examples(inputs, labels)

    return Dataset("points", ("left", "right"), clouds(60), None, clouds(30), (0.5, 0.0), (1.0, 1.0), "clouds")


Build = Callable[..., Network]


@pytest.fixture
def build() -> Build:
    """Makes a network of the catalogue for a dataset."""

    def make(key: str, dataset: Dataset, seed: int = 0, classes: tuple[str, ...] | None = None) -> Network:
        source = Input(dataset.shape, dataset.mean, dataset.std)
        return build_network(key, source, classes or dataset.classes, seed)

    return make


@pytest.fixture
def pair() -> Callable[[Network, Network], tuple[tuple[str, str], ...]]:
    """Which groups of (teacher, student) speak to each other."""

    def match(teacher: Network, student: Network) -> tuple[tuple[str, str], ...]:
        return pair_groups(summarise(teacher, "teacher"), summarise(student, "student"))

    return match
