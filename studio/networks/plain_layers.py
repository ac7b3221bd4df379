"""Layers of networks without batch norm: convolutions with a ReLU or maxout, and those with other weights at every place."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import unfold


class Largest(nn.Module):
    """Of every ``pieces`` channels in a row the largest: (B, pieces · C, ...) to (B, C, ...).

    Source: Goodfellow et al., "Maxout networks", ICML 2013.
    """

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.pieces = pieces

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = x.unflatten(1, (-1, self.pieces))
        return found.amax(2)


class PlainConv(nn.Module):
    """Convolution with bias, then a ReLU, or the largest of ``pieces`` convolutions: (B, C, H, W) to (B, C', H', W')."""

    def __init__(self, below: int, width: int, kernel: int, stride: int, padding: int, pieces: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(below, pieces * width, kernel, stride, padding)
        if pieces > 1:
            self.maxout = Largest(pieces)
        else:
            self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = self.conv(x)
        for activation in list(self.children())[1:]:
            found = activation(found)
        return found


class LocallyConnected(nn.Module):
    """As a convolution with bias, but every place has weights of its own: (B, C, H, W) to (B, C', H', W').

    Args:
        below, width: channels coming in and going out.
        kernel, padding: of the window that every place sees.
        places: H' · W'; the map may have no other size.
    """

    def __init__(self, below: int, width: int, kernel: int, padding: int, places: int) -> None:
        super().__init__()
        self.kernel = kernel
        self.padding = padding
        seen = below * kernel * kernel
        # a row for every number that comes out; He's start with the fan on the input side, as each is a unit of its own
        self.weight = nn.Parameter(torch.randn(places * width, seen) * (2 / seen) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(places, width))

    def forward(self, x: Tensor) -> Tensor:
        height, width = (side + 2 * self.padding - self.kernel + 1 for side in x.shape[2:])
        windows = unfold(x, self.kernel, padding=self.padding)  # (B, C k k, places)
        weight = self.weight.unflatten(0, self.bias.shape)
        found: Tensor = torch.einsum("bsp,pws->bwp", windows, weight) + self.bias.t()
        return found.reshape(*found.shape[:2], height, width)


class LocalBlock(nn.Module):
    """A locally connected layer, then a ReLU."""

    def __init__(self, below: int, width: int, kernel: int, padding: int, places: int) -> None:
        super().__init__()
        self.local = LocallyConnected(below, width, kernel, padding, places)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        activated: Tensor = self.relu(self.local(x))
        return activated


class MaxoutLinear(nn.Module):
    """Of ``pieces`` linear layers the largest: (B, D) to (B, D')."""

    def __init__(self, below: int, width: int, pieces: int) -> None:
        super().__init__()
        self.linear = nn.Linear(below, pieces * width)
        self.maxout = Largest(pieces)

    def forward(self, x: Tensor) -> Tensor:
        largest: Tensor = self.maxout(self.linear(x))
        return largest


class ClassifierByPlace(nn.Module):
    """A classifier at every place of the map, then the mean of its answers: (B, C, H, W) to (B, K).

    What it answers is also its answer to the mean over the places, which is thus the embedding.
    """

    def __init__(self, below: int, classes: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(below, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        answers: Tensor = self.conv(x)
        return answers.mean((2, 3))
