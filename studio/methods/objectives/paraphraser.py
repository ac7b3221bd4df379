"""The auto-encoder that puts a teacher's features in other words, how it learns, and the student's translator.

Source: Kim et al., "Paraphrasing complex network: network compression via factor transfer", NeurIPS 2018, and their code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from torch import Tensor, nn
from torch.nn.functional import interpolate

from studio.methods.base import Batch, Objective, TapRef, Term, Who
from studio.methods.objectives.comparison import Side

#: Slope of the leaky ReLU below zero, as in the authors' code.
LEAK = 0.1
#: Weight of the factors' mean magnitude while a sparse paraphraser is trained; a choice of ours, small beside the error.
SPARSITY = 0.1


class Paraphraser(nn.Module):
    """A convolutional auto-encoder of feature maps; what its encoder makes of them is the factor.

    Three 3x3 convolutions m → m → f → f and three transposed ones f → f → m → m, leaky ReLU 0.1 behind each.

    Args:
        channels: m, the teacher's.
        factors: f, channels of the factor.
        narrow: the factor has half the height and width as well.
    """

    def __init__(self, channels: int, factors: int, *, narrow: bool = False) -> None:
        super().__init__()
        m, f = channels, factors
        self.encoder = nn.Sequential(
            *_convolutions(m, m), *_convolutions(m, f, 2 if narrow else 1), *_convolutions(f, f)
        )
        steps = ((f, f), (f, m), (m, m))
        layers = [(_he(nn.ConvTranspose2d(a, b, 3, padding=1)), nn.LeakyReLU(LEAK)) for a, b in steps]
        self.decoder = nn.Sequential(*(layer for pair in layers for layer in pair))

    def forward(self, features: Tensor) -> Tensor:
        """The factor (B, f, h, w) of features (B, m, H, W)."""
        factor: Tensor = self.encoder(features)
        return factor

    def rebuilt(self, factor: Tensor, features: Tensor) -> Tensor:
        """The features (B, m, H, W) as the factor tells them."""
        size = features.shape[2:]
        rebuilt: Tensor = self.decoder(factor if factor.shape[2:] == size else interpolate(factor, size))
        return rebuilt


def translator(channels: int, factors: int) -> nn.Sequential:
    """Three 3x3 convolutions c → c → f → f with leaky ReLU 0.1: the student's features to the teacher's factor."""
    c, f = channels, factors
    return nn.Sequential(*_convolutions(c, c), *_convolutions(c, f), *_convolutions(f, f))


def _convolutions(below: int, above: int, stride: int = 1) -> tuple[nn.Module, nn.Module]:
    return _he(nn.Conv2d(below, above, 3, stride, padding=1)), nn.LeakyReLU(LEAK)


def _he(layer: nn.Conv2d | nn.ConvTranspose2d) -> nn.Module:
    """Keeps the size of what passes; a transposed convolution of stride 1 reads its kernel the other way round."""
    mode: Literal["fan_in", "fan_out"] = "fan_out" if isinstance(layer, nn.ConvTranspose2d) else "fan_in"
    nn.init.kaiming_normal_(layer.weight, a=LEAK, mode=mode)
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
    return layer


class Reconstruction(Objective):
    """Trains the paraphraser to rebuild the teacher's last features; the student takes no part.

    No :class:`Comparison`: there is only one network.

    Args:
        paraphraser: by the group's name in the student.
        group: the teacher's.
        sparse: keep the factor small as well.
    """

    def __init__(self, paraphraser: Mapping[str, nn.Module], group: str, *, sparse: bool = False) -> None:
        super().__init__()
        self.group = group
        self.sparse = sparse
        self.teacher_side = Side(paraphraser)

    def taps(self) -> tuple[TapRef, ...]:
        return (TapRef("teacher", self.group, "out"),)

    @property
    def needs_logits(self) -> bool:
        return False

    @property
    def passes(self) -> frozenset[Who]:
        return frozenset({"teacher"})

    def forward(self, batch: Batch) -> dict[str, Term]:
        features = batch.teacher.out(self.group)
        (paraphraser,) = self.teacher_side.places.values()
        assert isinstance(paraphraser, Paraphraser)
        factor = paraphraser(features)
        terms = {"reconstruction": Term((paraphraser.rebuilt(factor, features) - features).abs().mean(), 1.0)}
        if self.sparse:
            terms["sparsity"] = Term(factor.abs().mean(), SPARSITY)
        return terms
