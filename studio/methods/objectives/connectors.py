"""Small trainable modules that make the student's features comparable with the teacher's. They leave with the method."""

from __future__ import annotations

from typing import TypeVar

from torch import Tensor, nn

from studio.networks.base import TapShape


class VectorLinear(nn.Linear):
    """A linear layer on vectors (B, C), or on maps that are down to a single place (B, C, 1, 1): they stay maps."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - the name it has above
        made = super().forward(input.flatten(1))
        return made if input.dim() == 2 else made[:, :, None, None]


def boundary_connector(student: TapShape, teacher: TapShape) -> nn.Module:
    """:func:`normed_connector`; nothing where the widths are equal.

    Source: the code of Heo et al., AAAI 2019.
    """
    return nn.Identity() if student.channels == teacher.channels else normed_connector(student, teacher)


def normed_connector(student: TapShape, teacher: TapShape) -> nn.Module:
    """1x1 convolution without bias, its weights from N(0, 2 / C_out), and batch norm.

    The weights' scale cancels in the batch norm, but decides how far a step turns them: from the larger weights that
    the student's width would give (N(0, 2 / C_in)) three points fewer of the neurons agree after 20 epochs.

    Between vectors it is one linear layer with bias: batch norm of vectors would fail on a batch of one. No code has
    it; with nothing behind it that puts the scale right, its weights are from N(0, 2 / C_in).

    Source: the codes of Heo et al., AAAI 2019 and ICCV 2019: deviation √(2 / (k k C_out)) for kernels of k x k.
    """
    if student.height * student.width == 1:
        return _he(VectorLinear(student.channels, teacher.channels))
    convolution = nn.Conv2d(student.channels, teacher.channels, 1, bias=False)
    nn.init.kaiming_normal_(convolution.weight, mode="fan_out", nonlinearity="relu")
    return nn.Sequential(convolution, nn.BatchNorm2d(teacher.channels))


def width_connector(student: TapShape, teacher: TapShape) -> nn.Module:
    """1x1 convolution, He-initialised, on maps of any size; nothing where the widths are equal."""
    if student.channels == teacher.channels:
        return nn.Identity()
    return _he(nn.Conv2d(student.channels, teacher.channels, 1))


def hint_regressor(student: TapShape, teacher: TapShape) -> nn.Module:
    """A convolution whose kernel brings the student's map to the teacher's size, without padding or stride.

    1x1 where sizes are equal. Along an axis where the student's map of n pixels is larger than the teacher's of m, the
    kernel is n − m + 1; where any axis is smaller, the transposed convolution goes the other way. Between vectors it is
    a linear layer.

    Raises:
        ValueError: the map is larger along one axis and smaller along the other.

    Source: Romero et al., "FitNets: hints for thin deep nets", ICLR 2015, section 2.2.
    """
    if student.height * student.width == 1 == teacher.height * teacher.width:
        return _he(VectorLinear(student.channels, teacher.channels))
    down = (student.height - teacher.height, student.width - teacher.width)
    if min(down) >= 0:
        kernel = (down[0] + 1, down[1] + 1)
        return _he(nn.Conv2d(student.channels, teacher.channels, kernel))
    if max(down) <= 0:
        kernel = (1 - down[0], 1 - down[1])
        return _he(nn.ConvTranspose2d(student.channels, teacher.channels, kernel))
    raise ValueError(f"no convolution makes {student.height}x{student.width} of {teacher.height}x{teacher.width}")


_Layer = TypeVar("_Layer", nn.Linear, nn.Conv2d, nn.ConvTranspose2d)


def _he(module: _Layer) -> _Layer:
    nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    if module.bias is not None:
        nn.init.zeros_(module.bias)
    return module
