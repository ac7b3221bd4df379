"""Points in the plane, drawn afresh: moons, spirals and rings. What a network makes of them can be seen whole."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from studio import catalog
from studio.core.setting_field import setting
from studio.data.base import DataSource, Decoded, Examples, ProgressListener, SourceSettings
from studio.data.random import generator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from torch import Tensor

    #: Places along each class, (N,) in [0, 1], and the classes, (N,), to points (N, 2).
    Curve = Callable[[Tensor, Tensor], Tensor]

TEST_COUNT = 1000


class PointSettings(SourceSettings):
    """How many points, and how far they stray."""

    count: int = setting(
        500,
        ge=10,
        le=100_000,
        description="Points to train on",
        unit="points",
        step=50,
    )
    noise: float = setting(
        0.12,
        ge=0,
        le=1,
        description="How far points stray from the curve of their class; more makes the classes overlap",
        step=0.02,
    )
    points_seed: int = setting(
        0,
        ge=0,
        le=2**31 - 1,
        description="Another number draws other points",
        level="expert",
        label="Draw of the points",
    )


class Points(DataSource):
    """Points along one curve a class, with normal noise; 1,000 fresh ones to test on."""

    kind = "points"
    is_drawn = True
    shape = (2,)
    train_count = 500
    test_count = TEST_COUNT
    origin = "Drawn by the program."
    Settings = PointSettings

    def __init__(self, key: str, title: str, words: str, classes: tuple[str, ...], curve: Curve) -> None:
        self.key = key
        self.title = title
        self.words = words
        self.classes = classes
        self.class_count = len(classes)
        self._curve = curve

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """The points of these settings, the same each time."""
        del cache, progress
        assert isinstance(settings, PointSettings)
        train = self._draw(settings.count, settings, "train")
        return Decoded("points", self.classes, train, self._draw(TEST_COUNT, settings, "test"))

    def _draw(self, count: int, settings: PointSettings, part: str) -> Examples:
        draw = generator(self.key, settings.points_seed, part)
        labels = torch.arange(count) % len(self.classes)
        along = torch.rand(count, generator=draw)
        stray = settings.noise * torch.randn(count, 2, generator=draw)
        return Examples(self._curve(along, labels) + stray, labels)


def moons(along: Tensor, labels: Tensor) -> Tensor:
    """Two half circles of radius 1 that reach into each other."""
    angle = math.pi * along
    lower = labels == 1
    x = torch.where(lower, 1 - angle.cos(), angle.cos()) - 0.5
    y = torch.where(lower, 0.5 - angle.sin(), angle.sin()) - 0.25
    return torch.stack([x, y], dim=1)


def spirals(along: Tensor, labels: Tensor) -> Tensor:
    """Three arms, each a turn and a quarter, wound about the origin up to radius 1.5."""
    radius = 0.15 + 1.35 * along.sqrt()  # as many points outside as inside, by length of arm
    angle = 2.5 * math.pi * (radius - 0.15) / 1.35 + labels * (2 * math.pi / 3)
    return radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)


def rings(along: Tensor, labels: Tensor) -> Tensor:
    """Three circles about the origin, of radius 0.5, 1 and 1.5."""
    angle = 2 * math.pi * along
    radius = 0.5 * (labels + 1)
    return radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)


catalog.register(
    "dataset",
    Points(
        "moons",
        "Moons",
        "Two half moons of points that reach into each other.",
        ("upper moon", "lower moon"),
        moons,
    ),
)
catalog.register(
    "dataset",
    Points(
        "spirals",
        "Spirals",
        "Three spiral arms of points: a winding boundary that small networks struggle with.",
        ("first arm", "second arm", "third arm"),
        spirals,
    ),
)
catalog.register(
    "dataset",
    Points(
        "rings",
        "Rings",
        "Three rings of points, one inside the other.",
        ("inner ring", "middle ring", "outer ring"),
        rings,
    ),
)
