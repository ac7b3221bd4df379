"""Facts about a built network: shapes at its taps, parameters, multiplications, latency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from math import prod
from statistics import median
from time import perf_counter

import torch
from torch import Tensor, nn

from studio.networks.base import BlockSummary, Network, NetworkSummary, TapShape
from studio.networks.batch_statistics import batch_norms
from studio.networks.body import Body
from studio.networks.no_products import NoProducts
from studio.networks.plain_layers import LocallyConnected
from studio.networks.taps import TapPoint, TapReader
from studio.networks.whole_body_macs import multiplications

#: Latency is the median of passes until both are used up: enough to be steady, short enough not to be noticed.
_PASSES, _SECONDS, _WARM_UP = 50, 1.0, 3


def summarise(network: Network, title: str) -> NetworkSummary:
    """Facts found by one dry run on zeros; the network's modes and statistics stay as they are.

    Args:
        network: on any device.
        title: its written name.
    """
    anatomy = network.anatomy
    macs: Counter[str] = Counter()
    given: dict[str, tuple[int, ...]] = {}
    normalised: list[int] = []
    handles = [module.register_forward_hook(hook) for module, hook in _hooks(network, macs, given, normalised)]
    try:
        points = [TapPoint(tap.group, "out") for tap in anatomy.taps]
        # shapes, and how many weights there are, are all that is asked
        with _at_rest(network), TapReader(network, points) as reader, NoProducts():
            outputs = reader.run(_zeros(network))
    finally:
        for handle in handles:
            handle.remove()
    shapes = []
    for tap in anatomy.taps:
        channels, height, width = (*outputs.out(tap.group).shape[1:], 1, 1)[:3]
        known = (tap.pre is not None, tap.norm is not None, tap.first is not None)
        shapes.append(TapShape(tap.group, channels, height, width, *known))
    return NetworkSummary(
        key=network.key,
        title=title,
        parts=tuple(anatomy.parts),
        taps=tuple(shapes),
        embedding=outputs.embedding.shape[1],
        classes=outputs.logits.shape[1],
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        macs=_macs(network, macs),
        blocks=_block_summaries(network, macs, given),
        passes_gradients=network.passes_gradients,
        normalised=min(normalised, default=0),
    )


def latency_ms(network: Network) -> float:
    """Milliseconds for one input, batch of one: the median of repeated passes on the network's own device."""
    return latencies_in_turn((network,))[0]


def latencies_in_turn(networks: Sequence[Network]) -> tuple[float, ...]:
    """Milliseconds for one input of each: the medians of passes taken in turn, so that a busy moment meets all of them."""
    inputs = [_zeros(network) for network in networks]
    times: list[list[float]] = [[] for _ in networks]
    with ExitStack() as rest:
        for network in networks:
            rest.enter_context(_at_rest(network))
        for network, x in zip(networks, inputs, strict=True):
            for _ in range(_WARM_UP):
                network(x)
        started, seconds = perf_counter(), _SECONDS * len(networks)
        while len(times[-1]) < _PASSES and (not times[-1] or perf_counter() - started < seconds):
            for network, x, taken in zip(networks, inputs, times, strict=True):
                wait_for(x.device)
                begun = perf_counter()
                network(x)
                wait_for(x.device)
                taken.append(perf_counter() - begun)
    return tuple(1000 * median(taken) for taken in times)


def _hooks(
    network: Network, macs: Counter[str], given: dict[str, tuple[int, ...]], normalised: list[int]
) -> Iterator[tuple[nn.Module, Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]]]:
    """What fills ``macs`` (multiplications by layer), ``given`` (the shape behind each block by its last module) and
    ``normalised`` (of each batch normalisation the values of one channel).
    """
    ends = [names[-1] for names in network.body.calls] if isinstance(network.body, Body) else []

    def counter(name: str, weights: int) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def count(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
            # one output number takes as many multiplications as its unit has weights
            macs[name] += output.numel() * weights

        return count

    def keeper(name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def keep(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
            given[name] = tuple(output.shape[1:])

        return keep

    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear | LocallyConnected):
            yield module, counter(name, prod(module.weight.shape[1:]))

    def count_values(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
        normalised.append(prod(output.shape[2:]))

    for norm in batch_norms(network):
        yield norm, count_values
    for name in ends:
        yield network.body.get_submodule(name), keeper(name)


def _macs(network: Network, by_layer: Counter[str]) -> int:
    if isinstance(network.body, Body):
        return by_layer.total()
    with _at_rest(network):
        return multiplications(lambda: network(_zeros(network)))


def _block_summaries(
    network: Network, macs: Counter[str], given: dict[str, tuple[int, ...]]
) -> tuple[BlockSummary, ...]:
    if not isinstance(network.body, Body):
        return ()
    parameters: Counter[int] = Counter()
    for name, parameter in network.named_parameters():
        parameters[network.block_of(name)] += parameter.numel()
    multiplied: Counter[int] = Counter()
    for name, count in macs.items():
        multiplied[network.block_of(name)] += count
    found = []
    for index, (block, names) in enumerate(zip(network.blocks, network.body.calls, strict=True)):
        channels, height, width = (*given[names[-1]], 1, 1)[:3]
        found.append(BlockSummary(block, channels, height, width, parameters[index], multiplied[index]))
    return tuple(found)


def _zeros(network: Network) -> Tensor:
    return torch.zeros(1, *network.source.shape, device=network.input.mean.device)


@contextmanager
def _at_rest(network: Network) -> Iterator[None]:
    """In eval mode and without gradient; afterwards every module is in the mode it was in."""
    modes = [(module, module.training) for module in network.modules()]
    network.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, training in modes:
            module.training = training


def wait_for(device: torch.device) -> None:
    """Let the device finish what it was given: only then a clock tells how long it took."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
