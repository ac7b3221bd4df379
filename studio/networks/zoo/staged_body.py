"""The body of a network of another library, and how its stages become parts and taps."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor, nn

from studio.core.errors import StudioError
from studio.networks.base import Anatomy, InputTransform, Network, Point, Tap
from studio.networks.zoo.twice_differentiable import TwiceDifferentiable, make_twice_differentiable

#: Every module name of a model has this before it.
_INSIDE = "net"
#: Channels the published models read.
COLOURS = 3


class StagedBody(nn.Module):
    """A model of another library that maps (B, 3, H, W) to logits (B, K). A grey picture is given to it as three alike."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        make_twice_differentiable(model)
        self.net = model

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[1] == 1:
            x = x.expand(-1, COLOURS, -1, -1)
        # who asks for the slope by the input may ask for the slope of that
        with TwiceDifferentiable() if x.requires_grad else nullcontext():
            logits: Tensor = self.net(x)
        return logits


def can_read_grey(network: Network, shape: tuple[int, ...]) -> bool:
    """Whether a network of another library was made for colours and data of ``shape`` are grey: it can read them."""
    colourful = isinstance(network.body, StagedBody) and network.source.shape[0] == COLOURS
    return colourful and shape[:1] == (1,)


def read_grey(network: Network, shape: tuple[int, ...]) -> None:
    """Have a network of another library read grey pictures where it was made for colours; others stay as they are.

    Args:
        network: its input transform is changed in place: it takes off, and divides by, the mean of its colours'.
        shape: of the data.
    """
    source = network.source
    if not can_read_grey(network, shape):
        return
    mean, std = (sum(values) / COLOURS for values in (source.mean, source.std))
    network.source = replace(source, shape=(1, *source.shape[1:]), mean=(mean,), std=(std,))
    network.input = InputTransform((mean,), (std,), network.input.size).to(network.input.mean.device)


@dataclass(frozen=True)
class ZooStage:
    """A stretch of a model that ends where networks are compared. All names are module names of the model.

    Attributes:
        modules: prefixes of what belongs to it.
        out: its output; None where nothing is read there, as of a head.
        pre: the pre-ReLU point; None where no ReLU ends it.
        norm: the batch norm that makes ``pre``.
    """

    modules: tuple[str, ...]
    out: Point | None = None
    pre: Point | None = None
    norm: str | None = None


def anatomy_of_stages(stages: Sequence[ZooStage], head: str, *, stem: bool = True) -> Anatomy:
    """Stages as parts and taps: ``stem`` (where there is one), ``group1`` ..., ``head``.

    Args:
        stages: in forward order; the last is what follows all taps.
        head: the module whose output is the logits.
        stem: whether the first stage is a stem, and not a group.
    """
    names = ["stem"] if stem else []
    names += [f"group{number}" for number in range(1, len(stages) - len(names))]
    parts = {name: tuple(map(inside, stage.modules)) for name, stage in zip([*names, "head"], stages, strict=True)}
    taps = [
        Tap(
            name,
            _moved(stage.out),
            _moved(stage.pre) if stage.pre else None,
            inside(stage.norm) if stage.norm else None,
        )
        for name, stage in zip(names, stages, strict=False)
        if stage.out is not None
    ]
    return Anatomy(parts, tuple(taps), inside(head))


def readable_shape(
    shape: tuple[int, ...], title: str, smallest: int, multiple: int = 1, *, square: bool = False
) -> tuple[int, int]:
    """Height and width of pictures that a model can read.

    Args:
        shape: of one input, without the batch.
        title: the network's written name, for the refusal.
        smallest: least height and width in pixels.
        multiple: what height and width must be divisible by.
        square: whether they must be equal.

    Raises:
        StudioError: they are no pictures, have other channels than one or three, or another size than it can read.
    """
    values: dict[str, Any] = {"network": title, "smallest": smallest, "multiple": multiple}
    if len(shape) != 3:
        raise _refused("It looks at pictures, and these are points or rows of numbers.", values)
    channels, height, width = shape
    values |= {"height": height, "width": width, "channels": channels}
    if channels not in (1, COLOURS):
        raise _refused("It reads grey or colour pictures; these have {channels} channels.", values)
    if min(height, width) < smallest:
        raise _refused(
            "It needs pictures of at least {smallest} × {smallest} pixels; these have {height} × {width}.", values
        )
    if square and height != width:
        raise _refused("It reads square pictures; these have {height} × {width}.", values)
    if height % multiple or width % multiple:
        raise _refused(
            "It cuts pictures into pieces: their sides must be multiples of {multiple} pixels; these have {height} × {width}.",
            values,
        )
    return height, width


def _refused(why: str, values: dict[str, Any]) -> StudioError:
    return StudioError(
        "{network} cannot read these data.",
        why,
        "Choose a network for small pictures, such as resnet-20, or other pictures.",
        place="network",
        **values,
    )


def inside(name: str) -> str:
    """What a module or tensor of a model is called in the body around it."""
    return f"{_INSIDE}.{name}"


def _moved(point: Point) -> Point:
    return replace(point, module=inside(point.module))
