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


@pytest.mark.parametrize(
    "layer", [nn.BatchNorm2d(4), nn.BatchNorm2d(4, affine=False), nn.ReLU(), nn.ReLU(inplace=True)]
)
def test_of_tensors_without_numbers_shapes_stay_as_well(layer: nn.Module) -> None:
    x = torch.ones((2, 4, 3, 5), device="meta")
    with NoProducts():
        undone = layer.to("meta").eval()(x)
    assert (undone.shape, undone.device) == (x.shape, x.device)


def test_channels_that_do_not_fit_are_refused_without_numbers_too() -> None:
    with NoProducts(), pytest.raises(RuntimeError):
        nn.BatchNorm2d(3, device="meta").eval()(torch.ones((2, 4, 3, 5), device="meta"))
