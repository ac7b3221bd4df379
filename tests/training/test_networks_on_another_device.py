"""A member of every family of networks runs, is read at all its taps and learns with everything on another device."""

from __future__ import annotations

import pytest
import torch

from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.no_draws import NoDraws
from studio.networks.taps import TapPoint, TapReader
from tests.training.test_every_family import ON_DIGITS

ELSEWHERE = torch.device("meta")
DIGITS, COLOURED = Input((1, 8, 8), (0.5,), (0.3,)), Input((3, 64, 64), (0.5,) * 3, (0.3,) * 3)
TRIED = [*((key, DIGITS) for key in ON_DIGITS), ("maxout", COLOURED), ("svd-vgg-small", COLOURED)]


@pytest.mark.parametrize(("key", "source"), TRIED, ids=[key for key, _ in TRIED])
def test_no_network_asks_its_device_for_a_value(key: str, source: Input) -> None:
    with NoDraws():
        network = build_network(key, source, tuple("abc"), 0)
    network.to(ELSEWHERE, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    points = [
        TapPoint(tap.group, kind)
        for tap in network.anatomy.taps
        for kind in (("out", "pre") if tap.pre is not None else ("out",))
    ]
    optimiser = torch.optim.SGD(network.parameters(), 0.1, 0.9, foreach=True)
    with TapReader(network, points) as reader:
        outputs = reader.run(torch.rand(4, *source.shape, device=ELSEWHERE))
        read = [outputs.out(each.group) if each.kind == "out" else outputs.pre(each.group) for each in points]
        torch.stack([each.mean() for each in (outputs.logits, outputs.embedding, *read)]).sum().backward()
    optimiser.step()
    assert {each.device for each in (outputs.logits, outputs.embedding, *read)} == {ELSEWHERE}
    assert all(each.grad is not None for each in network.parameters())
