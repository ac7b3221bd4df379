"""Runs networks without leaving a trace: modes, statistics, parameters and random numbers stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import prod

import torch
from torch import Tensor, nn

from studio.data.base import as_float
from studio.networks.base import Network, TapKind
from studio.networks.taps import NetworkOutputs, TapPoint, TapReader

#: Values at taps held at a time, 16 MB in float32; and the bounds of a chunk in examples.
VALUES_HELD = 2**22
LEAST, MOST = 8, 1024


@contextmanager
def undisturbed(device: torch.device, *modules: nn.Module) -> Iterator[None]:
    """Within the block the modules are in eval mode, without gradient and in full precision; then as they were."""
    modes = [(part, part.training) for module in modules for part in module.modules()]
    try:
        for module in modules:
            module.eval()
        with torch.no_grad(), _full_precision(device):
            yield
    finally:
        for part, training in modes:
            part.training = training


def _full_precision(device: torch.device) -> AbstractContextManager[object]:
    """Without 16-bit passes, on a device that has any."""
    has_any = torch.amp.is_autocast_available(device.type)
    return torch.autocast(device.type, enabled=False) if has_any else nullcontext()


class ProbeReader:
    """Reads the ends of a network's groups on any number of examples, in passes that fit in memory. Use undisturbed.

    Args:
        groups: both points of each are read, where it has them.
        example: one input, (1, C, H, W) uint8 or (1, D) float32, on the network's device.

    Attributes:
        shapes: of one example at every point: (C, h, w) or (D,).
        device: where the network is.
    """

    def __init__(self, network: Network, groups: tuple[str, ...], example: Tensor) -> None:
        taps = [network.anatomy.tap(group) for group in groups]
        self.device = example.device
        self._network = network
        self._points = tuple(
            TapPoint(tap.group, kind) for tap in taps for kind in _KINDS if kind == "out" or tap.pre is not None
        )
        self._chunk = LEAST
        (_, outputs), *_ = self.run_in_chunks(example)
        self.shapes = {point: tuple(_values_at(outputs, point).shape[1:]) for point in self._points}
        self._chunk = min(max(VALUES_HELD // max(1, self.values), LEAST), MOST)

    @property
    def values(self) -> int:
        """Numbers at all points together for one example."""
        return sum(prod(shape) for shape in self.shapes.values())

    def run_in_chunks(self, inputs: Tensor) -> Iterator[tuple[slice, NetworkOutputs]]:
        """One pass over ``inputs`` in chunks of at least 8: the rows of each chunk, and what the network gave."""
        with TapReader(self._network, self._points) as reader:
            for start in range(0, len(inputs), self._chunk):
                rows = slice(start, min(start + self._chunk, len(inputs)))
                yield rows, reader.run(prepared(inputs[rows]))


_KINDS: tuple[TapKind, ...] = ("out", "pre")


def _values_at(outputs: NetworkOutputs, point: TapPoint) -> Tensor:
    return outputs.out(point.group) if point.kind == "out" else outputs.pre(point.group)


def prepared(inputs: Tensor) -> Tensor:
    """Examples as networks take them: floats, pictures in channels_last."""
    values = as_float(inputs)
    return values.contiguous(memory_format=torch.channels_last) if values.dim() == 4 else values
