"""Layers that multiply nothing give what they would have given, but for the numbers."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from studio.networks.no_products import NoProducts


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Conv2d(3, 8, 3, stride=2, padding=1), (2, 3, 9, 8)),
        (nn.Conv2d(4, 8, (3, 1), dilation=2, groups=2, bias=False), (1, 4, 8, 8)),
        (nn.Conv2d(4, 8, 3, padding="same"), (1, 4, 7, 7)),
        (nn.Linear(5, 7), (2, 3, 5)),
    ],
)
def test_shapes_stay(layer: nn.Module, shape: tuple[int, ...]) -> None:
    x = torch.ones(shape)
    with NoProducts():
        undone = layer(x)
    assert undone.shape == layer(x).shape


@pytest.mark.parametrize(
    ("layer", "shape"),
    [(nn.Conv2d(3, 8, 3), (1, 4, 8, 8)), (nn.Conv2d(3, 8, 3), (1, 3, 2, 2)), (nn.Linear(5, 7), (1, 4))],
)
def test_what_does_not_fit_is_refused_all_the_same(layer: nn.Module, shape: tuple[int, ...]) -> None:
    with NoProducts(), pytest.raises(RuntimeError):
        layer(torch.ones(shape))
