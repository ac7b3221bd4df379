"""Grad-CAM: its closed form behind a linear head, whose answer is asked for, and that asking leaves no trace."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from studio.data.base import Dataset, as_float
from studio.insight.grad_cam import grad_cam, grad_cam_maps
from studio.networks.base import Network
from studio.networks.taps import TapPoint, TapReader
from tests.insight.test_snapshot_taker import same, scrambled, traces

Build = Callable[..., Network]
LAST = TapPoint("group3", "out")


def _class_activation_map(network: Network, inputs: Tensor, classes: Tensor) -> Tensor:
    """Σ_k w_k A^k of the last group before the pooling, by the weights of the classifier; (B, h, w)."""
    with torch.no_grad(), TapReader(network, (LAST,)) as reader:
        feature = reader.run(inputs).out("group3")
    head = network.body.get_submodule(network.anatomy.head)
    assert isinstance(head, nn.Linear)
    return torch.einsum("bk,bkhw->bhw", head.weight[classes].detach(), feature)


@pytest.mark.parametrize("asked", [None, torch.tensor([3, 0, 1, 2, 2])])
def test_behind_pooling_and_a_linear_head_it_is_the_class_activation_map(
    pictures: Dataset, build: Build, asked: Tensor | None
) -> None:
    network, inputs = build("resnet-8", pictures).eval(), as_float(pictures.test.inputs[:5])
    logits, maps = grad_cam_maps(network, inputs, (LAST,), asked)
    cam = _class_activation_map(network, inputs, logits.argmax(1) if asked is None else asked)
    places = cam.shape[1] * cam.shape[2]
    assert maps[LAST].max() > 0
    torch.testing.assert_close(maps[LAST], cam.relu() / places)
    torch.testing.assert_close(logits, network(inputs).detach())


def test_channels_against_the_class_are_taken_off_and_nothing_is_below_zero() -> None:
    feature = torch.tensor([[[[3.0, 1.0]], [[0.0, 4.0]]]])
    gradient = torch.tensor([[[[2.0, 0.0]], [[-1.0, -1.0]]]])
    assert grad_cam(feature, gradient).tolist() == [[[3.0, 0.0]]]


def test_samples_do_not_see_each_other(pictures: Dataset, build: Build) -> None:
    network, inputs = scrambled(build("resnet-8", pictures)), as_float(pictures.test.inputs[:4])
    _, together = grad_cam_maps(network, inputs, (TapPoint("group1", "out"),))
    _, alone = grad_cam_maps(network, inputs[2:3], (TapPoint("group1", "out"),))
    torch.testing.assert_close(together[TapPoint("group1", "out")][2:3], alone[TapPoint("group1", "out")])


def test_any_tap_can_be_asked_and_vectors_have_no_map(pictures: Dataset, build: Build) -> None:
    network, inputs = build("resnet-8", pictures), as_float(pictures.test.inputs[:2])
    blocks = tuple(TapPoint(block.name, "block") for block in network.blocks)
    points = (TapPoint("group2", "pre"), TapPoint("group2", "first"), *blocks)
    _, maps = grad_cam_maps(network, inputs, points)
    assert TapPoint("head", "block") not in maps
    assert {point.kind for point in maps} == {"pre", "first", "block"}
    assert all(values.shape[0] == 2 and values.dim() == 3 for values in maps.values())


def test_a_frozen_network_has_maps_too(pictures: Dataset, build: Build) -> None:
    network, inputs = build("resnet-8", pictures), as_float(pictures.test.inputs[:2])
    _, free = grad_cam_maps(network, inputs, (LAST,))
    with torch.no_grad():
        _, frozen = grad_cam_maps(network.requires_grad_(False), inputs, (LAST,))
    assert torch.equal(free[LAST], frozen[LAST])


def test_asking_leaves_no_trace(pictures: Dataset, build: Build) -> None:
    network, inputs = scrambled(build("resnet-8", pictures)), as_float(pictures.test.inputs[:3])
    before = traces(network)
    grad_cam_maps(network, inputs, (LAST, TapPoint("group1", "pre")))
    assert same(before, traces(network))
    assert inputs.grad is None
    assert not inputs.requires_grad


def test_a_network_without_gradients_is_refused(
    pictures: Dataset, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Network, "passes_gradients", False)
    with pytest.raises(ValueError, match="passes no gradients"):
        grad_cam_maps(build("resnet-8", pictures), as_float(pictures.test.inputs[:1]), (LAST,))
